import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { ValueType } from './internalKey';
import { MergeTree } from './mergeTree';
import { RangeTombstones } from './rangeTombstones';
import type { RunEntry, SortedRun } from './sortedRun';
import type { RangeTombstone } from './sstTable';

/** Live entries in key order, as places in one stretch of memory that belongs to the receiver. */
export interface KeyValueBatch {
  readonly length: number;
  readonly bytes: Uint8Array;
  /** Entry `i` has its key in `[bounds[2 * i], bounds[2 * i + 1])`, its value from there to `bounds[2 * i + 2]`. */
  readonly bounds: Int32Array;
}

/** Entries, and bytes (more for an entry that alone is longer), after which a batch is handed out. */
const BATCH_ENTRIES = 1024;
const BATCH_BYTES = 64 * 1024;

/** `StringAppendTESTOperator`, which Flink sets for every column family: operands joined by a comma. */
const DELIMITER = 0x2c;

/**
 * Merges sorted runs as RocksDB's iterator does: of every user key the newest entry counts; a deletion hides what is older;
 * merge operands are collected down to the value or deletion that they stand on, and joined oldest first.
 */
export async function* mergedScan(
  runs: readonly SortedRun[],
  tombstones: readonly RangeTombstone[],
  signal: AbortSignal | undefined,
): AsyncGenerator<KeyValueBatch> {
  const isStarted = await Promise.all(runs.map((run) => run.load()));
  const tree = new MergeTree(runs.filter((_, i) => isStarted[i]));
  const deletions = new RangeTombstones(tombstones);
  const batch = new BatchBuilder();
  while (!tree.isEmpty) {
    let { entry } = tree;
    if (!batch.hasRoom(entry)) {
      throwIfAborted(signal);
      yield batch.take();
    }
    batch.setKey(entry);
    const deletedUpTo = deletions.newestOver(entry.key, entry.keyLength);
    let operands: Uint8Array[] | null = null;
    let decided = false;
    // All entries of this user key, newest first.
    do {
      if (!decided) {
        if (entry.sequence < deletedUpTo) decided = true;
        else if (entry.type === ValueType.value) {
          if (operands === null) batch.add(entry.valueBytes, entry.valueStart, entry.valueEnd);
          else operands.push(valueBytesOf(entry));
          decided = true;
        } else if (entry.type === ValueType.merge) {
          operands ??= [];
          operands.push(valueBytesOf(entry));
        } else if (entry.type === ValueType.deletion || entry.type === ValueType.singleDeletion) decided = true;
        else throw unknownType(entry);
      }
      const run = tree.top;
      if (run.advance() || (await run.load())) tree.stepped(batch.bytes, batch.keyStart, batch.keyEnd);
      else tree.ended();
      if (tree.isEmpty) break;
      entry = tree.entry;
    } while (tree.isSameKey(batch.keyEnd - batch.keyStart));
    if (operands !== null) {
      const joined = joinOperands(operands);
      batch.add(joined, 0, joined.length);
    }
  }
  if (batch.length > 0) yield batch.take();
}

const valueBytesOf = ({ valueBytes, valueStart, valueEnd }: RunEntry): Uint8Array =>
  valueBytes.subarray(valueStart, valueEnd);

function joinOperands(newestFirst: Uint8Array[]): Uint8Array {
  if (newestFirst.length === 1) return newestFirst[0];
  const out = new Uint8Array(newestFirst.reduce((n, o) => n + o.length + 1, -1));
  let at = 0;
  for (let i = newestFirst.length - 1; i >= 0; i--) {
    out.set(newestFirst[i], at);
    at += newestFirst[i].length;
    if (i > 0) out[at++] = DELIMITER;
  }
  return out;
}

function unknownType({ type, file, offset }: RunEntry): EngineError {
  const what = type === ValueType.blobIndex ? 'a reference into a blob file' : `of kind ${type}`;
  return new EngineError('UNSUPPORTED', `An SST entry is ${what}, which no state backend of Flink writes.`, {
    file,
    offset,
  });
}

/** Up to here, copying byte by byte is faster than a call of `set`. */
const SHORT = 48;

/** Collects entries. Behind the last stands the current user key, which becomes an entry's when a value is added. */
class BatchBuilder {
  length = 0;
  bytes = new Uint8Array(BATCH_BYTES);
  /** Where the current user key lies. */
  keyStart = 0;
  keyEnd = 0;
  private bounds = new Int32Array(2 * BATCH_ENTRIES + 1);
  /** End of the last entry. */
  private used = 0;

  /** Whether the entry still belongs into this batch. */
  hasRoom({ keyLength, valueStart, valueEnd }: RunEntry): boolean {
    if (this.length === 0) return true;
    const needed = keyLength + valueEnd - valueStart;
    return this.length < BATCH_ENTRIES && this.used + needed <= BATCH_BYTES;
  }

  setKey({ key, keyLength }: RunEntry): void {
    this.keyStart = this.used;
    this.keyEnd = this.used + keyLength;
    this.reserve(this.keyEnd);
    copy(key, 0, keyLength, this.bytes, this.keyStart);
  }

  /** Adds the current key with this value. */
  add(value: Uint8Array, from: number, to: number): void {
    const { bounds, length, keyEnd } = this;
    const end = keyEnd + to - from;
    this.reserve(end);
    copy(value, from, to, this.bytes, keyEnd);
    bounds[2 * length + 1] = keyEnd;
    bounds[2 * length + 2] = end;
    this.length = length + 1;
    this.used = end;
  }

  /** The batch; the next one begins empty. */
  take(): KeyValueBatch {
    const { length, bytes, bounds } = this;
    this.bytes = new Uint8Array(BATCH_BYTES);
    this.bounds = new Int32Array(2 * BATCH_ENTRIES + 1);
    this.length = 0;
    this.used = 0;
    return { length, bytes, bounds };
  }

  private reserve(end: number): void {
    if (end <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.keyEnd));
    this.bytes = grown;
  }
}

function copy(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  if (to - from > SHORT) target.set(source.subarray(from, to), at);
  else for (let i = from, k = at; i < to; i++, k++) target[k] = source[i];
}
