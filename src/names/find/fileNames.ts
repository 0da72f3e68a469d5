import { isOperatorId, operatorIdOfUid } from '../../engine/metadata/operatorId';
import type { Candidate, CandidateUse, FoundName } from './candidate';
import { looksLikePlan, planCandidates } from './compiledPlan';
import { withDerivedUids } from './derivedUids';
import { sourceCandidates } from './sourceCandidates';
import { languageOf } from './sourceTokens';

/** What stands first is told where several places have the same uid. */
const RANK: Record<CandidateUse, number> = { uid: 0, uidHash: 1, plan: 2, text: 3 };
/** Names of one file; one with more is data, not a source. */
const MAX_NAMES = 50_000;

/** What one file says about ids. */
export type FileNames = ReadonlyMap<string, FoundName>;

/** All ids that a file's texts give, each with the best of its places. */
export function namesInFile(path: string, text: string): FileNames {
  const lines = new Lines(text);
  const names = new Map<string, FoundName>();
  for (const candidate of withDerivedUids(candidatesIn(path, text))) {
    const { id, uid, use } = named(candidate);
    const known = names.get(id);
    if (known !== undefined && RANK[known.use] <= RANK[use]) continue;
    if (known === undefined && names.size >= MAX_NAMES) break;
    names.set(id, { id, uid, use, path, ...lines.place(candidate.at) });
  }
  return names;
}

/** The better of two places of one id: what is meant as a uid, else the first by path and line. */
export function betterName(a: FoundName, b: FoundName): FoundName {
  const order = RANK[a.use] - RANK[b.use] || compare(a.path, b.path) || a.line - b.line;
  return order <= 0 ? a : b;
}

function candidatesIn(path: string, text: string): Candidate[] {
  const language = languageOf(path);
  if (language !== null) return sourceCandidates(text, language);
  return looksLikePlan(text) ? planCandidates(text) : [];
}

/** A text of 32 hex digits is an id, whatever it is given to; any other is a uid. */
function named({ text, use }: Candidate): { id: string; uid: string | null; use: CandidateUse } {
  const id = text.toLowerCase();
  if (use !== 'uid' && isOperatorId(id)) return { id, uid: null, use };
  return { id: operatorIdOfUid(text), uid: text, use: use === 'uidHash' ? 'text' : use };
}

/** Lines and columns of places that come in any order. */
class Lines {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.starts.push(i + 1);
  }

  place(at: number): { line: number; column: number } {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - this.starts[low] + 1 };
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
