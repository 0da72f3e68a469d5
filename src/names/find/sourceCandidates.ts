import type { Candidate, CandidateUse } from './candidate';
import { type Language, sourceTokens, type Token } from './sourceTokens';

/** A longer text is no name. */
const MAX_LENGTH = 512;
/** Parts that are looked at for one text: constants may be made of constants, or of themselves. */
const MAX_STEPS = 200;
/** Literals and names that are joined with `+`. */
const MAX_PARTS = 32;

const UID: ReadonlySet<string> = new Set(['uid', 'setUid', 'set_uid', 'forUid', 'withUid', 'operatorUid']);
const UID_HASH: ReadonlySet<string> = new Set(['setUidHash', 'set_uid_hash', 'uidHash', 'uid_hash', 'forUidHash']);

type Part = { text: string } | { name: string };

/**
 * Every text in a source file that may be a uid: each literal, and each sum of literals and of the file's constants. That most
 * of them are none does no harm, as a uid is known by its hash; so functions of the job's own that set uids need no
 * special knowledge.
 */
export function sourceCandidates(source: string, language: Language): Candidate[] {
  const tokens = [...sourceTokens(source, language)];
  const constants = constantsIn(tokens);
  const found: Candidate[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (!startsSum(tokens, i)) continue;
    const { parts, end } = sumAt(tokens, i);
    const use = useOf(tokens, i);
    const isMeant = use !== 'text';
    // A name alone is told of where its constant stands, unless it is given as a uid.
    if (isMeant || parts.some((part) => 'text' in part)) {
      const text = join(parts, constants, { left: MAX_STEPS });
      if (text !== null && text !== '' && text.length <= MAX_LENGTH) found.push({ text, use, at: tokens[i].at });
    }
    i = Math.max(i, end - 1);
  }
  return found;
}

/** A literal or a name, behind which no name goes on: of `a.b.C` the whole. */
function startsSum(tokens: readonly Token[], i: number): boolean {
  const token = tokens[i];
  if (token.kind === 'text') return token.value !== null;
  return token.kind === 'name' && !isMark(tokens[i - 1], '.');
}

/** Literals and (dotted) names joined with `+` from `i` on; ends where anything else stands. */
function sumAt(tokens: readonly Token[], i: number): { parts: Part[]; end: number } {
  const parts: Part[] = [];
  let at = i;
  while (parts.length < MAX_PARTS) {
    const operand = operandAt(tokens, at);
    if (operand === null) return { parts: [], end: Math.max(at, i + 1) };
    parts.push(operand.part);
    at = operand.end;
    if (!isMark(tokens[at], '+')) break;
    at++;
  }
  return { parts, end: at };
}

function operandAt(tokens: readonly Token[], at: number): { part: Part; end: number } | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === 'text') return token.value === null ? null : { part: { text: token.value }, end: at + 1 };
  if (token.kind !== 'name') return null;
  let end = at + 1;
  let name = token.text;
  for (let next = tokens[end + 1]; isMark(tokens[end], '.') && next?.kind === 'name'; next = tokens[end + 1]) {
    name = next.text;
    end += 2;
  }
  // A call, whose value nobody knows here.
  return isMark(tokens[end], '(') ? null : { part: { name }, end };
}

/** What the text at `i` is given to: `uid(…)`, `uid = …`, `uid: …`. */
function useOf(tokens: readonly Token[], i: number): CandidateUse {
  const mark = tokens[i - 1];
  const name = tokens[i - 2];
  if (name?.kind !== 'name' || mark?.kind !== 'mark' || !['(', '=', ':'].includes(mark.text)) return 'text';
  if (UID.has(name.text)) return 'uid';
  return UID_HASH.has(name.text) ? 'uidHash' : 'text';
}

/** `NAME = sum`, with a type or without, in any of the languages; a name that is given two values has none. */
function constantsIn(tokens: readonly Token[]): Map<string, Part[] | null> {
  const constants = new Map<string, Part[] | null>();
  for (let i = 1; i < tokens.length - 1; i++) {
    if (!isMark(tokens[i], '=') || isMark(tokens[i + 1], '=')) continue;
    const name = nameBefore(tokens, i);
    if (name === null) continue;
    const { parts } = sumAt(tokens, i + 1);
    const known = constants.get(name);
    const isOther = known !== undefined && JSON.stringify(known) !== JSON.stringify(parts);
    constants.set(name, parts.length === 0 || isOther ? null : parts);
  }
  return constants;
}

/** `NAME =` and `NAME: Type =`. */
function nameBefore(tokens: readonly Token[], i: number): string | null {
  const before = tokens[i - 1];
  if (before?.kind !== 'name') return null;
  const typed = tokens[i - 3];
  return isMark(tokens[i - 2], ':') && typed?.kind === 'name' ? typed.text : before.text;
}

function join(
  parts: readonly Part[],
  constants: ReadonlyMap<string, Part[] | null>,
  steps: { left: number },
): string | null {
  if (parts.length === 0) return null;
  let text = '';
  for (const part of parts) {
    if (steps.left-- <= 0) return null;
    const piece = 'text' in part ? part.text : join(constants.get(part.name) ?? [], constants, steps);
    if (piece === null || text.length > MAX_LENGTH) return null;
    text += piece;
  }
  return text;
}

const isMark = (token: Token | undefined, text: string): boolean => token?.kind === 'mark' && token.text === text;
