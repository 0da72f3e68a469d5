import { parentPort, workerData } from 'node:worker_threads';
import { EngineError } from '../../src/engine/bytes/engineError';
import { runInThread } from '../../src/threads/runInThread';

/** What the thread is to do with its numbers, each of which it sends back twice as large. */
export interface EchoTask {
  /** Fails at this number. */
  readonly failAt?: number;
  /** Waits for an answer to each result, and sends it on. */
  readonly asks?: boolean;
}

const task: EchoTask = workerData;
const port = parentPort;
if (port === null) throw new Error('This file runs in a worker thread only.');

runInThread<number, number | string, string>(port, async (send) => {
  let answered: (answer: string) => void = () => {};
  return {
    async do(item) {
      if (item === task.failAt) {
        throw new EngineError('CORRUPT', 'It is broken.', { file: 'f.sst', offset: 17, hint: 'Mend it.' });
      }
      send(item * 2);
      if (task.asks !== true) return;
      send(await new Promise<string>((resolve) => (answered = resolve)));
    },
    answered: (answer) => answered(answer),
    close: async () => send('closed'),
  };
});
