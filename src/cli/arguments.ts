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
    const message = e instanceof Error ? e.message : String(e);
    // What Node says of unknown options goes on to explain arguments that no command takes.
    throw new UsageError(message.replace(/(?<=^Unknown option '.*'\.) To specify .*$/s, ''));
  }
}
