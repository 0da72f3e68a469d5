import { Cursor } from '../bytes/cursor';
import { throwIfAborted } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { ByteSource, FileStore } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import type { FileNames } from './fileNames';
import type { OutputEntry } from './outputEntry';

/** Bytes of entries that are held in memory; what is more lies in temporary files of this size. */
const MEMORY = 64 * 1024 * 1024;
const FIRST_CAPACITY = 128;

/** A temporary file: the entries of each key group one behind the other, key groups ascending. */
interface Run {
  name: string;
  /** Where each key group begins, and where the last one ends. */
  offsets: Float64Array;
}

/**
 * Sorts entries by key group, in bounded memory: they are collected by key group, and go to a temporary file in the output's
 * folder when they become too many. Within a key group they keep the order in which they came.
 */
export class KeyGroupSort {
  private groups: (Sink | undefined)[] = [];
  private bytes = 0;
  private runs: Run[] = [];

  constructor(
    private readonly keyGroups: number,
    private readonly output: OutputFolder,
    private readonly names: FileNames,
    private readonly store: FileStore,
    private readonly memory = MEMORY,
  ) {}

  /** True once `spill` must be called. */
  add({ keyGroup, state, key, value }: OutputEntry): boolean {
    this.groups[keyGroup] ??= new Sink(FIRST_CAPACITY);
    const sink = this.groups[keyGroup];
    const before = sink.position;
    sink.i16(state);
    sink.bytes4(key);
    sink.bytes4(value);
    this.bytes += sink.position - before;
    return this.bytes >= this.memory;
  }

  async spill(): Promise<void> {
    const run: Run = { name: this.names.fresh(), offsets: new Float64Array(this.keyGroups + 1) };
    const sink = await this.output.createTemporary(run.name);
    try {
      let at = 0;
      for (let keyGroup = 0; keyGroup < this.keyGroups; keyGroup++) {
        run.offsets[keyGroup] = at;
        const bytes = this.groups[keyGroup]?.toBytes();
        if (bytes === undefined) continue;
        await sink.write(bytes);
        at += bytes.length;
      }
      run.offsets[this.keyGroups] = at;
    } finally {
      await sink.close();
    }
    this.runs.push(run);
    this.groups = [];
    this.bytes = 0;
  }

  /** All entries, key groups ascending, in lists of which none is larger than what is held in memory. */
  async *sorted(signal?: AbortSignal): AsyncGenerator<OutputEntry[]> {
    const sources: ByteSource[] = [];
    try {
      for (const { name } of this.runs) sources.push(await this.store.open(this.store.join(this.output.path, name)));
      for (let keyGroup = 0; keyGroup < this.keyGroups; keyGroup++) {
        throwIfAborted(signal);
        for (const [i, { offsets }] of this.runs.entries()) {
          const [from, to] = [offsets[keyGroup], offsets[keyGroup + 1]];
          if (to > from) yield entriesOf(keyGroup, await sources[i].read(from, to - from, signal));
        }
        const inMemory = this.groups[keyGroup];
        this.groups[keyGroup] = undefined;
        if (inMemory !== undefined) yield entriesOf(keyGroup, inMemory.written());
      }
    } finally {
      for (const source of sources) await source.close();
    }
  }

  /** Removes the temporary files; after a failure the folder does that with all its files. */
  async clear(): Promise<void> {
    for (const { name } of this.runs) await this.output.remove(name);
  }
}

function entriesOf(keyGroup: number, bytes: Uint8Array): OutputEntry[] {
  const cursor = new Cursor(bytes);
  const entries: OutputEntry[] = [];
  while (!cursor.atEnd) {
    entries.push({ keyGroup, state: cursor.i16(), key: cursor.bytes4('key'), value: cursor.bytes4('value') });
  }
  return entries;
}
