import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DataRow } from '../../../src/engine/bootstrap/data/dataSource';
import { inferColumns } from '../../../src/engine/bootstrap/data/inferColumns';
import { ParquetRows } from '../../../src/engine/bootstrap/data/parquetRows';
import { encodeBase64 } from '../../../src/engine/json/base64';
import type { Json } from '../../../src/engine/json/jsonValue';
import { printJson } from '../../../src/engine/json/printJson';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { fixturesRoot } from '../../corpus';

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(fixturesRoot, 'data', name)));
const open = (name: string): Promise<ParquetRows> => ParquetRows.open(new MemorySource(name, bytesOf(name)));

async function rowsOf(parquet: ParquetRows, wanted?: ReadonlySet<string>): Promise<DataRow[]> {
  const rows: DataRow[] = [];
  for await (const batch of parquet.rows({ wanted })) rows.push(...batch);
  return rows;
}

function shown(parquet: ParquetRows, { place, cells }: DataRow): string {
  const values = [...cells.values()].map((cell) => (cell instanceof Uint8Array ? encodeBase64(cell) : cell) as Json);
  return `${place} ${printJson(new Map(parquet.columns.map((name, i) => [name, values[i]])))}`;
}

/** What DuckDB was told to write. */
const EXPECTED = [
  '1 {"l":1,"i":7,"u":200,"ul":18446744073709551615,"d":1.5,"dec":"12.34","big":"-123456789012345678901234.5","s":"häß","b":true,"raw":"AP8=","day":"2024-01-31","ts":"2024-01-31T23:59:59.123456","tz":"2024-01-31T23:59:59.500Z","tm":"01:02:03.000004","list":[1,null,3],"map":{"a":1},"imap":{"$map":[[5,"x"]]},"st":{"x":1,"y":["p"]},"uuid":"0d1b2c3d-1111-2222-3333-444455556666"}',
  '2 {"l":9007199254740993,"i":null,"u":null,"ul":null,"d":"NaN","dec":null,"big":null,"s":null,"b":null,"raw":null,"day":null,"ts":null,"tz":null,"tm":null,"list":null,"map":null,"imap":null,"st":null,"uuid":null}',
  '3 {"l":-1,"i":-2147483648,"u":0,"ul":1,"d":"-Infinity","dec":"-0.01","big":"0.1","s":"","b":false,"raw":"","day":"1969-12-31","ts":"1969-12-31T23:59:59.999999","tz":"1969-12-31T23:59:59.999999Z","tm":"00:00:00","list":[],"map":{},"imap":{"$map":[]},"st":{"x":null,"y":[]},"uuid":null}',
];

describe('Parquet', () => {
  test.each(['zstd', 'snappy', 'gzip', 'lz4'])('every type is exact (%s)', async (codec) => {
    const parquet = await open(`types-${codec}.parquet`);
    expect((await rowsOf(parquet)).map((row) => shown(parquet, row))).toEqual(EXPECTED);
  });

  test('only the columns that are wanted are read', async () => {
    const [row] = await rowsOf(await open('types-zstd.parquet'), new Set(['s', 'l']));
    expect([...row.cells.values()].filter((cell) => cell !== null)).toEqual([1n, 'häß']);
  });

  test('types of columns are those of the file, of parts those of the values', async () => {
    const { columns } = await inferColumns(await open('types-zstd.parquet'));
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'l long',
      'i int',
      'u int',
      'ul biginteger',
      'd double',
      'dec bigdecimal',
      'big bigdecimal',
      's string',
      'b boolean',
      'raw byte[]',
      'day localdate',
      'ts localdatetime',
      'tz instant',
      'tm localtime',
      'list list<long>',
      'map map<string, long>',
      'imap map<long, string>',
      'st row {x: long, y: list<string>}',
      'uuid string',
    ]);
  });

  test('a file that is cut off, or none at all, is told of and crashes nothing', async () => {
    const bytes = bytesOf('types-zstd.parquet');
    for (let length = 0; length < bytes.length; length += 7) {
      const source = new MemorySource('cut.parquet', bytes.slice(0, length));
      await expect(ParquetRows.open(source)).rejects.toMatchObject({ file: 'cut.parquet' });
    }
  });

  test('bytes that were changed give rows or an error with the file', async () => {
    const bytes = bytesOf('types-snappy.parquet');
    for (let at = 0; at < bytes.length; at += 11) {
      const changed = bytes.slice();
      changed[at] ^= 0x55;
      try {
        await rowsOf(await ParquetRows.open(new MemorySource('changed.parquet', changed)));
      } catch (e) {
        expect(e).toMatchObject({ name: 'EngineError' });
      }
    }
  });
});
