import type { MessagePort } from 'node:worker_threads';
import { asEngineError } from '../../engine/bytes/engineError';
import { checkEntries } from '../../engine/query/checkEntries';
import { dump } from '../../engine/query/dump';
import type { Share } from '../../engine/shares';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import { nodeFileStore } from '../../engine/storage/nodeFileStore';
import { dumpOptions } from '../dumpOptions';
import { failureText } from '../failureText';
import { LinePackets } from './linePackets';
import type { FromThread, Task, ToThread } from './messages';

/** Runs in a thread: does its task for the shares that it is given, one after the other, until there are no more. */
export async function runShareThread(port: MessagePort, task: Task): Promise<void> {
  const send = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const lines = new LinePackets(send);
  let take: (share: Share | null) => void = () => {};
  port.on('message', (message: ToThread) => {
    if (message.type === 'share') take(message.share);
    else lines.written(message.buffer);
  });
  const nextShare = () =>
    new Promise<Share | null>((resolve) => {
      take = resolve;
      send({ type: 'ready' });
    });
  let snapshot: Snapshot | null = null;
  try {
    snapshot = await openSnapshot(task.path, nodeFileStore);
    const work = workOf(task, snapshot, send, lines);
    for (let share = await nextShare(); share !== null; share = await nextShare()) await work(share);
  } catch (e) {
    const { code, message, file, offset, where, hint } = asEngineError(e);
    send({ type: 'broken', error: { code, message, file, offset, where, hint } });
  } finally {
    await snapshot?.close();
    port.close();
  }
}

function workOf(
  task: Task,
  snapshot: Snapshot,
  send: (message: FromThread) => void,
  lines: LinePackets,
): (share: Share) => Promise<void> {
  if (task.type === 'verify') {
    return async (share) => send({ type: 'checked', checked: await checkEntries(snapshot, share) });
  }
  const options = dumpOptions(task.options);
  return async (share) => {
    const found = dump(snapshot, { ...options, share, buffers: lines }, (failure) =>
      send({ type: 'failed', text: failureText(failure) }),
    );
    for await (const bytes of found) await lines.send(bytes);
  };
}
