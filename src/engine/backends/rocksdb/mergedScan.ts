import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { compareBytes, ValueType } from './internalKey';
import { RangeTombstones } from './rangeTombstones';
import type { SortedRun } from './sortedRun';
import type { RangeTombstone } from './sstTable';

/** Live entries in key order: columns of equal length. Keys and values belong to the receiver. */
export interface KeyValueBatch {
  keys: Uint8Array[];
  values: Uint8Array[];
  /** File of each entry and offset of its block: of its newest part, where a value is merged from several. */
  files: string[];
  offsets: number[];
}

/** Entries, and bytes, after which a batch is handed out. */
const BATCH_ENTRIES = 1024;
const BATCH_BYTES = 1 << 20;
/** Keys are copied out of the iterators into chunks of this size, because an array for each would cost more than its bytes. */
const KEY_CHUNK = 64 * 1024;

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
  const heap = new RunHeap();
  for (const run of runs) if (await run.load()) heap.push(run);
  const deletions = new RangeTombstones(tombstones);
  const batch = new BatchBuilder();
  const key = new KeyBuffer();
  while (heap.size > 0) {
    let run = heap.top();
    key.set(run.key, run.keyLength);
    const deletedUpTo = deletions.newestOver(key.bytes, key.length);
    let operands: Uint8Array[] | null = null;
    let decided = false;
    const { file, offset } = run;
    // All entries of this user key, newest first.
    do {
      if (!decided) {
        if (run.sequence < deletedUpTo) decided = true;
        else if (run.type === ValueType.value) {
          const value = run.valueBytes.subarray(run.valueStart, run.valueEnd);
          if (operands === null) batch.add(key, value, file, offset);
          else operands.push(value);
          decided = true;
        } else if (run.type === ValueType.merge) {
          operands ??= [];
          operands.push(run.valueBytes.subarray(run.valueStart, run.valueEnd));
        } else if (run.type === ValueType.deletion || run.type === ValueType.singleDeletion) decided = true;
        else throw unknownType(run);
      }
      if (run.advance() || (await run.load())) heap.fixTop();
      else heap.pop();
      if (heap.size === 0) break;
      run = heap.top();
    } while (key.equals(run.key, run.keyLength));
    if (operands !== null) batch.add(key, joinOperands(operands), file, offset);
    if (batch.full) {
      throwIfAborted(signal);
      yield batch.take();
    }
  }
  if (batch.size > 0) yield batch.take();
}

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

function unknownType(run: SortedRun): EngineError {
  const what = run.type === ValueType.blobIndex ? 'a reference into a blob file' : `of kind ${run.type}`;
  return new EngineError('UNSUPPORTED', `An SST entry is ${what}, which no state backend of Flink writes.`, {
    file: run.file,
    offset: run.offset,
  });
}

/** The current user key, held because its run goes on while older entries of the same key are looked for. */
class KeyBuffer {
  bytes = new Uint8Array(64);
  length = 0;

  set(from: Uint8Array, length: number): void {
    if (length > this.bytes.length) this.bytes = new Uint8Array(length * 2);
    const { bytes } = this;
    for (let i = 0; i < length; i++) bytes[i] = from[i];
    this.length = length;
  }

  equals(other: Uint8Array, length: number): boolean {
    if (length !== this.length) return false;
    const { bytes } = this;
    for (let i = length - 1; i >= 0; i--) if (bytes[i] !== other[i]) return false;
    return true;
  }
}

class BatchBuilder {
  private batch: KeyValueBatch = { keys: [], values: [], files: [], offsets: [] };
  private bytes = 0;
  private chunk = new Uint8Array(KEY_CHUNK);
  private used = 0;

  get size(): number {
    return this.batch.keys.length;
  }

  get full(): boolean {
    return this.batch.keys.length >= BATCH_ENTRIES || this.bytes >= BATCH_BYTES;
  }

  add(key: KeyBuffer, value: Uint8Array, file: string, offset: number): void {
    const { batch } = this;
    batch.keys.push(this.copyOf(key));
    batch.values.push(value);
    batch.files.push(file);
    batch.offsets.push(offset);
    this.bytes += key.length + value.length;
  }

  take(): KeyValueBatch {
    const { batch } = this;
    this.batch = { keys: [], values: [], files: [], offsets: [] };
    this.bytes = 0;
    return batch;
  }

  private copyOf(key: KeyBuffer): Uint8Array {
    if (key.length > KEY_CHUNK >> 3) return key.bytes.slice(0, key.length);
    if (this.used + key.length > KEY_CHUNK) {
      this.chunk = new Uint8Array(KEY_CHUNK);
      this.used = 0;
    }
    const from = this.used;
    const to = from + key.length;
    const { chunk } = this;
    for (let i = 0; i < key.length; i++) chunk[from + i] = key.bytes[i];
    this.used = to;
    return chunk.subarray(from, to);
  }
}

/** A binary heap: the run with the smallest key on top, of equal keys the newest entry. */
class RunHeap {
  private readonly runs: SortedRun[] = [];

  get size(): number {
    return this.runs.length;
  }

  top(): SortedRun {
    return this.runs[0];
  }

  push(run: SortedRun): void {
    const { runs } = this;
    let i = runs.push(run) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!before(runs[i], runs[up])) break;
      [runs[i], runs[up]] = [runs[up], runs[i]];
      i = up;
    }
  }

  pop(): void {
    const last = this.runs.pop();
    if (last !== undefined && this.runs.length > 0) {
      this.runs[0] = last;
      this.fixTop();
    }
  }

  /** Puts the top where it belongs after it moved on. */
  fixTop(): void {
    const { runs } = this;
    const n = runs.length;
    let i = 0;
    for (;;) {
      let least = 2 * i + 1;
      if (least >= n) return;
      if (least + 1 < n && before(runs[least + 1], runs[least])) least++;
      if (!before(runs[least], runs[i])) return;
      [runs[i], runs[least]] = [runs[least], runs[i]];
      i = least;
    }
  }
}

function before(a: SortedRun, b: SortedRun): boolean {
  const d = compareBytes(a.key, a.keyLength, b.key, b.keyLength);
  return d < 0 || (d === 0 && a.sequence > b.sequence);
}
