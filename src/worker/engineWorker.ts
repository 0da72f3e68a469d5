import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { describeSnapshot } from '../engine/inspect';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import { Peer } from '../rpc/peer';
import { isKeyedThread, keyedThreads, runKeyedThread } from '../threads/keyedThreads';
import { engineHandlers } from './handlers';
import type { EngineOwnerSide, EngineSide } from './workerProtocol';

/** Entry of the engine's thread: answers requests until it is terminated. Keyed state is written by more threads of this file. */
const port = parentPort;
if (port === null) throw new Error('This file runs in a worker thread only.');
if (isKeyedThread(workerData)) void runKeyedThread(port, workerData);
else answer(port);

function answer(port: MessagePort): void {
  new Peer<EngineSide, EngineOwnerSide>(
    {
      post: (message) => port.postMessage(message),
      receive: (listener) => port.on('message', listener),
    },
    engineHandlers(nodeFileStore, describeSnapshot, {
      createFolder: createOutputFolder,
      threads: keyedThreads(__filename),
    }),
    {},
  );
}
