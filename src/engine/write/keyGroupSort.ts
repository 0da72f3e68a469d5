import { Cursor } from '../bytes/cursor';
import { throwIfAborted } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { ByteSource, FileStore } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import type { FileNames } from './fileNames';
import type { OutputEntry } from './keyedWriter';

/** Bytes of entries that are held in memory; what is more lies in temporary files of this size. */
const MEMORY = 64 * 1024 * 1024;
const FIRST_CAPACITY = 128;
const RUNS_OF_A_PLACE = 2 ** 36;

/** Entries by key group, as plain data. */
export interface CollectedRun {
  readonly bytes: Uint8Array;
  /** Where each key group begins, and where the last one ends. */
  readonly offsets: Float64Array;
}

/** A temporary file: the entries of each key group one behind the other, key groups ascending. */
interface Run {
  name: string;
  /** Entries of a run come behind those of runs with smaller numbers. */
  order: number;
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
  private places = 0;

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

  /** Many entries of one key group at once, laid out as `add` does: `i2 state, i4 length, key, i4 length, value` each. */
  addBytes(keyGroup: number, entries: Uint8Array): boolean {
    this.groups[keyGroup] ??= new Sink(FIRST_CAPACITY);
    this.groups[keyGroup]?.raw(entries);
    this.bytes += entries.length;
    return this.bytes >= this.memory;
  }

  /** A place behind all that was added so far, for runs that come in any order: `addRun` takes it, and numbers above it. */
  place(): number {
    return this.places++ * RUNS_OF_A_PLACE;
  }

  /**
   * A run that was collected elsewhere: the entries of each key group one behind the other, key groups ascending. What is held in
   * memory goes behind it, and is to be spilled first where it came before.
   */
  async addRun(order: number, { bytes, offsets }: CollectedRun): Promise<void> {
    const run: Run = { name: this.names.fresh(), order, offsets };
    const sink = await this.output.create(run.name);
    try {
      await sink.write(bytes);
    } finally {
      await sink.close();
    }
    this.runs.push(run);
  }

  /** Forgets runs from this place on. */
  async drop(place: number): Promise<void> {
    for (const { name } of this.runs.filter(({ order }) => order >= place)) await this.output.remove(name);
    this.runs = this.runs.filter(({ order }) => order < place);
  }

  /** Bytes of entries that are held in memory. */
  get held(): number {
    return this.bytes;
  }

  /** The temporary files, in the order of their entries; where each key group begins in them. */
  files(): { path: string; offsets: Float64Array }[] {
    this.runs.sort((a, b) => a.order - b.order);
    return this.runs.map(({ name, offsets }) => ({ path: this.store.join(this.output.path, name), offsets }));
  }

  async spill(): Promise<void> {
    const run: Run = { name: this.names.fresh(), order: this.place(), offsets: new Float64Array(this.keyGroups + 1) };
    const sink = await this.output.create(run.name);
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
    for await (const { keyGroup, pieces } of this.keyGroupsInBytes(signal)) {
      for await (const piece of pieces()) yield entriesOf(keyGroup, piece);
    }
  }

  /** Each key group that has entries, ascending, with the bytes of its entries piece by piece, as `addBytes` takes them. */
  async *keyGroupsInBytes(signal?: AbortSignal): AsyncGenerator<SortedKeyGroup> {
    const sources: ByteSource[] = [];
    try {
      for (const { path } of this.files()) sources.push(await this.store.open(path));
      for (let keyGroup = 0; keyGroup < this.keyGroups; keyGroup++) {
        throwIfAborted(signal);
        const inMemory = this.groups[keyGroup];
        this.groups[keyGroup] = undefined;
        const runs = this.runs.flatMap(({ offsets }, i) => {
          const [from, to] = [offsets[keyGroup], offsets[keyGroup + 1]];
          return to > from ? [{ source: sources[i], from, length: to - from }] : [];
        });
        if (inMemory === undefined && runs.length === 0) continue;
        const bytes = runs.reduce((sum, { length }) => sum + length, inMemory?.position ?? 0);
        const pieces = async function* (): AsyncGenerator<Uint8Array> {
          for (const { source, from, length } of runs) yield await source.read(from, length, signal);
          if (inMemory !== undefined) yield inMemory.written();
        };
        yield { keyGroup, bytes, pieces };
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

/** The entries of one key group, to be read before the next is asked for. */
export interface SortedKeyGroup {
  keyGroup: number;
  /** Bytes of all pieces together. */
  bytes: number;
  pieces(): AsyncGenerator<Uint8Array>;
}

function entriesOf(keyGroup: number, bytes: Uint8Array): OutputEntry[] {
  const cursor = new Cursor(bytes);
  const entries: OutputEntry[] = [];
  while (!cursor.atEnd) {
    entries.push({ keyGroup, state: cursor.i16(), key: cursor.bytes4('key'), value: cursor.bytes4('value') });
  }
  return entries;
}
