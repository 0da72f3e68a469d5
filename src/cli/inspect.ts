import { describeSnapshot } from '../engine/inspect';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { inspectJson } from './inspectJson';
import { inspectText } from './inspectText';

/** `inspect PATH [--json]`: reads `_metadata` and the headers of state files, nothing else. */
export const inspect: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } }, ['PATH']);
  const description = await describeSnapshot(positionals[0], nodeFileStore, signal);
  await out(values.json === true ? inspectJson(description) : inspectText(description));
  return 0;
};
