import { dump as dumpEntries } from '../engine/query/dump';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { writeWhole } from '../engine/storage/nodeWholeFile';
import type { Reply } from '../threads/inThreads';
import { threadsForAll } from '../threads/sharesForThreads';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { dumpOptions, PARQUET } from './dumpOptions';
import { failureText } from './failureText';
import { decoderChoices } from './readAs';
import type { ShareResult } from './threads/messages';
import { taskInThreads } from './threads/taskInThreads';
import { UsageError } from './usage';

/** `dump PATH`: entries as lines. What cannot be read is told on stderr and makes the exit code 1. */
export const dump: Command = async (args, { out, err, signal }) => {
  const { values, positionals } = parseArguments(
    args,
    {
      operator: { type: 'string' },
      state: { type: 'string' },
      key: { type: 'string' },
      namespace: { type: 'string' },
      where: { type: 'string' },
      limit: { type: 'string' },
      'read-as': { type: 'string', multiple: true },
      format: { type: 'string' },
      out: { type: 'string' },
    },
    ['PATH'],
  );
  const { out: file, 'read-as': readAs = [], ...texts } = { ...values };
  const options = dumpOptions(texts);
  const decoders = decoderChoices(readAs);
  if (texts.format === PARQUET && file === undefined) throw new UsageError('--format parquet needs --out FILE.');
  // Several shares may need what cannot be read; it is told of once.
  const failures = new Set<string>();
  const failed = (text: string): void => {
    if (!failures.has(text)) err(text);
    failures.add(text);
  };
  const path = positionals[0];
  const snapshot = await openSnapshot(path, nodeFileStore, { signal, decoders });
  // Who asks for one key or few lines gets them from one thread, in the order of the snapshot.
  const isDivided = texts.key === undefined && texts.limit === undefined && texts.format !== PARQUET;
  const threads = isDivided ? threadsForAll(snapshot) : 1;
  const writeAll = async (write: (text: string | Uint8Array) => Promise<void>): Promise<void> => {
    if (threads > 1) {
      await write(options.format.header);
      const task = { type: 'dump', path, options: texts, decoders } as const;
      const receive = async (result: ShareResult, reply: Reply<ArrayBuffer>): Promise<void> => {
        if (result.type === 'failed') failed(result.text);
        if (result.type !== 'lines') return;
        await write(result.bytes);
        reply(result.bytes.buffer, [result.bytes.buffer]);
      };
      await taskInThreads(threads, snapshot, task, receive, signal);
      return;
    }
    const lines = dumpEntries(snapshot, options, (failure) => failed(failureText(failure)), signal);
    for await (const text of lines) await write(text);
  };
  try {
    if (file === undefined) await writeAll(out);
    else await writeWhole(file, writeAll);
  } finally {
    await snapshot.close();
  }
  return failures.size === 0 ? 0 : 1;
};
