import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecords } from '../../../src/engine/bootstrap/data/csvRecords';
import { CsvRows } from '../../../src/engine/bootstrap/data/csvRows';
import type { DataRow } from '../../../src/engine/bootstrap/data/dataSource';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { MemorySource } from '../../../src/engine/storage/memorySource';

const sourceOf = (text: string): MemorySource => new MemorySource('data.csv', new TextEncoder().encode(text));

async function rowsOf(
  text: string,
  options = {},
): Promise<{ columns: readonly string[]; rows: DataRow[]; bad: string[] }> {
  const csv = await CsvRows.open(sourceOf(text), options);
  const rows: DataRow[] = [];
  const bad: string[] = [];
  for await (const batch of csv.rows()) {
    for (const row of batch) {
      if (row.fault == null) rows.push(row);
      else bad.push(`${row.fault.where}: ${row.fault.message}`);
    }
  }
  return { columns: csv.columns, rows, bad };
}

/** Cells and line of each record, read in blocks of so many bytes. */
async function recordsOf(text: string, block: number): Promise<{ cells: string[]; place: number }[]> {
  const found: { cells: string[]; place: number }[] = [];
  for await (const records of csvRecords(sourceOf(text), { delimiter: ',', quote: '"' }, undefined, undefined, block)) {
    expect(records.faults.size).toBe(0);
    for (let i = 0; i < records.count; i++) {
      const fields = Array.from({ length: records.fieldCount(i) }, (_, k) => records.firstFields[i] + k);
      found.push({ cells: fields.map((field) => records.text(field)), place: records.lines[i] });
    }
  }
  return found;
}

const failure = async (run: Promise<unknown>): Promise<EngineError> => {
  const thrown: unknown = await run.then(
    () => undefined,
    (e) => e,
  );
  if (!(thrown instanceof EngineError)) throw new Error(`Expected an EngineError, found ${thrown}`);
  return thrown;
};

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', 'é', '😀'), maxLength: 8 }),
);

describe('CSV', () => {
  test('whatever was written by RFC 4180 is read, however it is cut into blocks', async () => {
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 3, max: 40 }),
        async (rows, crlf, ends, block) => {
          const quoted = (text: string): string =>
            /^[^",\r\n]+$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
          const end = crlf ? '\r\n' : '\n';
          const text = rows.map((row) => row.map(quoted).join()).join(end) + (ends && rows.length > 0 ? end : '');
          const records = await recordsOf(text, block);
          expect(records.map(({ cells }) => cells)).toEqual(rows);
          let line = 1;
          for (const [i, { place }] of records.entries()) {
            expect(place).toBe(line);
            line += 1 + rows[i].join('').split('\n').length - 1;
          }
        },
      ),
    );
  });

  test('shares are whole records; one that is not ends in the middle of a quoted field', async () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 30 });
    const tally = { cut: 0, wrong: 0 };
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 60 }), async (rows, bytes) => {
        const text = `a,b\n${rows.map((row) => `${row.map((item) => `"${item.replaceAll('"', '""')}"`).join()}\n`).join('')}`;
        const csv = await CsvRows.open(sourceOf(text));
        const found: unknown[] = [];
        const read = async (): Promise<void> => {
          for (const share of await csv.shares(bytes)) {
            for await (const batch of csv.rows({ share })) found.push(...batch.map(({ cells }) => cells));
            tally.cut++;
          }
        };
        const error = await read().catch((e) => e);
        if (error === undefined) expect(found).toEqual(rows);
        else {
          expect(error).toMatchObject({ code: 'BAD_VALUE', message: 'A " is not closed.' });
          tally.wrong++;
        }
      }),
    );
    expect(tally.cut).toBeGreaterThan(tally.wrong * 10);
  });

  test('columns have names; a byte order mark and empty lines do not count', async () => {
    const { columns, rows } = await rowsOf('\uFEFFid,name\r\n\r\n1,Ann\r\n\n2,"Bob, jr."');
    expect(columns).toEqual(['id', 'name']);
    expect(rows).toEqual([
      { place: 3, cells: ['1', 'Ann'], fault: null },
      { place: 5, cells: ['2', 'Bob, jr.'], fault: null },
    ]);
  });

  test('another delimiter and quote, no header, names of its own', async () => {
    const options = { delimiter: ';', quote: "'", header: false, columns: ['a', 'b'] };
    const { columns, rows } = await rowsOf("x;'y;''z'''\n", options);
    expect(columns).toEqual(['a', 'b']);
    expect(rows[0].cells).toEqual(['x', "y;'z'"]);
    const wide = await rowsOf('a→b\n«1→2»→«»»«»\n', { delimiter: '→', quote: '»' });
    expect(wide.bad).toEqual(['line 2, field 2: A » stands inside a field that does not begin with one.']);
    const marked = await rowsOf('a→b\n»1→2»→»»»»\n', { delimiter: '→', quote: '»' });
    expect(marked.rows[0].cells).toEqual(['1→2', '»']);
    expect((await rowsOf('1,2\n', { header: false })).columns).toEqual(['c1', 'c2']);
  });

  test('a row that is no row is told of with its line, and those behind it are read', async () => {
    const { rows, bad } = await rowsOf('a,b\n1,2\n3\nx"y,5\n"p"q,6\n7,8,9\n"multi\nline",1\n4,5\n');
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['1', '2'],
      ['multi\nline', '1'],
      ['4', '5'],
    ]);
    expect(rows.map(({ place }) => place)).toEqual([2, 7, 9]);
    expect(bad).toEqual([
      'line 3: The row has 1 fields, but there are 2 columns.',
      'line 4, field 1: A " stands inside a field that does not begin with one.',
      'line 5, field 1: Text follows the closing ".',
      'line 6: The row has 3 fields, but there are 2 columns.',
    ]);
  });

  test('a quote that does not end is the end of it', async () => {
    const error = await failure(rowsOf('a,b\n1,2\n3,"never\nends\n'));
    expect([error.code, error.where, error.file]).toEqual(['BAD_VALUE', 'line 3, field 2', 'data.csv']);
  });

  test('a file that names no columns, or one twice, is refused', async () => {
    expect((await failure(rowsOf(''))).message).toBe('The file is empty.');
    expect((await failure(rowsOf('a,b,a\n'))).message).toBe('Two columns are called a.');
    expect((await failure(rowsOf('a,,c\n'))).message).toBe('Column 2 has no name.');
    expect((await failure(rowsOf('a', { delimiter: ';;' }))).code).toBe('BAD_ARGUMENT');
  });

  test('bytes that are not UTF-8 are told of with their line', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('a\nx\n'), 0xff, 0x0a, 0x79]);
    const csv = await failure(CsvRows.open(new MemorySource('data.csv', bytes)));
    expect([csv.code, csv.where]).toEqual(['BAD_VALUE', 'line 3']);
  });
});
