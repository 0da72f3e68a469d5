import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { LIST_DELIMITER } from '../canonicalMarks';
import type { BlobFiles } from './blobFiles';
import { ValueType } from './internalKey';
import { MergeTree } from './mergeTree';
import { RangeTombstones } from './rangeTombstones';
import type { RunEntry, SortedRun } from './sortedRun';
import type { RangeTombstone } from './sstTable';

/** Live entries in key order, as places in windows that belong to the receiver. */
export interface KeyValueBatch {
  readonly length: number;
  /** Of each entry. */
  readonly windows: readonly Uint8Array[];
  /** Of entry `i` at `4 * i`: where its key begins and ends, and its value. */
  readonly bounds: Int32Array;
}

/** Entries, and bytes (more for an entry that alone is longer), after which a batch is handed out. */
const BATCH_ENTRIES = 1024;
const BATCH_BYTES = 64 * 1024;

/**
 * Merges sorted runs as RocksDB's iterator does: of every user key the newest entry counts; a deletion hides what is older;
 * merge operands are collected down to the value or deletion that they stand on, and joined oldest first.
 */
export async function* mergedScan(
  runs: readonly SortedRun[],
  tombstones: readonly RangeTombstone[],
  blobs: BlobFiles,
  signal: AbortSignal | undefined,
): AsyncGenerator<KeyValueBatch> {
  const isStarted = await Promise.all(runs.map((run) => run.load()));
  const tree = new MergeTree(runs.filter((_, i) => isStarted[i]));
  const deletions = new RangeTombstones(tombstones);
  const batch = new BatchBuilder();
  const operands: Operand[] = [];
  const joined = new JoinedOperands();
  while (!tree.isEmpty) {
    let { entry } = tree;
    if (!batch.hasRoom(entry)) {
      throwIfAborted(signal);
      yield batch.take();
    }
    const { bytes, keyFrom, keyTo } = entry;
    const deletedUpTo = deletions.newestOver(bytes, keyFrom, keyTo);
    let decided = false;
    // All entries of this user key, newest first.
    do {
      if (!decided) {
        if (entry.sequence < deletedUpTo) decided = true;
        else if (entry.type === ValueType.value) {
          if (operands.length === 0) batch.add(entry);
          else operands.push(operandOf(entry));
          decided = true;
        } else if (entry.type === ValueType.blobIndex) {
          const fetched = await blobs.fetched(entry);
          if (operands.length === 0) batch.add(fetched);
          else operands.push(fetched);
          decided = true;
        } else if (entry.type === ValueType.merge) operands.push(operandOf(entry));
        else if (entry.type === ValueType.deletion || entry.type === ValueType.singleDeletion) decided = true;
        else throw unknownType(entry);
      }
      const run = tree.top;
      if (run.advance() || (await run.load())) tree.stepped(bytes, keyFrom, keyTo);
      else tree.ended();
      if (tree.isEmpty) break;
      entry = tree.entry;
    } while (tree.isSameKey(keyTo - keyFrom));
    if (operands.length > 0) {
      batch.add(operands.length === 1 ? operands[0] : joined.join(operands));
      operands.length = 0;
    }
  }
  if (batch.length > 0) yield batch.take();
}

/** A merge operand, or the value below it, and the key that it belongs to. */
type Operand = Pick<RunEntry, 'bytes' | 'keyFrom' | 'keyTo' | 'valueFrom' | 'valueTo'>;

const operandOf = ({ bytes, keyFrom, keyTo, valueFrom, valueTo }: RunEntry): Operand => ({
  bytes,
  keyFrom,
  keyTo,
  valueFrom,
  valueTo,
});

function unknownType({ type, file, offset }: RunEntry): EngineError {
  return new EngineError('UNSUPPORTED', `An SST entry is of kind ${type}, which no state backend of Flink writes.`, {
    file,
    offset,
  });
}

/** Collects entries. */
class BatchBuilder {
  length = 0;
  private windows: Uint8Array[] = [];
  private bounds = new Int32Array(4 * BATCH_ENTRIES);
  private used = 0;

  /** Whether the entry still belongs into this batch. */
  hasRoom({ keyFrom, keyTo, valueFrom, valueTo }: RunEntry): boolean {
    if (this.length === 0) return true;
    const needed = keyTo - keyFrom + valueTo - valueFrom;
    return this.length < BATCH_ENTRIES && this.used + needed <= BATCH_BYTES;
  }

  add({ bytes, keyFrom, keyTo, valueFrom, valueTo }: Operand): void {
    const { bounds } = this;
    const bound = 4 * this.length++;
    this.windows.push(bytes);
    bounds[bound] = keyFrom;
    bounds[bound + 1] = keyTo;
    bounds[bound + 2] = valueFrom;
    bounds[bound + 3] = valueTo;
    this.used += keyTo - keyFrom + valueTo - valueFrom;
  }

  /** The batch; the next one begins empty. */
  take(): KeyValueBatch {
    const { length, windows, bounds } = this;
    this.windows = [];
    this.bounds = new Int32Array(4 * BATCH_ENTRIES);
    this.length = 0;
    this.used = 0;
    return { length, windows, bounds };
  }
}

/** Bytes of a window of joined operands. */
const JOINED_BYTES = 64 * 1024;

/** Joins operands, one entry behind the other in windows of its own. */
class JoinedOperands {
  private bytes = new Uint8Array(0);
  private used = 0;

  /** The key, and behind it the operands with the delimiter between them. */
  join(newestFirst: readonly Operand[]): Operand {
    const { bytes: key, keyFrom, keyTo } = newestFirst[0];
    let length = keyTo - keyFrom + newestFirst.length - 1;
    for (const { valueFrom, valueTo } of newestFirst) length += valueTo - valueFrom;
    if (this.used + length > this.bytes.length) {
      this.bytes = new Uint8Array(Math.max(JOINED_BYTES, length));
      this.used = 0;
    }
    const from = this.used;
    const valueFrom = this.add(key, keyFrom, keyTo);
    for (let i = newestFirst.length - 1; i >= 0; i--) {
      const operand = newestFirst[i];
      this.add(operand.bytes, operand.valueFrom, operand.valueTo);
      if (i > 0) this.bytes[this.used++] = LIST_DELIMITER;
    }
    return { bytes: this.bytes, keyFrom: from, keyTo: valueFrom, valueFrom, valueTo: this.used };
  }

  private add(source: Uint8Array, from: number, to: number): number {
    const { bytes } = this;
    if (to - from > SHORT) {
      bytes.set(source.subarray(from, to), this.used);
      this.used += to - from;
    } else for (let i = from; i < to; i++) bytes[this.used++] = source[i];
    return this.used;
  }
}

/** Up to here, copying byte by byte is faster than a call of `set`. */
const SHORT = 48;
