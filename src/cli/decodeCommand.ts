import { parseArguments } from './arguments';
import type { Command } from './command';
import { decode } from './decode';

/** `decode DIR`: serializer samples below a folder, one line of JSON each. */
export const decodeCommand: Command = async (args, { out }) => {
  const { positionals } = parseArguments(args, {}, ['DIR']);
  const lines: string[] = [];
  await decode(positionals[0], (line) => lines.push(`${line}\n`));
  await out(lines.join(''));
  return 0;
};
