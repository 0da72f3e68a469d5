import type { MessagePort } from 'node:worker_threads';
import { asEngineError } from '../engine/bytes/engineError';
import type { FromThread, ToThread } from './threadMessages';

/** What a thread does. */
export interface ThreadWork<Item, Answer = never> {
  /** Does an item; what comes of it is sent as results. */
  do(item: Item): Promise<void>;
  /** Told of each answer to a result. */
  answered?(answer: Answer): void;
  /** Called when there are no more items, and after an error. */
  close(): Promise<void>;
}

/** Sends a result to whoever started the thread. */
export type Send<Result> = (result: Result, transfer?: readonly ArrayBuffer[]) => void;

/** Runs in a thread that `inThreads` started: does the items that it is given, one after the other, until there are no more. */
export async function runInThread<Item, Result, Answer = never>(
  port: MessagePort,
  start: (send: Send<Result>) => Promise<ThreadWork<Item, Answer>>,
): Promise<void> {
  const post = (message: FromThread<Result>, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  let work: ThreadWork<Item, Answer> | null = null;
  let take: (item: Item | null) => void = () => {};
  port.on('message', (message: ToThread<Item, Answer>) => {
    if (message.type === 'item') take(message.item);
    else work?.answered?.(message.answer);
  });
  const nextItem = () =>
    new Promise<Item | null>((resolve) => {
      take = resolve;
      post({ type: 'ready' });
    });
  try {
    work = await start((result, transfer) => post({ type: 'result', result }, transfer));
    for (let item = await nextItem(); item !== null; item = await nextItem()) await work.do(item);
  } catch (e) {
    const { code, message, file, offset, where, hint } = asEngineError(e);
    post({ type: 'broken', error: { code, message, file, offset, where, hint } });
  } finally {
    await work?.close();
    port.close();
  }
}
