import { availableParallelism } from 'node:os';
import { statePieces, totalBytes } from '../engine/metadata/handles';
import { dump as dumpEntries } from '../engine/query/dump';
import { sharesOf } from '../engine/shares';
import { openSnapshot, type Snapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { type DumpTexts, dumpOptions } from './dumpOptions';
import { failureText } from './failureText';
import { writeWhole } from './outputFile';
import { dumpInThreads } from './threads/dumpInThreads';

/** Two threads keep the memory of a dump below 256 MB. */
const MOST_THREADS = 2;
/** Below, starting threads takes longer than they save. */
const BYTES_FOR_THREADS = 16 * 1024 * 1024;
/** Shares for each thread, so that none waits long for the others at the end. */
const SHARES_FOR_EACH = 8;

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
      format: { type: 'string' },
      out: { type: 'string' },
    },
    ['PATH'],
  );
  const { out: file, ...texts } = { ...values };
  const options = dumpOptions(texts);
  let failures = 0;
  const failed = (text: string): void => {
    failures++;
    err(text);
  };
  const snapshot = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const threads = threadsFor(snapshot, texts);
    const writeAll = async (write: (text: string | Uint8Array) => Promise<void>): Promise<void> => {
      if (threads > 1) {
        await write(options.format.header);
        const task = { path: positionals[0], options: texts };
        await dumpInThreads(
          __filename,
          threads,
          task,
          sharesOf(snapshot, threads * SHARES_FOR_EACH),
          { write, failed },
          signal,
        );
        return;
      }
      const lines = dumpEntries(snapshot, options, (failure) => failed(failureText(failure)), signal);
      for await (const text of lines) await write(text);
    };
    if (file === undefined) await writeAll(out);
    else await writeWhole(file, writeAll);
  } finally {
    await snapshot.close();
  }
  return failures === 0 ? 0 : 1;
};

/** Who asks for one key or few lines gets them from one thread, in the order of the snapshot. */
function threadsFor(snapshot: Snapshot, { key, limit }: DumpTexts): number {
  if (key !== undefined || limit !== undefined) return 1;
  const bytes = totalBytes([...statePieces(snapshot.metadata)].map(({ at }) => at));
  return bytes < BYTES_FOR_THREADS ? 1 : Math.min(availableParallelism(), MOST_THREADS);
}
