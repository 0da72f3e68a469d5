import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { type PayloadGuess, UnknownSerializer } from './unknownSerializer';

/** Longest payload of an unknown snapshot that is tried, beside "all the rest". */
const MAX_PAYLOAD = 16384;
/** Bytes that all attempts of one search may parse together: about a second of work. */
const MAX_PARSED_BYTES = 64 * 1024 * 1024;
/** What an attempt costs at least. */
const ATTEMPT_COST = 256;

/** What is left of the work that one search, and the searches inside it, may do. */
export class SearchBudget {
  private left = MAX_PARSED_BYTES;

  /** False once the budget is used up. */
  spend(bytes: number): boolean {
    this.left -= Math.max(ATTEMPT_COST, bytes);
    return this.left > 0;
  }
}

/** The budget of the search that made a list of guesses, for searches inside the same parse. */
const budgets = new WeakMap<readonly PayloadGuess[], SearchBudget>();

/** What a search inside a parse with these guesses may spend: what is left of the search around it. */
export function budgetOf(guesses: readonly PayloadGuess[]): SearchBudget {
  return budgets.get(guesses) ?? new SearchBudget();
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
  const from = cursor.position;
  let first: EngineError | null = null;

  const attempt = (steps: readonly Step[]): { value: T } | null => {
    cursor.position = from;
    let unknown: UnknownSerializer;
    try {
      const guesses = steps.map((step) => step.guess);
      budgets.set(guesses, budget);
      return { value: parse(cursor, guesses) };
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      first ??= e;
      if (!budget.spend(cursor.position - from) || !(e instanceof UnknownSerializer)) return null;
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

function* candidates(unknown: UnknownSerializer, steps: readonly Step[]): Generator<PayloadGuess> {
  const before = steps.findLast((step) => step.className === unknown.className);
  if (before !== undefined) yield before.guess;
  yield { kind: 'bytes', length: 0 };
  for (const nestedAt of unknown.compositeAt) yield { kind: 'composite', nestedAt };
  if (unknown.remaining > 0) yield { kind: 'bytes', length: unknown.remaining };
  const longest = Math.min(MAX_PAYLOAD, unknown.remaining - 1);
  for (let length = 1; length <= longest; length++) yield { kind: 'bytes', length };
}
