import { parentPort, workerData } from 'node:worker_threads';
import { isDiffThread, runDiffThread } from '../../src/threads/diffThreads';

/** A bundle for threads that compare, and for nothing else. */
if (parentPort === null || !isDiffThread(workerData)) throw new Error('This file runs in a thread that compares only.');
void runDiffThread(parentPort, workerData);
