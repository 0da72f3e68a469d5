import type { Batch, Selection, StatePart } from '../backends/part';
import { asEngineError, EngineError, throwIfAborted } from '../bytes/engineError';
import type { OpenedSubtask, Snapshot, SnapshotOperator, SnapshotSubtask } from '../snapshot';
import type { EntryOwner } from './keptEntry';
import { type StateBlock, type StateName, stateBlocks } from './stateBlocks';

/** Subtasks that are kept open; an open one holds headers and little else. */
const MAX_OPEN = 64;

/** Entries of a block, good until the next ones are asked for. */
export interface BlockBatch extends Batch, EntryOwner {
  /** Number of the block. */
  readonly block: number;
}

/** Told of state that cannot be read. */
export type BlockFailure = (error: EngineError, subtask: SnapshotSubtask, keyGroup: number | null) => void;

/** Reads one state of one operator by its blocks, in any order. */
export class BlockReader {
  readonly operator: SnapshotOperator;
  readonly blocks: readonly StateBlock[];
  /** Those used last come last. */
  private readonly opened = new Map<SnapshotSubtask, Promise<OpenedSubtask>>();

  constructor(
    snapshot: Snapshot,
    operatorId: string,
    readonly name: StateName,
    private readonly failed: BlockFailure,
    /** Ends what is being opened: it serves everybody who asks. */
    private readonly closing?: AbortSignal,
  ) {
    const operator = snapshot.operators.find(({ id }) => id === operatorId);
    if (operator === undefined) throw new EngineError('NOT_FOUND', `The snapshot has no operator ${operatorId}.`);
    this.operator = operator;
    this.blocks = stateBlocks(operator, name);
  }

  /** The subtask's part with the state; null where it has none. */
  async part(subtask: SnapshotSubtask): Promise<StatePart | null> {
    const { parts } = await this.open(subtask);
    const { state, backend } = this.name;
    return parts.find((part) => part.backend === backend && part.states.some(({ name }) => name === state)) ?? null;
  }

  /** The first part that has the state, for its types. */
  async anyPart(signal?: AbortSignal): Promise<StatePart | null> {
    for (const subtask of new Set(this.blocks.map((block) => block.subtask))) {
      throwIfAborted(signal);
      const part = await this.part(subtask);
      if (part !== null) return part;
    }
    return null;
  }

  /** Tells the rows of blocks, as far as they are known without reading them. */
  async knownCounts(counted: (block: number, rows: number) => void, signal?: AbortSignal): Promise<void> {
    const { state, backend } = this.name;
    const blocks = new Map<SnapshotSubtask, number[]>();
    for (const [i, { subtask }] of this.blocks.entries()) blocks.set(subtask, [...(blocks.get(subtask) ?? []), i]);
    for (const [subtask, own] of blocks) {
      throwIfAborted(signal);
      if (backend === 'operator') {
        const handle = subtask.managedOperatorState?.states.find(({ name }) => name === state);
        // An offset for each element of a list, but one for all of a broadcast state.
        if (handle !== undefined && handle.mode !== 'broadcast')
          for (const block of own) counted(block, handle.offsets.length);
        continue;
      }
      const part = await this.part(subtask);
      const found = part?.states.find(({ name }) => name === state);
      if (part === null || found === undefined) continue;
      if (part.entriesByKeyGroup === undefined) return;
      try {
        const counts = await part.entriesByKeyGroup(found, signal);
        for (const block of own) {
          const rows = counts.get(this.blocks[block].keyGroup ?? -1);
          if (rows !== undefined) counted(block, rows);
        }
      } catch (e) {
        // Who reads them says what is wrong.
        if (asEngineError(e).code === 'CANCELLED') throw e;
        return;
      }
    }
  }

  /**
   * Entries of the blocks `first` to `last`, both of them included, in their order; with a key (as its serializer writes it)
   * only entries near it, others may be among them. A subtask's blocks are read in one go where they lie in order, which is
   * quicker than one by one. State that cannot be read is told of, and costs only itself.
   */
  async *entries(first: number, last: number, signal?: AbortSignal, key?: Uint8Array): AsyncGenerator<BlockBatch> {
    for (let block = first; block <= last; ) {
      const { subtask } = this.blocks[block];
      let end = block;
      while (end < last && this.blocks[end + 1].subtask === subtask) end++;
      const part = await this.part(subtask);
      if (part !== null) yield* this.ofSubtask(part, block, end, signal, key);
      block = end + 1;
    }
  }

  private async *ofSubtask(
    part: StatePart,
    first: number,
    last: number,
    signal: AbortSignal | undefined,
    key: Uint8Array | undefined,
  ): AsyncGenerator<BlockBatch> {
    const { subtask, keyGroup } = this.blocks[first];
    const owner = { operator: this.operator, subtask, part };
    const progress = { block: first - 1 };
    const selections: Selection[] = [];
    if (keyGroup === null) selections.push({});
    else if (key === undefined && isInOrder(subtask, part)) {
      selections.push({ keyGroups: { first: keyGroup, last: keyGroup + last - first } });
    } else selections.push(...this.oneByOne(first, last, key));
    while (selections.length > 0) {
      const [selection] = selections.splice(0, 1);
      try {
        for await (const { entries, unread } of this.read(part, subtask, selection, signal)) {
          for (const piece of byKeyGroup({ entries, unread })) {
            progress.block = blockOf(piece, first, keyGroup) ?? Math.max(first, progress.block);
            yield { ...owner, ...piece, block: progress.block };
          }
        }
      } catch (e) {
        const error = asEngineError(e, { file: part.file });
        if (error.code === 'CANCELLED') throw error;
        this.failed(error, subtask, selection.keyGroup ?? null);
        // Behind what cannot be read the others are read one by one.
        if (selection.keyGroups !== undefined) selections.push(...this.oneByOne(progress.block + 1, last, key));
      }
    }
  }

  private oneByOne(first: number, last: number, key: Uint8Array | undefined): Selection[] {
    return this.blocks
      .slice(first, last + 1)
      .map(({ keyGroup }) => ({ keyGroup: keyGroup ?? 0, ...(key !== undefined && { key }) }));
  }

  private async *read(
    part: StatePart,
    subtask: SnapshotSubtask,
    selection: Selection,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Batch> {
    const { state } = this.name;
    const lost = (_: unknown, error: EngineError): void => this.failed(error, subtask, selection.keyGroup ?? null);
    for await (const batch of part.entries({ ...selection, states: new Set([state]) }, signal, lost)) {
      for (const { keyGroup, bytes, code, reason } of batch.unread) {
        const error = new EngineError(code, `${bytes} bytes could not be read: ${reason}`, { file: part.file });
        this.failed(error, subtask, keyGroup < 0 ? null : keyGroup);
      }
      if (batch.entries.length > 0) yield batch;
    }
  }

  private open(subtask: SnapshotSubtask): Promise<OpenedSubtask> {
    const known = this.opened.get(subtask);
    if (known !== undefined) {
      this.opened.delete(subtask);
      this.opened.set(subtask, known);
      return known;
    }
    const opening = subtask.open(this.closing).then((opened) => {
      for (const { what, error } of opened.failures) {
        if ((what === 'operator state') === (this.name.backend === 'operator')) this.failed(error, subtask, null);
      }
      return opened;
    });
    this.opened.set(subtask, opening);
    opening.catch(() => this.opened.delete(subtask));
    const [oldest] = this.opened.keys();
    if (this.opened.size > MAX_OPEN && oldest !== undefined) this.opened.delete(oldest);
    return opening;
  }
}

/** Whether a part gives its key groups in their order: files name the offset of each, which may be any. */
function isInOrder({ managedKeyedState, rawKeyedState }: SnapshotSubtask, { backend, keyGroups }: StatePart): boolean {
  if (keyGroups === undefined) return false;
  const handle = backend === 'raw' ? rawKeyedState : managedKeyedState;
  if (handle === null || !('offsets' in handle)) return true;
  const offsets = handle.offsets.filter((offset) => offset > 0);
  return offsets.every((offset, i) => i === 0 || offset > offsets[i - 1]);
}

/** A batch as it is where it is of one key group, else taken apart. */
function* byKeyGroup(batch: Batch): Generator<Batch> {
  const { entries, unread } = batch;
  let start = 0;
  for (let i = 1; i <= entries.length; i++) {
    if (i < entries.length && entries[i].keyGroup === entries[start].keyGroup) continue;
    yield start === 0 && i === entries.length
      ? batch
      : { entries: entries.slice(start, i), unread: start === 0 ? unread : [] };
    start = i;
  }
}

function blockOf({ entries }: Batch, first: number, keyGroup: number | null): number | null {
  return keyGroup === null ? null : first + entries[0].keyGroup - keyGroup;
}
