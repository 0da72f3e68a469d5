import { dump } from '../../engine/query/dump';
import type { Share } from '../../engine/shares';
import { openSnapshot } from '../../engine/snapshot';
import { nodeFileStore } from '../../engine/storage/nodeFileStore';
import type { Send, ThreadWork } from '../../threads/runInThread';
import { dumpOptions } from '../dumpOptions';
import { failureText } from '../failureText';
import { LinePackets } from './linePackets';
import type { ShareResult, Task } from './messages';

/** What a thread of the command line does with its shares. */
export async function startTask(task: Task, send: Send<ShareResult>): Promise<ThreadWork<Share, ArrayBuffer>> {
  const snapshot = await openSnapshot(task.path, nodeFileStore, { decoders: task.decoders });
  const options = dumpOptions(task.options);
  const lines = new LinePackets(send);
  return {
    do: async (share) => {
      const found = dump(snapshot, { ...options, share, buffers: lines }, (failure) =>
        send({ type: 'failed', text: failureText(failure) }),
      );
      for await (const bytes of found) await lines.send(bytes);
    },
    answered: (buffer) => lines.written(buffer),
    close: () => snapshot.close(),
  };
}
