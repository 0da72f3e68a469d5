import { subtaskOf } from '../../keyGroups';
import type { KeyGroupsHandle, StreamHandle } from '../../metadata/model';
import type { PlacedSink } from '../../storage/outputFolder';
import type { KeyedTarget, OutputPlace } from '../keyedRewrite';
import { LARGEST_INLINED } from '../newFile';
import type { KeyedLayout } from './keyedLayout';

/** Smaller files are soon on the disk. */
const LARGE = 64 * 1024 * 1024;

/** Ends a key group, where another state's number would stand. */
const END_OF_KEY_GROUP = Uint8Array.of(0xff, 0xff);

/** The streams of the new subtasks, all filled at the same time: files, or memory where they stay small. */
export class SubtaskFiles {
  /** Numbers of the large ones, the longest not brought to the disk first. */
  private readonly large: number[];
  private isSyncing = false;

  private constructor(
    private readonly layout: KeyedLayout,
    private readonly place: OutputPlace,
    private readonly names: readonly string[],
    private readonly sinks: readonly (PlacedSink | MemorySink)[],
  ) {
    this.large = layout.subtasks.flatMap(({ bytes }, i) => (bytes >= LARGE ? [i] : []));
  }

  /** `mayInline`: nobody else writes to them, so that small ones need no file. */
  static async create(layout: KeyedLayout, place: OutputPlace, mayInline: boolean): Promise<SubtaskFiles> {
    const names = layout.subtasks.map(() => place.names.fresh());
    const sinks: (PlacedSink | MemorySink)[] = [];
    for (const [i, { bytes }] of layout.subtasks.entries()) {
      const isSmall = mayInline && bytes <= LARGEST_INLINED;
      sinks.push(isSmall ? new MemorySink(bytes) : await place.output.createPlaced(names[i]));
    }
    return new SubtaskFiles(layout, place, names, sinks);
  }

  /** Where the files lie, for who opens them anew. */
  get paths(): string[] {
    return this.names.map((name) => this.place.store.join(this.place.output.path, name));
  }

  sink(subtask: number): PlacedSink {
    return this.sinks[subtask];
  }

  sinkOf(keyGroup: number, { maxParallelism, parallelism }: KeyedTarget): PlacedSink {
    return this.sink(subtaskOf(keyGroup, maxParallelism, parallelism));
  }

  /** Lets the disk begin with large files, one after the other. */
  syncAhead(): void {
    if (this.isSyncing) return;
    const [next] = this.large;
    if (next === undefined) return;
    this.large.push(...this.large.splice(0, 1));
    this.isSyncing = true;
    void this.sinks[next].syncAhead().then(() => {
      this.isSyncing = false;
    });
  }

  /** Adds what does not come from entries, and brings all of it to the disk. */
  async close(header: Uint8Array): Promise<KeyGroupsHandle[]> {
    for (const [i, { ends }] of this.layout.subtasks.entries()) {
      this.sinks[i].writeAt(header, 0);
      for (const end of ends) this.sinks[i].writeAt(END_OF_KEY_GROUP, end);
    }
    await Promise.all(this.sinks.map((sink) => sink.close()));
    return this.layout.subtasks.map(({ start, offsets, bytes }, i) => ({
      type: 'savepointKeyGroups',
      startKeyGroup: start,
      offsets,
      stream: this.stream(i, bytes),
      stateHandleId: null,
    }));
  }

  /** Gives the files free after a failure; the folder removes them. */
  async abandon(): Promise<void> {
    for (const sink of this.sinks) await sink.close().catch(() => undefined);
  }

  private stream(subtask: number, size: number): StreamHandle {
    const [sink, name] = [this.sinks[subtask], this.names[subtask]];
    if (sink instanceof MemorySink) return { type: 'bytes', name, data: sink.bytes, offset: 0 };
    return { type: 'relative', path: name, size };
  }
}

class MemorySink implements PlacedSink {
  readonly bytes: Uint8Array;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  writeAt(bytes: Uint8Array, position: number): void {
    this.bytes.set(bytes, position);
  }

  async syncAhead(): Promise<void> {}

  async close(): Promise<void> {}
}
