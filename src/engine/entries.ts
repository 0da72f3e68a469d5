import type { Batch, LostState, Selection, StatePart } from './backends/part';
import { asEngineError, type EngineError, throwIfAborted } from './bytes/engineError';
import { keyGroupsOf } from './metadata/handles';
import { operatorIdOfUid } from './metadata/operatorId';
import { type Share, spanOf } from './shares';
import type { PartFailure, Snapshot, SnapshotOperator, SnapshotSubtask } from './snapshot';

/** Which entries are wanted; what is absent is not restricted. */
export interface EntryQuery {
  /** Operators that `matches` accepts. */
  operator?: (operator: SnapshotOperator) => boolean;
  /** States by name. */
  states?: ReadonlySet<string>;
  /**
   * The only key group that is wanted of a part, for keyed state; `any` for all of them, `none` for none. A group that one part
   * of an operator names is wanted of the others too: subtasks that do not have it are not opened.
   */
  keyGroup?: (operator: SnapshotOperator, part: StatePart) => number | 'any' | 'none';
  /** The key that is wanted there, as its serializer writes it, where other entries of the key group need not come. */
  key?: (operator: SnapshotOperator, part: StatePart) => Uint8Array | null;
  /** Only this share of everything. */
  share?: Share;
}

/** A batch of entries with what they belong to. */
export interface EntryBatch extends Batch {
  operator: SnapshotOperator;
  subtask: SnapshotSubtask;
  part: StatePart;
}

/** State that cannot be read, with what it belongs to. */
export interface EntryFailure {
  operator: SnapshotOperator;
  subtask: SnapshotSubtask;
  what: PartFailure['what'] | null;
  /** The only state that is concerned, by its name. */
  state: string | null;
  error: EngineError;
}

/**
 * An operator by its id, its uid or its name. A snapshot before Flink 2.0 does not name uids, but an operator's id follows from
 * its uid.
 */
export function isOperator(operator: SnapshotOperator, wanted: string): boolean {
  return isOperatorId(operator, wanted) || operator.name === wanted;
}

/** The same, but not by its name, which several operators may have. */
export function isOperatorId({ id, uid }: Pick<SnapshotOperator, 'id' | 'uid'>, wanted: string): boolean {
  return id === wanted || uid === wanted || (uid === null && id === operatorIdOfUid(wanted));
}

/**
 * All entries of a snapshot, in batches: operator by operator, subtask by subtask. State that cannot be read is given to
 * `failed` and costs only itself.
 */
export async function* snapshotEntries(
  snapshot: Snapshot,
  query: EntryQuery,
  failed: (failure: EntryFailure) => void,
  signal?: AbortSignal,
): AsyncGenerator<EntryBatch> {
  for (const operator of operatorsOf(snapshot, query)) {
    if (query.operator?.(operator) === false) continue;
    let keyGroup: number | null = null;
    for (const subtask of subtasksOf(operator, query)) {
      throwIfAborted(signal);
      if (keyGroup !== null && !mayHave(subtask, keyGroup)) continue;
      const { parts, failures } = await subtask.open(signal);
      // Each share opens the subtask again; what fails is told of once.
      if ((query.share?.number ?? 0) === 0) {
        for (const { what, error } of failures) failed({ operator, subtask, what, state: null, error });
      }
      const divided = query.share === undefined || canBeDivided(parts) ? query : wholeOf(query, query.share);
      for (const part of parts) {
        const selection = selectionOf(operator, part, divided);
        if (selection === null) continue;
        keyGroup ??= selection.keyGroup ?? null;
        yield* entriesOf(operator, subtask, part, selection, failed, signal);
      }
    }
  }
}

function operatorsOf({ operators }: Snapshot, { share }: EntryQuery): readonly SnapshotOperator[] {
  return share === undefined ? operators : operators.slice(share.operator, share.operator + 1);
}

function subtasksOf({ subtasks }: SnapshotOperator, { share }: EntryQuery): readonly SnapshotSubtask[] {
  if (share !== undefined) return subtasks.slice(share.subtask, share.subtask + 1);
  return [...subtasks].sort((a, b) => a.index - b.index);
}

function mayHave({ managedKeyedState, rawKeyedState }: SnapshotSubtask, keyGroup: number): boolean {
  return [managedKeyedState, rawKeyedState].some((handle) => {
    if (handle === null) return false;
    const { first, last } = keyGroupsOf(handle);
    return keyGroup >= first && keyGroup <= last;
  });
}

/** A key, with all its state, belongs to one share: all keyed state of a subtask is divided, or none. */
const canBeDivided = (parts: readonly StatePart[]): boolean =>
  parts.every(({ backend, keyGroups }) => backend === 'operator' || keyGroups !== undefined);

/** The first share has all of the subtask, the others nothing. */
function wholeOf(query: EntryQuery, share: Share): EntryQuery {
  return share.number === 0 ? { ...query, share: { ...share, count: 1 } } : { ...query, states: NOTHING };
}

const NOTHING: ReadonlySet<string> = new Set();

async function* entriesOf(
  operator: SnapshotOperator,
  subtask: SnapshotSubtask,
  part: StatePart,
  selection: Selection,
  failed: (failure: EntryFailure) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<EntryBatch> {
  try {
    const lost: LostState = ({ name: state }, error) =>
      failed({ operator, subtask, what: null, state, error: error.at({ file: part.file }) });
    for await (const batch of part.entries(selection, signal, lost)) yield { ...batch, operator, subtask, part };
  } catch (e) {
    const error = asEngineError(e, { file: part.file });
    if (error.code === 'CANCELLED') throw error;
    failed({ operator, subtask, what: null, state: null, error });
  }
}

function selectionOf(operator: SnapshotOperator, part: StatePart, query: EntryQuery): Selection | null {
  const states: Selection = query.states === undefined ? {} : { states: query.states };
  if (query.states !== undefined && !part.states.some((state) => query.states?.has(state.name))) return null;
  if (query.share !== undefined) return shareOf(query.share, part, states);
  if (query.keyGroup === undefined) return states;
  if (part.backend === 'operator') return null;
  const keyGroup = query.keyGroup(operator, part);
  if (keyGroup === 'none') return null;
  if (keyGroup === 'any') return states;
  const key = query.key?.(operator, part) ?? null;
  return key === null ? { ...states, keyGroup } : { ...states, keyGroup, key };
}

function shareOf(share: Share, part: StatePart, selection: Selection): Selection | null {
  if (share.count === 1) return selection;
  if (part.keyGroups === undefined) return share.number === 0 ? selection : null;
  const keyGroups = spanOf(share, part.keyGroups);
  return keyGroups === null ? null : { ...selection, keyGroups };
}
