import type { MessagePort } from 'node:worker_threads';
import { asEngineError } from '../../engine/bytes/engineError';
import { dump } from '../../engine/query/dump';
import type { Share } from '../../engine/shares';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import { nodeFileStore } from '../../engine/storage/nodeFileStore';
import { dumpOptions } from '../dumpOptions';
import { failureText } from '../failureText';
import type { DumpTask, FromThread, ToThread } from './messages';

/** Texts on their way at once: enough that the thread seldom waits, few enough that they take little memory. */
const MOST_UNWRITTEN = 2;
const encoder = new TextEncoder();
/** Bytes that are sent at once; a longer text goes alone. */
const PACKET = 1024 * 1024;
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const BYTES_OF_UNIT = 3;

/** Runs in a thread: dumps the shares that it is given, one after the other, until there are no more. */
export async function runDumpThread(port: MessagePort, { path, options }: DumpTask): Promise<void> {
  const send = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  let unwritten = 0;
  let wake: (() => void) | null = null;
  let given: ((share: Share | null) => void) | null = null;
  port.on('message', (message: ToThread) => {
    if (message.type === 'share') given?.(message.share);
    else {
      unwritten--;
      wake?.();
    }
  });
  let packet = new Uint8Array(PACKET);
  let filled = 0;
  const sendPacket = async (): Promise<void> => {
    if (filled === 0) return;
    const bytes = packet.subarray(0, filled);
    send({ type: 'lines', bytes }, [packet.buffer]);
    packet = new Uint8Array(PACKET);
    filled = 0;
    unwritten++;
    while (unwritten >= MOST_UNWRITTEN) await new Promise<void>((resolve) => (wake = resolve));
  };
  // Text becomes bytes as soon as it is there: a long text that lives longer is moved about by the garbage collector.
  const addLines = async (text: string): Promise<void> => {
    const most = text.length * BYTES_OF_UNIT;
    if (filled + most > PACKET) await sendPacket();
    if (most > PACKET) packet = new Uint8Array(most);
    filled += encoder.encodeInto(text, packet.subarray(filled)).written;
  };
  const nextShare = () =>
    new Promise<Share | null>((resolve) => {
      given = resolve;
      send({ type: 'ready' });
    });
  let snapshot: Snapshot | null = null;
  try {
    snapshot = await openSnapshot(path, nodeFileStore);
    const parsed = dumpOptions(options);
    for (let share = await nextShare(); share !== null; share = await nextShare()) {
      const failed = (failure: Parameters<typeof failureText>[0]) =>
        send({ type: 'failed', text: failureText(failure) });
      for await (const lines of dump(snapshot, { ...parsed, share }, failed)) await addLines(lines);
      await sendPacket();
    }
  } catch (e) {
    const { code, message, file, offset, where, hint } = asEngineError(e);
    send({ type: 'broken', error: { code, message, file, offset, where, hint } });
  } finally {
    await snapshot?.close();
    port.close();
  }
}
