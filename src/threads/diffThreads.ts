import type { MessagePort } from 'node:worker_threads';
import { EngineError } from '../engine/bytes/engineError';
import type { DiffShare } from '../engine/diff/operatorPair';
import {
  type RunShares,
  runSharesHere,
  type ShareEvent,
  type ShareOptions,
  ShareWorker,
} from '../engine/diff/runShares';
import { openSnapshot, type Snapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { inThreads } from './inThreads';
import { runInThread } from './runInThread';
import { threadsFor } from './sharesForThreads';
import { isWork } from './threadMessages';
import { Unanswered } from './unanswered';

/** What a thread for the comparison of two snapshots is started for. */
export interface DiffThreadData {
  readonly type: 'diff';
  readonly before: string;
  readonly after: string;
  readonly options: ShareOptions;
}

type Taken = 'taken';

/**
 * Has shares compared by threads of a bundle that calls `runDiffThread` when it finds itself in one, and by this thread where they
 * are too few bytes to be worth a start. `least`: threads that are started all the same, so that this one is free.
 */
export const diffThreads =
  (script: string, before: Snapshot, after: Snapshot, least = 0): RunShares =>
  async (shares, options, receive, signal) => {
    const count = Math.min(threadsFor(shares.reduce((sum, { bytes }) => sum + bytes, 0)), shares.length);
    if (count <= 1 && least === 0) return runSharesHere(before, after)(shares, options, receive, signal);
    const data = { type: 'diff', before: before.path, after: after.path, options } satisfies DiffThreadData;
    await inThreads<DiffShare, ShareEvent, Taken>(
      { script, count: Math.max(count, least), data },
      shares,
      async (event, reply) => {
        await receive(event);
        reply('taken');
      },
      signal,
    );
  };

export const isDiffThread = isWork<DiffThreadData>('diff');

/** Runs in a thread of `diffThreads`. */
export async function runDiffThread(port: MessagePort, { before, after, options }: DiffThreadData): Promise<void> {
  await runInThread<DiffShare, ShareEvent, Taken>(port, async (send) => {
    const snapshots: Snapshot[] = [];
    const close = async (): Promise<void> => {
      for (const snapshot of snapshots) await snapshot.close();
    };
    try {
      for (const path of [before, after]) snapshots.push(await openSnapshot(path, nodeFileStore));
    } catch (e) {
      await close();
      throw e;
    }
    const [a, b] = snapshots;
    if (a === undefined || b === undefined) throw new EngineError('INTERNAL', 'A comparison has two sides.');
    const worker = new ShareWorker(a, b, options);
    const unanswered = new Unanswered();
    return {
      do: (share) =>
        worker.compare(share, async (event) => {
          const { buffer } = event.type === 'differences' ? event.bytes : { buffer: null };
          send(event, buffer instanceof ArrayBuffer ? [buffer] : []);
          await unanswered.sent();
        }),
      answered: () => unanswered.answered(),
      close,
    };
  });
}
