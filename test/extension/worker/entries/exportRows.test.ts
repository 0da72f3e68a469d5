import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import { writeWhole } from '../../../../src/engine/storage/nodeWholeFile';
import type { ExportFormat, ExportProgress, RowQuery } from '../../../../src/view/shownRows';
import { exportRows } from '../../../../src/worker/entries/exportRows';
import { StateSession } from '../../../../src/worker/entries/stateSession';
import { MemoryStore } from '../../../memoryStore';
import { useTemporaryFolder } from '../../../temporaryFolder';

const sample = path.resolve(import.meta.dirname, '../../../../media/sample');
const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'counters', backend: 'canonical' as const };
const QUERY: RowQuery = { target, key: null, namespace: null, mapKey: null, filter: null, sort: null, expand: [] };
const folder = useTemporaryFolder();
const never = (): AbortSignal => new AbortController().signal;
const quiet = (): void => {};

async function exported(format: ExportFormat, query = QUERY): Promise<{ bytes: Uint8Array; rows: number }> {
  const file = folder.at(`rows.${format}`);
  const progress: ExportProgress[] = [];
  const tell = (news: ExportProgress): void => void progress.push(news);
  const result = await exportRows(nodeFileStore, writeWhole, { ...query, path: sample, file, format }, never(), tell);
  const bytes = new Uint8Array(readFileSync(file));
  expect(result).toMatchObject({ bytes: bytes.length, problems: [], moreProblems: 0 });
  expect(readdirSync(folder.root).filter((name) => !name.startsWith('rows.'))).toEqual([]);
  expect(readdirSync(folder.root).filter((name) => name.endsWith('.partial'))).toEqual([]);
  return { bytes, rows: result.rows };
}

async function counted(query: RowQuery): Promise<number> {
  const session = new StateSession(nodeFileStore, sample, target);
  const { rows } = await session.scan(query, never(), quiet);
  await session.close();
  return rows;
}

describe('an export', () => {
  it('has every row, in each format', async () => {
    const rows = await counted(QUERY);
    expect(rows).toBeGreaterThan(100);
    const text = new TextDecoder()
      .decode((await exported('ndjson')).bytes)
      .trimEnd()
      .split('\n');
    expect(text.length).toBe(rows);
    expect(JSON.parse(text[0] ?? '')).toMatchObject({ state: 'counters', kind: 'map' });
    const csv = new TextDecoder()
      .decode((await exported('csv')).bytes)
      .trimEnd()
      .split('\r\n');
    expect(csv.length).toBe(rows + 1);
    const { bytes } = await exported('parquet');
    const objects = (await parquetReadObjects({ file: bytes.slice().buffer })) as Record<string, unknown>[];
    expect(objects.map(({ key, ukey }) => [key, ukey])).toEqual(
      text.map((line) => JSON.parse(line)).map(({ key, ukey }) => [key, ukey]),
    );
  });

  it('has what a filter or a key leaves', async () => {
    const filter = { ...QUERY, filter: 'keyGroup % 2 == 0' };
    expect((await exported('ndjson', filter)).rows).toBe(await counted(filter));
    const line = JSON.parse(new TextDecoder().decode((await exported('ndjson')).bytes).split('\n')[0] ?? '');
    const key = { ...QUERY, key: line.key, mapKey: line.ukey };
    expect((await exported('ndjson', key)).rows).toBe(1);
  });

  it('that is cancelled, or fails, leaves nothing', async () => {
    const of = { ...QUERY, path: sample, file: folder.at('never.csv'), format: 'csv' as const };
    const cancelled = exportRows(nodeFileStore, writeWhole, of, AbortSignal.abort(), quiet);
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    const bad = exportRows(nodeFileStore, writeWhole, { ...of, filter: 'value.' }, never(), quiet);
    await expect(bad).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    const nowhere = { ...of, file: folder.at('nowhere', 'rows.csv') };
    await expect(exportRows(nodeFileStore, writeWhole, nowhere, never(), quiet)).rejects.toMatchObject({ code: 'IO' });
    const stopping = new AbortController();
    const stopped = exportRows(
      nodeFileStore,
      (file, fill) =>
        writeWhole(file, (write) =>
          fill(async (text) => {
            await write(text);
            stopping.abort();
          }),
        ),
      of,
      stopping.signal,
      quiet,
    );
    // What was written to the end before anybody noticed is whole; this is not.
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(folder.root)).toEqual([]);
  });

  it('tells what it could not read', async () => {
    const store = MemoryStore.ofFolder(sample);
    const files = [...store.files.keys()].filter((file) => !file.endsWith('_metadata'));
    const [largest] = files.sort((a, b) => (store.files.get(b)?.length ?? 0) - (store.files.get(a)?.length ?? 0));
    store.files.delete(largest ?? '');
    const of = { ...QUERY, path: sample, file: folder.at('some.ndjson'), format: 'ndjson' as const };
    const result = await exportRows(store, writeWhole, of, never(), quiet);
    expect(result.problems.map(({ code }) => code)).toEqual(['FILE_NOT_FOUND']);
    expect(result.rows).toBeGreaterThan(0);
    expect(result.rows).toBeLessThan(await counted(QUERY));
  });
});
