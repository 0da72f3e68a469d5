import type { Batch, KeyGroupSpan, PartState, Selection, StatePart } from '../backends/part';
import { asEngineError, EngineError, throwIfAborted } from '../bytes/engineError';
import type { Problem, StateBackendKind } from '../description';
import { problemOf } from '../inspect/problems';
import { bytesOfPieces, keyGroupsOf, piecesOfOperator } from '../metadata/handles';
import { operatorName } from '../operatorName';
import type { SnapshotOperator, SnapshotSubtask } from '../snapshot';

/** Which key groups of an operator are meant. */
export type KeyGroups =
  | { readonly is: 'all' }
  | { readonly is: 'span'; readonly first: number; readonly last: number }
  /** Those that leave this remainder. */
  | { readonly is: 'class'; readonly modulus: number; readonly remainder: number };

/** State that cannot be read, and so is not compared. */
export interface Unreadable {
  /** Null where it is not of one subtask. */
  readonly subtask: number | null;
  /** The part, the state or the file. */
  readonly what: string;
  /** The states that are concerned, by name; null for all. */
  readonly states: readonly string[] | null;
  /** Operator state, and not keyed state. */
  readonly isOperatorState: boolean;
  readonly error: EngineError;
}

interface OpenedPart {
  readonly subtask: number;
  readonly part: StatePart;
  /** Key groups that it may hold; null where nobody says, and in operator state. */
  readonly keyGroups: KeyGroupSpan | null;
}

/** What could not even be opened: keyed state of these key groups, or operator state. */
interface Missing {
  readonly failure: Unreadable;
  readonly keyGroups: KeyGroupSpan | null;
}

/** One operator of one of the snapshots, with all of its state opened, so that it can be read piece by piece. */
export class OperatorSide {
  private constructor(
    readonly operator: SnapshotOperator,
    private readonly parts: readonly OpenedPart[],
    private readonly missing: readonly Missing[],
  ) {}

  static async open(operator: SnapshotOperator, signal?: AbortSignal): Promise<OperatorSide> {
    const parts: OpenedPart[] = [];
    const missing: Missing[] = [];
    for (const subtask of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
      throwIfAborted(signal);
      const opened = await subtask.open(signal);
      for (const { what, error } of opened.failures) {
        const isOperatorState = what === 'operator state';
        const failure = { subtask: subtask.index, what, states: null, isOperatorState, error };
        missing.push({ failure, keyGroups: isOperatorState ? null : ownKeyGroups(subtask, what) });
      }
      for (const part of opened.parts) {
        const keyGroups = part.keyGroups ?? (part.backend === 'operator' ? null : ownKeyGroups(subtask, 'keyed state'));
        parts.push({ subtask: subtask.index, part, keyGroups });
      }
    }
    return new OperatorSide(operator, parts, missing);
  }

  /** Whether each key group of its keyed state can be read without the others. */
  get isDivided(): boolean {
    return this.parts.every(({ part }) => part.backend === 'operator' || part.keyGroups !== undefined);
  }

  /** What could not be opened. */
  get failures(): Unreadable[] {
    return this.missing.map(({ failure }) => failure);
  }

  /** Its keyed or its operator states by name, as the first subtask that has them does. */
  states(which: 'keyed' | 'operator'): Map<string, PartState> {
    const states = new Map<string, PartState>();
    for (const { part } of this.parts) {
      if ((part.backend === 'operator') !== (which === 'operator')) continue;
      for (const state of part.states) if (!states.has(state.name)) states.set(state.name, state);
    }
    return states;
  }

  /** How a state lies in its first file; null where it does not have it. */
  backendOf(name: string, which: 'keyed' | 'operator'): StateBackendKind | null {
    const found = this.parts.find(
      ({ part }) =>
        (part.backend === 'operator') === (which === 'operator') && part.states.some((state) => state.name === name),
    );
    return found?.part.backend ?? null;
  }

  /** Whether some of the keyed state of these key groups, or of the operator state where they are null, could not be opened. */
  lacks(keyGroups: KeyGroups | null): boolean {
    return this.missing.some(({ failure, keyGroups: own }) => {
      if (failure.isOperatorState || keyGroups === null) return failure.isOperatorState && keyGroups === null;
      return own === null || keyGroups.is !== 'span' || (own.first <= keyGroups.last && own.last >= keyGroups.first);
    });
  }

  /** Whether anything of its keyed or of its operator state could not be opened. */
  lacksAny(of: 'keyed' | 'operator'): boolean {
    return this.missing.some(({ failure }) => failure.isOperatorState === (of === 'operator'));
  }

  /** Keyed entries of the given key groups. What cannot be read is told of and costs only itself. */
  async *keyed(
    names: ReadonlySet<string>,
    keyGroups: KeyGroups,
    failed: (failure: Unreadable) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<Batch> {
    for (const opened of this.parts) {
      const { part } = opened;
      if (part.backend === 'operator' || !part.states.some(({ name }) => names.has(name))) continue;
      const isWhole = part.keyGroups === undefined;
      for (const selection of selections(keyGroups, opened.keyGroups)) {
        const wanted = isWhole ? { states: names } : { ...selection, states: names };
        for await (const batch of read(opened, wanted, failed, signal)) {
          if (!isWhole || keyGroups.is === 'all') yield batch;
          else yield { ...batch, entries: batch.entries.filter((entry) => isAmong(keyGroups, entry.keyGroup)) };
        }
        if (isWhole) break;
      }
    }
  }

  /** Elements of operator state; of broadcast state, which every subtask holds whole, those of one subtask. */
  async *operatorState(
    names: ReadonlySet<string>,
    failed: (failure: Unreadable) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<Batch> {
    const told = new Set<string>();
    for (const opened of this.parts) {
      const { part } = opened;
      if (part.backend !== 'operator') continue;
      const wanted = part.states.filter(
        ({ name, kind }) => names.has(name) && !(kind === 'broadcast' && told.has(name)),
      );
      for (const { name } of wanted) told.add(name);
      if (wanted.length === 0) continue;
      yield* read(opened, { states: new Set(wanted.map(({ name }) => name)) }, failed, signal);
    }
  }
}

async function* read(
  { subtask, part }: OpenedPart,
  selection: Selection,
  failed: (failure: Unreadable) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch> {
  const isOperatorState = part.backend === 'operator';
  const fail = (what: string, states: readonly string[] | null, error: EngineError): void =>
    failed({ subtask, what, states, isOperatorState, error });
  try {
    const batches = part.entries(selection, signal, ({ name }, error) =>
      fail(name, [name], error.at({ file: part.file })),
    );
    for await (const batch of batches) {
      for (const { state, code, reason, bytes } of batch.unread) {
        // In the layout of the heap nobody finds what lies behind: the states that follow in the key group.
        const lost = part.backend === 'heap' ? part.states.slice(part.states.indexOf(state)) : [state];
        const error = new EngineError(code, `${bytes} bytes are not compared: ${reason}`, { file: part.file });
        fail(
          state.name,
          lost.map(({ name }) => name),
          error,
        );
      }
      yield batch;
    }
  } catch (e) {
    const error = asEngineError(e, { file: part.file });
    if (error.code === 'CANCELLED') throw error;
    fail(part.file, null, error);
  }
}

/** What is asked of a part, to get the key groups that it has of those wanted. Nothing where it has none. */
function selections(wanted: KeyGroups, own: KeyGroupSpan | null): Selection[] {
  if (wanted.is === 'all' || own === null) return [{}];
  if (wanted.is === 'span') {
    const first = Math.max(wanted.first, own.first);
    const last = Math.min(wanted.last, own.last);
    return first > last ? [] : [{ keyGroups: { first, last } }];
  }
  const all: Selection[] = [];
  for (let keyGroup = own.first; keyGroup <= own.last; keyGroup++) {
    if (isAmong(wanted, keyGroup)) all.push({ keyGroup });
  }
  return all;
}

function isAmong(keyGroups: KeyGroups, candidate: number): boolean {
  switch (keyGroups.is) {
    case 'all':
      return true;
    case 'span':
      return candidate >= keyGroups.first && candidate <= keyGroups.last;
    case 'class':
      return candidate % keyGroups.modulus === keyGroups.remainder;
  }
}

function ownKeyGroups({ managedKeyedState, rawKeyedState }: SnapshotSubtask, what: string): KeyGroupSpan | null {
  const handle = what === 'keyed state' ? managedKeyedState : rawKeyedState;
  return handle === null ? null : keyGroupsOf(handle);
}

/** The failure as it is told: `after / accounts / subtask 3 / balance`. */
export function problemOfSide(
  which: 'before' | 'after',
  side: OperatorSide,
  { subtask, what, error }: Unreadable,
): Problem {
  const place = `${which} / ${operatorName(side.operator)}${subtask === null ? '' : ` / subtask ${subtask}`}`;
  return problemOf(error, 'error', `${place} / ${what}`);
}

/** Bytes of the operator's state, as the metadata counts them. */
export const bytesOf = ({ state }: SnapshotOperator): number => bytesOfPieces(piecesOfOperator(state));
