import { EngineError, throwIfAborted } from '../../bytes/engineError';
import type { KeyedShare, KeyedSource } from '../keyedSource';
import { Census } from './census';
import { type KeyedJob, type KeyedResult, type KeyedTask, type KeyedThreads, KeyedWorker } from './keyedJob';
import type { EntryEdits } from './keyedPass';

/** Tasks for each thread, so that none waits long for the others at the end. */
const TASKS_FOR_EACH = 4;

/** What a look at keyed state found. */
export interface Look {
  readonly census: Census;
  /** Shares that go together, in their order. */
  readonly groups: readonly (readonly KeyedShare[])[];
  /** By group: the bytes that it adds to each key group. */
  readonly sizes: Float64Array[];
}

/** What a job over keyed state needs beside the job. */
export interface KeyedWork {
  readonly source: KeyedSource;
  readonly job: KeyedJob;
  readonly threads: KeyedThreads | null;
  /** Edits see all entries in their order, and so in one thread. */
  readonly edits?: ReadonlyMap<string, EntryEdits>;
}

/** Goes over all entries of a source and writes nothing. */
export async function lookThrough(work: KeyedWork, signal?: AbortSignal): Promise<Look> {
  const { source, job } = work;
  const groups = grouped(source.shares(threadsFor(work) * TASKS_FOR_EACH), threadsFor(work) * TASKS_FOR_EACH);
  const census = new Census(source.operator.state.maxParallelism, job.maxParallelism, job.sums);
  const nowhere = (): never => {
    throw new EngineError('INTERNAL', 'Internal error: a look writes nothing.');
  };
  const worker = new KeyedWorker(source, job, nowhere, work.edits);
  const tasks = groups.map((shares): KeyedTask => ({ kind: 'look', shares }));
  const sizes: Float64Array[] = [];
  for (const result of await doAll(work, worker, tasks, signal)) {
    if (result === null) continue;
    census.addAll(result.census);
    sizes.push(result.sizes);
  }
  return { census, groups, sizes };
}

/** So many groups at most: what is kept of each takes memory for every key group. */
function grouped(shares: readonly KeyedShare[], most: number): KeyedShare[][] {
  const size = Math.max(1, Math.ceil(shares.length / most));
  return Array.from({ length: Math.ceil(shares.length / size) }, (_, i) => shares.slice(i * size, (i + 1) * size));
}

/** Does tasks in threads where these are worth it, else here. */
export async function doAll(
  work: KeyedWork,
  worker: KeyedWorker,
  tasks: readonly KeyedTask[],
  signal: AbortSignal | undefined,
  done: (task: KeyedTask) => void = () => {},
): Promise<KeyedResult[]> {
  const count = threadsFor(work);
  if (work.threads !== null && count > 1) return work.threads.run(work.job, tasks, count, signal, done);
  const results: KeyedResult[] = [];
  for (const task of tasks) {
    throwIfAborted(signal);
    results.push(await worker.do(task, signal));
    done(task);
  }
  return results;
}

export function threadsFor({ source, threads, edits }: KeyedWork): number {
  return threads === null || (edits !== undefined && edits.size > 0) ? 1 : threads.count(source.bytes);
}
