import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvRows } from '../../../src/engine/bootstrap/data/csvRows';
import type { DataRow, DataShare, DataSource } from '../../../src/engine/bootstrap/data/dataSource';
import { inferColumns } from '../../../src/engine/bootstrap/data/inferColumns';
import { ItemFinder, JsonArrayRows } from '../../../src/engine/bootstrap/data/jsonArrayRows';
import { NdjsonRows } from '../../../src/engine/bootstrap/data/ndjsonRows';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { Json } from '../../../src/engine/json/jsonValue';
import { printJson } from '../../../src/engine/json/printJson';
import { MemorySource } from '../../../src/engine/storage/memorySource';

const memory = (text: string): MemorySource => new MemorySource('data', new TextEncoder().encode(text));

async function rowsOf(source: DataSource): Promise<{ rows: DataRow[]; bad: string[] }> {
  const rows: DataRow[] = [];
  const bad: string[] = [];
  for await (const batch of source.rows()) {
    for (const row of batch) {
      if (row.fault == null) rows.push(row);
      else bad.push(`${row.fault.where}: ${row.fault.message}`);
    }
  }
  return { rows, bad };
}

const printed = (rows: readonly DataRow[]): string[] =>
  rows.map(({ place, cells }) => `${place} ${cells instanceof Map ? printJson(new Map(cells)) : cells}`);

const row = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
  noNullPrototype: true,
});

describe('rows of JSON', () => {
  test('a line each, with exact numbers and their places', async () => {
    const { rows, bad } = await rowsOf(
      new NdjsonRows(memory('{"a":9007199254740993,"b":-0.0}\n\n  \n{"a":[1,{"c":1e2}]}')),
    );
    expect(printed(rows)).toEqual(['1 {"a":9007199254740993,"b":-0.0}', '4 {"a":[1,{"c":100.0}]}']);
    expect(bad).toEqual([]);
  });

  test('a line that is no object is told of, and those behind it are read', async () => {
    const { rows, bad } = await rowsOf(new NdjsonRows(memory('{"a":1}\n[1]\n{"a":1,"a":2}\n{"a"\n{"a":2}\n')));
    expect(printed(rows)).toEqual(['1 {"a":1}', '5 {"a":2}']);
    expect(bad).toEqual([
      'line 2: A row is a JSON object with a field for each column.',
      'line 3, character 8: The field "a" occurs twice.',
      'line 4, character 5: Expected ":" after a field name.',
    ]);
  });

  test('an array of objects, whatever they hold and however its text is cut', async () => {
    await fc.assert(
      fc.property(
        fc.array(row, { maxLength: 5 }),
        fc.constantFrom(0, 1),
        fc.array(fc.nat(200)),
        (rows, indent, places) => {
          const text = JSON.stringify(rows, null, indent);
          const found: string[] = [];
          const finder = new ItemFinder(new JsonArrayRows(memory('')), (item) => found.push(item));
          let from = 0;
          for (const at of [...places, text.length].sort((a, b) => a - b)) {
            finder.take(text.slice(from, Math.max(from, at)));
            from = Math.max(from, at);
          }
          finder.end();
          expect(found.map((item) => JSON.parse(item))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('an array in shares gives the same rows, or is found to be none', async () => {
    const all = async (source: JsonArrayRows, shares: readonly DataShare[]): Promise<string | string[]> => {
      const found: string[] = [];
      try {
        for (const share of shares) {
          for await (const rows of source.rows({ share }))
            found.push(
              ...rows.map(({ cells, fault }) => fault?.message ?? printJson(new Map(cells as Map<string, Json>))),
            );
        }
        return found;
      } catch (e) {
        return e instanceof EngineError ? e.code : 'something else';
      }
    };
    const change = fc.option(fc.tuple(fc.nat(200), fc.constantFrom('', '"', ',', '[', ']', '{', '}', '\\', 'x')));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.constantFrom(0, 1),
        change,
        fc.integer({ min: 1, max: 40 }),
        async (rows, indent, changed, bytes) => {
          let text = JSON.stringify(rows, null, indent);
          if (changed !== null) text = text.slice(0, changed[0]) + changed[1] + text.slice(changed[0] + 1);
          const source = new JsonArrayRows(memory(text));
          const shares = await source.shares(bytes);
          expect(await all(source, shares)).toEqual(await all(source, [{ from: 0, to: source.bytes }]));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('rows of an array are counted by their lines', async () => {
    const { rows, bad } = await rowsOf(new JsonArrayRows(memory('[\n{"a":1},\n\n {"a":"]}\\"",\n"b":2}, {"a":}\n]\n')));
    expect(printed(rows)).toEqual(['2 {"a":1}', '4 {"a":"]}\\"","b":2}']);
    expect(bad).toEqual(['line 5, character 6: Expected a JSON value.']);
  });

  test.each([
    ['{"a":1}', 'line 1', 'The file is not a JSON array.'],
    ['[{"a":1}\n{"a":2}]', 'line 2', 'Expected a comma or the end of the array.'],
    ['[1]', 'line 1', 'Expected an object, the first row, or the end of the array.'],
    ['[{"a":1},]', 'line 1', 'Expected an object, the next row.'],
    ['[{"a":1}] x', 'line 1', 'Something follows the array.'],
  ])('%j is no array of objects', async (text, where, message) => {
    const thrown: unknown = await rowsOf(new JsonArrayRows(memory(text))).catch((e) => e);
    expect(thrown).toBeInstanceOf(EngineError);
    expect(thrown).toMatchObject({ code: 'BAD_VALUE', where, message });
  });

  test('an array that does not end is told of', async () => {
    await expect(rowsOf(new JsonArrayRows(memory('[{"a":1}, {"a"')))).rejects.toThrow('The array does not end.');
  });
});

describe('types of columns', () => {
  test('of text: the narrowest that takes all values', async () => {
    const text = [
      'id,zip,amount,mixed,flag,day,at,big,list,map,nothing',
      '1,01234,1,1,true,2024-01-31,2024-01-31T00:00:00Z,9223372036854775808,"[1]","{""a"":1}",',
      '-5,99999,2.5,x,FALSE,2024-02-01,1970-01-01T00:00:00.5Z,1,"[2.5]","{}",',
      ',1,NaN,2,,,,,,,',
    ].join('\n');
    const { columns, rows } = await inferColumns(await CsvRows.open(memory(text)));
    expect(rows).toBe(3);
    expect(columns.map(({ name, type, hasNulls }) => `${name} ${type}${hasNulls ? '?' : ''}`)).toEqual([
      'id long?',
      'zip string',
      'amount double',
      'mixed string',
      'flag boolean?',
      'day localdate?',
      'at instant?',
      'big biginteger?',
      'list list<double>?',
      'map map<string, long>?',
      'nothing string?',
    ]);
    expect(columns[0].samples).toEqual(['1', '-5']);
  });

  test('of JSON: what the values are', async () => {
    const text = '{"a":1,"s":"1","o":{"x":1,"y":"z"}}\n{"a":2.5,"o":{"x":2,"y":"w"},"l":[{"k":true}]}\n';
    const { columns } = await inferColumns(new NdjsonRows(memory(text)));
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a double',
      's string',
      'o row {x: long, y: string}',
      'l list<map<string, boolean>>',
    ]);
  });
});
