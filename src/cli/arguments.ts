import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses a command's arguments; anything unknown or missing is a `UsageError`. */
export function parseArguments<O extends Options>(args: string[], options: O, positional: string[]) {
  const parsed = parse(args, options);
  if (parsed.positionals.length < positional.length) {
    throw new UsageError(`${positional[parsed.positionals.length]} is missing.`);
  }
  if (parsed.positionals.length > positional.length) {
    throw new UsageError(`Too many arguments: ${parsed.positionals.slice(positional.length).join(' ')}`);
  }
  return parsed;
}

function parse<O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (e) {
    throw new UsageError(e instanceof Error ? e.message : String(e));
  }
}
