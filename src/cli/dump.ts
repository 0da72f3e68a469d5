import type { EntryFailure } from '../engine/entries';
import type { Json } from '../engine/json/jsonValue';
import { parseJson } from '../engine/json/parseJson';
import { type DumpOptions, dump as dumpEntries } from '../engine/query/dump';
import { csv, type DumpFormat, ndjson } from '../engine/query/dumpFormat';
import { entryFilter } from '../engine/query/filter';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { errorText } from './errorText';
import { writeWhole } from './outputFile';
import { UsageError } from './usage';

const FORMATS: Readonly<Record<string, DumpFormat>> = { ndjson, csv };

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
  const options: DumpOptions = {
    operator: values.operator,
    state: values.state,
    key: jsonOption('--key', values.key),
    namespace: jsonOption('--namespace', values.namespace),
    where: values.where === undefined ? undefined : entryFilter(values.where),
    limit: limitOption(values.limit),
    format: formatOption(values.format ?? 'ndjson'),
  };
  let failures = 0;
  const failed = ({ operator, subtask, error }: EntryFailure): void => {
    failures++;
    err(
      errorText(
        error.at({ where: `operator ${operator.name ?? operator.uid ?? operator.id} / subtask ${subtask.index}` }),
      ),
    );
  };
  const snapshot = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const writeAll = async (write: (text: string) => Promise<void>): Promise<void> => {
      for await (const text of dumpEntries(snapshot, options, failed, signal)) await write(text);
    };
    if (values.out === undefined) await writeAll(out);
    else await writeWhole(values.out, writeAll);
  } finally {
    await snapshot.close();
  }
  return failures === 0 ? 0 : 1;
};

function jsonOption(name: string, text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new UsageError(`${name} takes JSON, for a string with its quotes: ${name} '"user-1"'. ${why}`);
  }
}

function limitOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--limit takes a whole number, found '${text}'.`);
  return Number(text);
}

function formatOption(name: string): DumpFormat {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined)
    throw new UsageError(`--format takes ${Object.keys(FORMATS).join(' or ')}, found '${name}'.`);
  return format;
}
