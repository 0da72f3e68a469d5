import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { describeSnapshot } from '../engine/inspect';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import { PROGRAM } from '../program';
import { Peer } from '../rpc/peer';
import { isKeyedThread, keyedThreads, runKeyedThread } from '../threads/keyedThreads';
import { threadsFor } from '../threads/sharesForThreads';
import { countInThreads, isStatsThread, runStatsThread } from '../threads/statsThreads';
import { engineHandlers } from './handlers';
import { ScratchIndex } from './scratch/scratchIndex';
import type { EngineOwnerSide, EngineSide, EngineThreadData } from './workerProtocol';

/** What was counted of a share until now is told so often. */
const GROW_EVERY_MS = 400;

/** Entry of the engine's thread: answers requests until it is terminated. More threads of this file count, and write keyed state. */
const port = parentPort;
if (port === null) throw new Error('This file runs in a worker thread only.');
if (isKeyedThread(workerData)) void runKeyedThread(port, workerData);
else if (isStatsThread(workerData)) void runStatsThread(port, workerData);
else answer(port, workerData as EngineThreadData);

function answer(port: MessagePort, { scratchFolder }: EngineThreadData): void {
  const note = (message: string): void => peer.notify('note', { message });
  const peer = new Peer<EngineSide, EngineOwnerSide>(
    {
      post: (message) => port.postMessage(message),
      receive: (listener) => port.on('message', listener),
    },
    engineHandlers(
      nodeFileStore,
      describeSnapshot,
      { createFolder: createOutputFolder, threads: keyedThreads(__filename) },
      {
        scratch: new ScratchIndex({ folder: scratchFolder, program: PROGRAM, note }),
        // Also one thread leaves this one to answer other questions, and is ended at once.
        inThreads: (path, bytes, shares, receive, signal) =>
          countInThreads(
            { script: __filename, count: threadsFor(bytes), path, growEvery: GROW_EVERY_MS },
            shares,
            receive,
            signal,
          ),
      },
    ),
    {},
  );
}
