import { openSnapshot } from '../engine/snapshot';
import { snapshotStats } from '../engine/stats/snapshotStats';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { statsJson } from './statsJson';
import { statsText } from './statsText';

/** `stats PATH [--json]`: where the bytes are. Exit code 1 where something could not be read, and so was not counted. */
export const stats: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } }, ['PATH']);
  const snapshot = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const found = await snapshotStats(snapshot, undefined, signal);
    await out(values.json === true ? statsJson(snapshot.path, found) : statsText(snapshot.path, found));
    return found.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  } finally {
    await snapshot.close();
  }
};
