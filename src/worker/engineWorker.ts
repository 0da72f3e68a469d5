import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { describeSnapshot } from '../engine/inspect';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import { openScratchFile } from '../engine/storage/nodeScratchFile';
import { writeWhole } from '../engine/storage/nodeWholeFile';
import { PROGRAM } from '../program';
import { Peer } from '../rpc/peer';
import { diffThreads, isDiffThread, runDiffThread } from '../threads/diffThreads';
import { isKeyedThread, keyedThreads, runKeyedThread } from '../threads/keyedThreads';
import { threadsFor, threadsForAll } from '../threads/sharesForThreads';
import { countInThreads, isStatsThread, runStatsThread } from '../threads/statsThreads';
import { checkInThreads, isVerifyThread, runVerifyThread } from '../threads/verifyThreads';
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
else if (isDiffThread(workerData)) void runDiffThread(port, workerData);
else if (isVerifyThread(workerData)) void runVerifyThread(port, workerData);
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
      {
        run: (before, after) => diffThreads(__filename, before, after, 1),
        openScratch: () => openScratchFile(scratchFolder === null ? tmpdir() : path.join(scratchFolder, 'compare')),
        writeWhole,
      },
      (path, snapshot, progress, signal) =>
        checkInThreads(
          { script: __filename, count: threadsForAll(snapshot), path, tellEvery: GROW_EVERY_MS },
          snapshot,
          progress,
          signal,
        ),
    ),
    {},
  );
}
