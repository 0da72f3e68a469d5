import { openSnapshot } from '../engine/snapshot';
import type { ShareCount } from '../engine/stats/countShare';
import { type CountAll, snapshotStats } from '../engine/stats/snapshotStats';
import { statsShares } from '../engine/stats/statsShares';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { threadsForAll } from '../threads/sharesForThreads';
import { countInThreads } from '../threads/statsThreads';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { statsJson } from './statsJson';
import { statsText } from './statsText';

/** `stats PATH [--json]`: where the bytes are. Exit code 1 where something could not be read, and so was not counted. */
export const stats: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } }, ['PATH']);
  const snapshot = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const threads = threadsForAll(snapshot);
    const found = await snapshotStats(snapshot, threads > 1 ? countIn(threads, positionals[0]) : undefined, signal);
    await out(values.json === true ? statsJson(snapshot.path, found) : statsText(snapshot.path, found));
    return found.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  } finally {
    await snapshot.close();
  }
};

/** Counts the entries in threads: the bundle of the command line is theirs too. */
function countIn(threads: number, path: string): CountAll {
  return async (snapshot, signal) => {
    const all: ShareCount[] = [];
    const shares = statsShares(snapshot).map((share, number) => ({ number, share }));
    await countInThreads(
      { script: __filename, count: threads, path, growEvery: null },
      shares,
      ({ number, counted }) => {
        all[number] = counted;
      },
      signal,
    );
    return all;
  };
}
