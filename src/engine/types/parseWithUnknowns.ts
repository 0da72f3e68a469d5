import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { ReadSnapshot } from './serializerSnapshot';
import { type PayloadGuess, UnknownSerializer } from './unknownSerializer';

/** Longest payload of an unknown snapshot that is tried, beside "all the rest". */
const MAX_PAYLOAD = 16384;
/** Bytes that all attempts of one search may parse together. */
const MAX_PARSED_BYTES = 24 * 1024 * 1024;
/** What an attempt costs at least: with `MAX_PARSED_BYTES`, one search makes so many attempts that it takes well under a second. */
const ATTEMPT_COST = 1536;
/** What each serializer that is known, and stepped over, costs an attempt. */
const KNOWN_COST = 192;

/** What is left of the work that one search, and the searches inside it, may do. */
export class SearchBudget {
  private left = MAX_PARSED_BYTES;

  /** False once the budget is used up. */
  spend(bytes: number): boolean {
    this.left -= Math.max(ATTEMPT_COST, bytes);
    return this.left > 0;
  }
}

/** What the attempts of one search share. */
export class Search {
  /** Work that the attempt at hand was spared, because it stepped over what is known, in bytes. */
  spared = 0;
  /**
   * What was read of `bytes` without a guess, by the index where it begins: every attempt reads the same there, so that it
   * only parses what lies behind the unknown payload whose length it tries.
   */
  readonly certain = new Map<number, ReadSnapshot>();

  constructor(
    readonly bytes: Uint8Array | null,
    readonly budget: SearchBudget,
  ) {}

  /** Notes that so many bytes were not parsed again. */
  spare(bytes: number): void {
    this.spared += bytes - KNOWN_COST;
  }
}

/** The search that made a list of guesses. */
const searches = new WeakMap<readonly PayloadGuess[], Search>();

/** The search that a parse with these guesses is an attempt of. */
export function searchOf(guesses: readonly PayloadGuess[]): Search {
  return searches.get(guesses) ?? new Search(null, new SearchBudget());
}

interface Step {
  readonly className: string;
  readonly guess: PayloadGuess;
}

/**
 * Parses something that holds serializer snapshots of unknown classes, whose payloads have no length on disk.
 *
 * `parse` is a function of the cursor and of a list of guesses: what to suppose of the payloads of the unknown snapshots, in
 * the order in which it meets them. It throws `UnknownSerializer` when the list is too short, and any other `EngineError`
 * when what it reads is not valid; so it must check as much as it can, above all that it ends where it should. The first list
 * with which it succeeds is right but for accidents, because class names, magic numbers and counts follow nearly every
 * payload. For each unknown snapshot are tried: what proved right for the same class before; no payload (a
 * `SimpleTypeSerializerSnapshot`); the composite form, if it starts like one; all the rest; then 1, 2, 3 … bytes.
 *
 * Throws what the first attempt threw if no list succeeds within the budget. The cursor then stands where it stood.
 */
export function parseWithUnknowns<T>(
  cursor: Cursor,
  parse: (cursor: Cursor, guesses: readonly PayloadGuess[]) => T,
  budget = new SearchBudget(),
): T {
  const search = new Search(cursor.bytes, budget);
  const from = cursor.position;
  let first: EngineError | null = null;

  const attempt = (steps: readonly Step[]): { value: T } | null => {
    cursor.position = from;
    search.spared = 0;
    let unknown: UnknownSerializer;
    try {
      const guesses = steps.map((step) => step.guess);
      searches.set(guesses, search);
      return { value: steps.length === 0 ? parse(cursor, guesses) : withoutStacks(() => parse(cursor, guesses)) };
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      first ??= e;
      if (!budget.spend(cursor.position - from - search.spared) || !(e instanceof UnknownSerializer)) return null;
      unknown = e;
    }
    for (const guess of candidates(unknown, steps)) {
      const found = attempt([...steps, { className: unknown.className, guess }]);
      if (found !== null) return found;
      if (!budget.spend(0)) return null;
    }
    return null;
  };

  const found = attempt([]);
  if (found !== null) return found.value;
  cursor.position = from;
  throw first ?? cursor.error('INTERNAL', 'Internal error: a parse failed without an error.');
}

/** Guesses fail by the thousand, and to note where in the program each did costs more than all the rest of an attempt. */
function withoutStacks<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function* candidates(unknown: UnknownSerializer, steps: readonly Step[]): Generator<PayloadGuess> {
  const before = steps.findLast((step) => step.className === unknown.className);
  if (before !== undefined) yield before.guess;
  yield { kind: 'bytes', length: 0 };
  for (const nestedAt of unknown.compositeAt) yield { kind: 'composite', nestedAt };
  if (unknown.remaining > 0) yield { kind: 'bytes', length: unknown.remaining };
  const longest = Math.min(MAX_PAYLOAD, unknown.remaining - 1);
  for (let length = 1; length <= longest; length++) yield { kind: 'bytes', length };
}
