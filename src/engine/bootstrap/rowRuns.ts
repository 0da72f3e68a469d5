import type { ByteSource, FileStore } from '../storage/byteSource';
import { MemorySource } from '../storage/memorySource';
import type { OutputPlace } from '../write/keyedRewrite';
import { type RunShape, stretchesOf, tableBytes } from './rowLog';

const RUNS_OF_A_PLACE = 2 ** 36;

/** A run in a temporary file, or in memory. Its entries come behind those of runs with smaller numbers. */
interface PlacedRun {
  readonly order: number;
  readonly name: string | null;
  readonly bytes: Uint8Array | null;
  /** Bytes of each key group. */
  readonly sizes: Float64Array;
}

/** The runs that the rows of a plan's steps give (`RowLog`), in temporary files of the output's folder. */
export class RowRuns {
  private runs: PlacedRun[] = [];
  private places = 0;

  constructor(
    readonly shape: RunShape,
    private readonly place: OutputPlace,
  ) {}

  /** A place behind all that was added so far, for runs that come in any order: `add` takes it, and numbers above it. */
  nextPlace(): number {
    return this.places++ * RUNS_OF_A_PLACE;
  }

  /** The bytes may be used for something else once this resolves. */
  async add(order: number, run: Uint8Array): Promise<void> {
    const { output, names } = this.place;
    const name = names.fresh();
    const sink = await output.createTemporary(name);
    try {
      await sink.write(run);
    } finally {
      await sink.close();
    }
    this.runs.push({ order, name, bytes: null, sizes: sizesOf(run, this.shape) });
  }

  /** A last run, which stays in memory. */
  hold(bytes: Uint8Array): void {
    this.runs.push({ order: this.nextPlace(), name: null, bytes, sizes: sizesOf(bytes, this.shape) });
  }

  /** Brings what is in memory to a file too. */
  async spill(): Promise<void> {
    const held = this.runs.filter(({ bytes }) => bytes !== null);
    this.runs = this.runs.filter(({ bytes }) => bytes === null);
    for (const { order, bytes } of held) if (bytes !== null) await this.add(order, bytes);
  }

  /** Forgets runs from this place on. */
  async drop(place: number): Promise<void> {
    await this.remove(this.runs.filter(({ order }) => order >= place));
    this.runs = this.runs.filter(({ order }) => order < place);
  }

  /** Bytes of each key group, of all runs. */
  sizes(): Float64Array {
    const all = new Float64Array(this.shape.keyGroups);
    for (const { sizes } of this.runs) for (let i = 0; i < all.length; i++) all[i] += sizes[i];
    return all;
  }

  /** The files of runs in their order. */
  files(): string[] {
    const { store, output } = this.place;
    return this.inOrder().flatMap(({ name }) => (name === null ? [] : [store.join(output.path, name)]));
  }

  /** All runs in their order, opened. */
  async open(): Promise<ByteSource[]> {
    const { store, output } = this.place;
    const open = ({ name, bytes }: PlacedRun): ByteSource | Promise<ByteSource> =>
      bytes === null ? store.open(store.join(output.path, name ?? '')) : new MemorySource('rows', bytes);
    return openAll(this.inOrder().map((run) => () => open(run)));
  }

  /** Removes the temporary files; after a failure the folder does that with all its files. */
  async clear(): Promise<void> {
    await this.remove(this.runs);
    this.runs = [];
  }

  private inOrder(): PlacedRun[] {
    return this.runs.sort((a, b) => a.order - b.order);
  }

  private async remove(runs: readonly PlacedRun[]): Promise<void> {
    for (const { name } of runs) if (name !== null) await this.place.output.remove(name);
  }
}

/** The same of files that somebody else has filled. */
export const openRuns = (files: readonly string[], store: FileStore): Promise<ByteSource[]> =>
  openAll(files.map((file) => () => store.open(file)));

async function openAll(open: readonly (() => ByteSource | Promise<ByteSource>)[]): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  try {
    for (const next of open) sources.push(await next());
    return sources;
  } catch (e) {
    for (const source of sources) await source.close();
    throw e;
  }
}

function sizesOf(run: Uint8Array, shape: RunShape): Float64Array {
  const table = new Int32Array(run.buffer, run.byteOffset, tableBytes(shape) / 4);
  const width = stretchesOf(shape);
  const sizes = new Float64Array(shape.keyGroups);
  for (let keyGroup = 0, from = 0; keyGroup < sizes.length; keyGroup++) {
    const to = table[(keyGroup + 1) * width - 1];
    sizes[keyGroup] = to - from;
    from = to;
  }
  return sizes;
}
