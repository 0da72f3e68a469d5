import type { RowThreads } from '../../bootstrap/rowThreads';
import { EngineError } from '../../bytes/engineError';
import { subtaskOf } from '../../keyGroups';
import { openSnapshot, type Snapshot } from '../../snapshot';
import type { FileStore } from '../../storage/byteSource';
import type { PlacedSink } from '../../storage/outputFolder';
import type { FlinkLine } from '../../types/describe/flinkLine';
import { type KeyedShare, KeyedSource } from '../keyedSource';
import { KeyGroupRule } from '../keyGroupRule';
import { Census, type CensusData } from './census';
import { ChunkSizes, ChunkWriter } from './chunks';
import { withKeyHash } from './findKeyHash';
import { type EntryEdits, KeyedPass } from './keyedPass';

/** What is done with the keyed state of one operator, share by share. Plain data, so that it can be sent to another thread. */
export interface KeyedJob {
  /** The snapshot, and the position of the operator in it. */
  readonly snapshot: string;
  readonly operator: number;
  /** From now on. */
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** The number from now on of each state, by its name in the source; null where it goes. */
  readonly states: ReadonlyMap<string, number | null>;
  /** How the job's own class computes the hash code of keys, where that was found. */
  readonly keyHash: string | null;
  /** Flink for which the source describes serializers of an old form anew; null: as they are. */
  readonly line: FlinkLine | null;
  /** Whether the key group of keys that do not move is computed too. */
  readonly provesKeys: boolean;
  /** Whether checksums are wanted, and not counts alone. */
  readonly sums: boolean;
  /** Files of the new subtasks; absent while nothing is written. */
  readonly files?: readonly string[];
}

/** Some shares together: looked through, or also written. */
export type KeyedTask =
  | { readonly kind: 'look'; readonly shares: readonly KeyedShare[] }
  | {
      readonly kind: 'write';
      readonly shares: readonly KeyedShare[];
      /** By key group: where the shares' entries begin in the file of their subtask, and their bytes. */
      readonly positions: Float64Array;
      readonly sizes: Float64Array;
    };

/** What a task found; null from one that writes. `sizes`: bytes that the shares add to each key group. */
export type KeyedResult = { readonly census: CensusData; readonly sizes: Float64Array } | null;

/** Does the tasks of a job elsewhere, `count` at a time; the results in the order of the tasks. */
export interface KeyedThreads {
  /** How many threads so many bytes are worth; 1 where they are not worth their start. */
  count(bytes: number): number;
  run(
    job: KeyedJob,
    tasks: readonly KeyedTask[],
    count: number,
    signal?: AbortSignal,
    done?: (task: KeyedTask) => void,
  ): Promise<KeyedResult[]>;
  /** The same for rows that become entries. */
  readonly rows?: RowThreads;
}

/** Memory for entries on their way to their files. */
const MEMORY = 24 * 1024 * 1024;

/** Does the tasks of a job one after the other. */
export class KeyedWorker {
  constructor(
    private readonly source: KeyedSource,
    private readonly job: KeyedJob,
    /** Of the new subtasks. */
    private readonly files: (subtask: number) => PlacedSink,
    edits: ReadonlyMap<string, EntryEdits> = new Map(),
  ) {
    const { maxParallelism, states, provesKeys, keyHash } = job;
    const key = source.key === null || keyHash === null ? source.key : withKeyHash(source.key, keyHash);
    const rule = new KeyGroupRule(key, source.operator.state.maxParallelism, maxParallelism, provesKeys);
    this.pass = new KeyedPass(
      source,
      rule,
      source.states.map((state) => ({
        source: state,
        id: states.get(state.name) ?? null,
        edits: edits.get(state.name) ?? null,
      })),
    );
  }

  private readonly pass: KeyedPass;

  async do(task: KeyedTask, signal?: AbortSignal): Promise<KeyedResult> {
    const { maxParallelism, parallelism, sums } = this.job;
    if (task.kind === 'look') {
      const census = new Census(this.source.operator.state.maxParallelism, maxParallelism, sums);
      const sizes = new ChunkSizes(maxParallelism);
      for (const share of task.shares) await this.pass.over(share, census, sizes, signal);
      return { census: census.data(), sizes: sizes.bytes };
    }
    const { positions, sizes } = task;
    const file = (keyGroup: number) => this.files(subtaskOf(keyGroup, maxParallelism, parallelism));
    const writer = new ChunkWriter(maxParallelism, { file, positions }, MEMORY);
    for (const share of task.shares) await this.pass.over(share, null, writer, signal);
    writer.close(sizes);
    return null;
  }
}

/** A worker of its own over the snapshot that a job names, for a thread that shares nothing with others. */
export async function openKeyedWorker(
  job: KeyedJob,
  store: FileStore,
  openFile: (path: string) => PlacedSink,
): Promise<{ worker: KeyedWorker; close(): Promise<void> }> {
  const snapshot = await openSnapshot(job.snapshot, store);
  const sinks = new Map<number, PlacedSink>();
  const close = async (): Promise<void> => {
    for (const sink of sinks.values()) await sink.close();
    await snapshot.close();
  };
  try {
    const source = await keyedSourceAt(snapshot, job);
    const files = (subtask: number): PlacedSink => {
      const sink = sinks.get(subtask) ?? openFile(job.files?.[subtask] ?? '');
      sinks.set(subtask, sink);
      return sink;
    };
    return { worker: new KeyedWorker(source, job, files), close };
  } catch (e) {
    await close();
    throw e;
  }
}

async function keyedSourceAt(snapshot: Snapshot, { operator, line, states }: KeyedJob): Promise<KeyedSource> {
  const found = snapshot.operators[operator];
  const source = found === undefined ? null : await KeyedSource.open(snapshot, found);
  if (source !== null) return line === null ? source : source.modern(line, (name) => states.get(name) !== null);
  throw new EngineError('FILE_CHANGED', 'The snapshot is not the one that it was a moment ago.', {
    file: snapshot.metadataPath,
  });
}
