import { parquetFormat } from '../engine/export/parquetFormat';
import type { Json } from '../engine/json/jsonValue';
import { parseJson } from '../engine/json/parseJson';
import { csv } from '../engine/query/csv';
import type { DumpOptions } from '../engine/query/dump';
import type { DumpFormat } from '../engine/query/dumpFormat';
import { entryFilter } from '../engine/query/filter';
import { ndjson } from '../engine/query/ndjson';
import { UsageError } from './usage';

/** Not of lines: it is written by one thread, to a file. */
export const PARQUET = 'parquet';

const FORMATS: Readonly<Record<string, DumpFormat>> = { ndjson, csv };

/** The options of `dump` that say which entries it prints, and how, as texts of the command line. */
export interface DumpTexts {
  readonly operator?: string | undefined;
  readonly state?: string | undefined;
  readonly key?: string | undefined;
  readonly namespace?: string | undefined;
  readonly where?: string | undefined;
  readonly limit?: string | undefined;
  readonly format?: string | undefined;
}

export function dumpOptions(texts: DumpTexts): DumpOptions & { readonly format: DumpFormat } {
  return {
    operator: texts.operator,
    state: texts.state,
    key: jsonOption('--key', texts.key),
    namespace: jsonOption('--namespace', texts.namespace),
    where: texts.where === undefined ? undefined : entryFilter(texts.where),
    limit: limitOption(texts.limit),
    format: formatOption(texts),
  };
}

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

function formatOption({ format: name = 'ndjson', operator, state }: DumpTexts): DumpFormat {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format !== undefined) return format;
  // Columns have types of their own where all entries have the same.
  if (name === PARQUET) return parquetFormat(operator !== undefined && state !== undefined);
  throw new UsageError(`--format takes ${Object.keys(FORMATS).join(', ')} or ${PARQUET}, found '${name}'.`);
}
