import type { MessagePort } from 'node:worker_threads';
import type { DataShare } from '../engine/bootstrap/data/dataSource';
import type {
  EncodedRun,
  EncodeJob,
  KeyGroupTask,
  MergedKeyGroups,
  MergeJob,
  RowThreads,
} from '../engine/bootstrap/rowThreads';
import { EncodeWorker, MergeWorker } from '../engine/bootstrap/rowWorker';
import type { SpareBuffers } from '../engine/bootstrap/spareBuffers';
import { openBootstrap } from '../engine/plan/preparePlan';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { inThreads, type Reply } from './inThreads';
import { runInThread, type Send } from './runInThread';
import { threadsFor } from './sharesForThreads';
import { isWork } from './threadMessages';
import { Unanswered } from './unanswered';

/** Rows live until their batch is done: with less room, most of the time goes into bringing them from one place to the other. */
const YOUNG_MB = 48;

/** What a thread for rows is started for. */
export type RowThreadData =
  | { readonly type: 'encode'; readonly job: EncodeJob }
  | { readonly type: 'merge'; readonly job: MergeJob };

interface Numbered<T> {
  readonly number: number;
  readonly of: T;
}

/** Does the work on rows in threads of a bundle that calls `runRowThread` when it finds itself in one. */
export function rowThreads(script: string): RowThreads {
  return {
    count: threadsFor,
    shareBytes: 8 * 1024 * 1024,
    taskBytes: 8 * 1024 * 1024,
    encode: (job, shares, count, take, signal) =>
      dealt<DataShare, EncodedRun>(script, { type: 'encode', job }, shares, count, take, signal),
    merge: (job, tasks, count, take, signal) =>
      dealt<KeyGroupTask, MergedKeyGroups>(script, { type: 'merge', job }, tasks, count, take, signal),
  };
}

async function dealt<Item, Result extends { readonly bytes: Uint8Array }>(
  script: string,
  data: RowThreadData,
  items: readonly Item[],
  count: number,
  take: (result: Result) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  let failure: unknown;
  const taking = new Set<Promise<void>>();
  // A result may have to wait for those of other threads: it does not keep them from being received.
  const receive = (result: Result, reply: Reply<ArrayBuffer>): void => {
    const taken = take(result)
      .then(() => giveBack(result, reply))
      .catch((e: unknown) => {
        failure ??= e;
        end();
      })
      .finally(() => taking.delete(taken));
    taking.add(taken);
  };
  try {
    await inThreads<Numbered<Item>, Result, ArrayBuffer>(
      { script, count, data, youngMb: YOUNG_MB },
      items.map((of, number) => ({ number, of })),
      receive,
      ending.signal,
    );
    await Promise.all(taking);
  } catch (e) {
    throw failure ?? e;
  } finally {
    signal?.removeEventListener('abort', end);
  }
  if (failure !== undefined) throw failure;
}

/** The buffer of a result goes back to where it is from. */
function giveBack({ bytes: { buffer } }: { readonly bytes: Uint8Array }, reply: Reply<ArrayBuffer>): void {
  if (buffer instanceof ArrayBuffer) reply(buffer, [buffer]);
}

export const isRowThread = isWork<RowThreadData>('encode', 'merge');

/** Runs in a thread of `rowThreads`. */
export async function runRowThread(port: MessagePort, data: RowThreadData): Promise<void> {
  if (data.type === 'encode') {
    await runInThread<Numbered<DataShare>, EncodedRun, ArrayBuffer>(port, async (send) => {
      const { job, close } = await openBootstrap(data.job.plan, data.job.step, nodeFileStore);
      const worker = new EncodeWorker(job, data.job);
      const sender = new PatientSender(send, worker.buffers);
      return {
        do: ({ number, of }) => worker.encode(of, number, (run) => sender.send(run)),
        answered: (buffer) => sender.taken(buffer),
        close,
      };
    });
    return;
  }
  await runInThread<Numbered<KeyGroupTask>, MergedKeyGroups, ArrayBuffer>(port, async (send) => {
    const worker = await MergeWorker.open(data.job, nodeFileStore);
    const sender = new PatientSender(send, worker.buffers);
    return {
      do: async ({ number, of }) => sender.send(await worker.merge(of, number)),
      answered: (buffer) => sender.taken(buffer),
      close: () => worker.close(),
    };
  });
}

/** Sends results, whose bytes go over as they are, and waits while too many of them are not taken. */
class PatientSender<Result extends { readonly bytes: Uint8Array }> {
  private readonly unanswered = new Unanswered();

  constructor(
    private readonly post: Send<Result>,
    private readonly buffers: SpareBuffers,
  ) {}

  async send(result: Result): Promise<void> {
    const { buffer } = result.bytes;
    this.post(result, buffer instanceof ArrayBuffer ? [buffer] : []);
    await this.unanswered.sent();
  }

  /** Told of each result that was taken, whose buffer is free again. */
  taken(buffer: ArrayBuffer): void {
    this.buffers.give(buffer);
    this.unanswered.answered();
  }
}
