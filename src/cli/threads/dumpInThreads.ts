import { Worker } from 'node:worker_threads';
import { EngineError, type EngineErrorCode } from '../../engine/bytes/engineError';
import type { Share } from '../../engine/shares';
import type { DumpTask, FromThread, ToThread } from './messages';

export interface DumpReceiver {
  write(bytes: Uint8Array): Promise<void>;
  failed(text: string): void;
}

/**
 * Dumps the shares in `count` threads, which take one after the other. Lines of different shares come as they are ready.
 * `script` is a file whose threads call `runDumpThread`.
 */
export async function dumpInThreads(
  script: string,
  count: number,
  task: DumpTask,
  shares: readonly Share[],
  receiver: DumpReceiver,
  signal: AbortSignal,
): Promise<void> {
  const left = [...shares];
  const threads: Worker[] = [];
  const stop = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      let running = count;
      signal.addEventListener('abort', () => reject(new EngineError('CANCELLED', 'Cancelled.')), {
        signal: stop.signal,
      });
      // One text is written at a time; whoever waits for it is not told that there is room until then.
      let writing: Promise<void> = Promise.resolve();
      const receive = (thread: Worker, message: FromThread): void => {
        const answer = (m: ToThread): void => thread.postMessage(m);
        switch (message.type) {
          case 'lines':
            writing = writing.then(() => receiver.write(message.bytes)).then(() => answer({ type: 'written' }));
            writing.catch(reject);
            break;
          case 'failed':
            receiver.failed(message.text);
            break;
          case 'ready':
            answer({ type: 'share', share: left.shift() ?? null });
            break;
          case 'broken':
            reject(new EngineError(message.error.code as EngineErrorCode, message.error.message, message.error));
            break;
        }
      };
      for (let i = 0; i < count; i++) {
        const thread = new Worker(script, { workerData: task, stdin: false });
        threads.push(thread);
        thread.on('message', (message: FromThread) => receive(thread, message));
        thread.on('error', reject);
        thread.on('exit', () => {
          if (--running === 0) writing.then(resolve, reject);
        });
      }
    });
  } finally {
    stop.abort();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
