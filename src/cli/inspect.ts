import { describeSnapshot } from '../engine/inspect';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { inspectJson } from './inspectJson';
import { inspectText } from './inspectText';
import { namesFrom } from './namesFrom';

/** `inspect PATH [--names DIR] [--json]`: reads `_metadata` and the headers of state files, and of the sources in DIR their uids. */
export const inspect: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(args, { json: { type: 'boolean' }, names: { type: 'string' } }, [
    'PATH',
  ]);
  const description = await describeSnapshot(positionals[0], nodeFileStore, signal);
  const names = values.names === undefined ? null : await namesFrom(values.names, description, signal);
  await out(values.json === true ? inspectJson(description, names) : inspectText(description, names));
  return 0;
};
