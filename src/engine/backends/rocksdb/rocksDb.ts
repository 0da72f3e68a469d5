import { EngineError } from '../../bytes/engineError';
import type { ByteSource } from '../../storage/byteSource';
import { loadChecksums } from '../../storage/checksums';
import { BlobFiles } from './blobFiles';
import { compareBytes } from './internalKey';
import { LevelRun } from './levelRun';
import { logRecords } from './logReader';
import { isOfTheFile, rangesWithout } from './lostFiles';
import { type ColumnFamily, type LiveFile, ManifestState } from './manifest';
import { type KeyValueBatch, mergedScan } from './mergedScan';
import { withinFile } from './rangeTombstones';
import type { KeyRange, SortedRun } from './sortedRun';
import { type RangeTombstone, SstTable } from './sstTable';
import { TableRun } from './tableRun';
import { type LoggedChanges, LogRun, readWriteBatch } from './writeAheadLog';

/** A file of the database by the name that it had in the state backend's folder, `000010.sst`. */
export interface DatabaseFile {
  name: string;
  open(): Promise<ByteSource>;
}

/** So many open files may keep more than little in memory. */
const FEW_FILES = 100;
/** CURRENT is one short line. */
const MAX_CURRENT_BYTES = 4096;

/**
 * A RocksDB (or ForSt) instance as a checkpoint keeps it: CURRENT, MANIFEST and SST files, opened read-only and without
 * RocksDB. Flink flushes the memtables and runs without a write-ahead log; a log that is there all the same is replayed.
 */
export class RocksDb {
  private constructor(
    private readonly files: ReadonlyMap<string, DatabaseFile>,
    readonly columnFamilies: readonly ColumnFamily[],
    private readonly logged: ReadonlyMap<number, LoggedChanges>,
  ) {}

  static async open(files: readonly DatabaseFile[], signal?: AbortSignal): Promise<RocksDb> {
    const byName = new Map(files.map((f) => [f.name, f]));
    const manifestName = await manifestNameOf(byName, signal);
    const source = await fileNamed(byName, manifestName).open();
    try {
      const bytes = await source.read(0, source.size, signal);
      const state = new ManifestState();
      let edits = 0;
      for (const { data, offset } of logRecords(bytes, await loadChecksums(), source.name)) {
        state.apply(data, source.name, offset);
        edits++;
      }
      if (edits === 0) throw new EngineError('CORRUPT', 'The MANIFEST is empty.', { file: source.name, offset: 0 });
      const families = state.columnFamilies();
      return new RocksDb(byName, families, await readLogs(byName, families, signal));
    } finally {
      await source.close();
    }
  }

  /** The family of that name; null where the database has none. */
  columnFamily(name: string): ColumnFamily | null {
    return this.columnFamilies.find((f) => f.name === name) ?? null;
  }

  /**
   * Live entries of a column family with keys in `range`, in key order. A file that cannot be opened costs the keys from its
   * smallest to its largest, whichever file they lie in, where `lost` is there to be told of it; else it is thrown.
   */
  async *entries(
    family: ColumnFamily,
    range: KeyRange,
    signal?: AbortSignal,
    lost?: (error: EngineError) => void,
  ): AsyncGenerator<KeyValueBatch> {
    const live = family.files.filter((f) => overlaps(f, range));
    const logged = this.logged.get(family.id);
    const tombstones: RangeTombstone[] = [...(logged?.tombstones ?? [])];
    const tables = new Map<LiveFile, SstTable>();
    const lostFiles: LiveFile[] = [];
    const blobs = new BlobFiles((name) => fileNamed(this.files, name).open(), signal);
    try {
      // A deletion in any file may hide entries of another, so that all are opened first; an open one holds little.
      const opened = await Promise.allSettled(live.map((file) => this.open(file, live.length <= FEW_FILES, signal)));
      for (const [i, result] of opened.entries()) if (result.status === 'fulfilled') tables.set(live[i], result.value);
      for (const [i, result] of opened.entries()) {
        if (result.status === 'fulfilled') continue;
        if (lost === undefined || !isOfTheFile(result.reason)) throw result.reason;
        lost(result.reason);
        lostFiles.push(live[i]);
      }
      for (const [file, table] of tables) tombstones.push(...withinFile(table.rangeTombstones, file));
      for (const left of rangesWithout(range, lostFiles)) {
        const runs = this.runsOf(tables, left, signal);
        if (logged !== undefined) runs.push(new LogRun(logged.entries, left));
        yield* mergedScan(runs, tombstones, blobs, signal);
      }
    } finally {
      for (const table of tables.values()) await table.source.close();
      await blobs.close();
    }
  }

  /** One run for each file of level 0, whose files overlap, and one for each level below. */
  private runsOf(
    tables: ReadonlyMap<LiveFile, SstTable>,
    range: KeyRange,
    signal: AbortSignal | undefined,
  ): SortedRun[] {
    const runs: SortedRun[] = [];
    const levels = new Map<number, [LiveFile, SstTable][]>();
    for (const [file, table] of tables) {
      if (file.level === 0) runs.push(new TableRun(table, range, signal));
      else levels.set(file.level, [...(levels.get(file.level) ?? []), [file, table]]);
    }
    for (const files of levels.values()) {
      files.sort(([{ smallest: a }], [{ smallest: b }]) => compareBytes(a, a.length, b, b.length));
      runs.push(
        new LevelRun(
          files.map(
            ([, table]) =>
              (entry) =>
                new TableRun(table, range, signal, entry),
          ),
        ),
      );
    }
    return runs;
  }

  private async open(file: LiveFile, keepsEnd: boolean, signal: AbortSignal | undefined): Promise<SstTable> {
    const source = await fileNamed(this.files, `${String(file.number).padStart(6, '0')}.sst`).open();
    try {
      return await SstTable.open(source, file.largestSequence, keepsEnd, signal);
    } catch (e) {
      await source.close();
      throw e;
    }
  }
}

/** The changes in write-ahead logs (`000007.log`) that are not in files yet, by column family. */
async function readLogs(
  files: ReadonlyMap<string, DatabaseFile>,
  families: readonly ColumnFamily[],
  signal: AbortSignal | undefined,
): Promise<Map<number, LoggedChanges>> {
  const logged = new Map<number, LoggedChanges>();
  for (const [name, file] of files) {
    const number = /^(\d+)\.log$/.exec(name);
    if (number === null) continue;
    const source = await file.open();
    try {
      const bytes = await source.read(0, source.size, signal);
      for (const { data, offset } of logRecords(bytes, await loadChecksums(), source.name)) {
        readWriteBatch(data, source.name, offset, (id) => {
          const family = families.find((f) => f.id === id);
          if (family === undefined || Number(number[1]) < family.logNumber) return null;
          const changes = logged.get(id) ?? { entries: [], tombstones: [] };
          logged.set(id, changes);
          return changes;
        });
      }
    } finally {
      await source.close();
    }
  }
  return logged;
}

/** Whether a file may hold keys of the range; its largest key may be the exclusive end of a range deletion. */
function overlaps(file: LiveFile, { from, to }: KeyRange): boolean {
  if (to !== null && compareBytes(file.smallest, file.smallest.length, to, to.length) >= 0) return false;
  return from === null || compareBytes(file.largest, file.largest.length, from, from.length) >= 0;
}

async function manifestNameOf(
  files: ReadonlyMap<string, DatabaseFile>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const current = files.get('CURRENT');
  if (current === undefined) {
    const manifests = [...files.keys()].filter((name) => /^MANIFEST-\d+$/.test(name));
    if (manifests.length === 1) return manifests[0];
    throw new EngineError('FILE_NOT_FOUND', 'The RocksDB checkpoint has no CURRENT file that names its MANIFEST.', {
      hint: `Its files: ${[...files.keys()].sort().join(', ')}`,
    });
  }
  const source = await current.open();
  try {
    const bytes = await source.read(0, Math.min(source.size, MAX_CURRENT_BYTES), signal);
    const name = new TextDecoder('latin1').decode(bytes).trimEnd();
    if (!/^MANIFEST-\d+$/.test(name)) {
      throw new EngineError('CORRUPT', 'CURRENT does not name a MANIFEST.', { file: source.name, offset: 0 });
    }
    return name;
  } finally {
    await source.close();
  }
}

function fileNamed(files: ReadonlyMap<string, DatabaseFile>, name: string): DatabaseFile {
  const file = files.get(name);
  if (file !== undefined) return file;
  throw new EngineError('FILE_NOT_FOUND', `The RocksDB checkpoint speaks of ${name}, but its handle does not list it.`);
}
