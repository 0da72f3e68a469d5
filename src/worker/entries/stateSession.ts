import type { PartState, StatePart } from '../../engine/backends/part';
import { EngineError } from '../../engine/bytes/engineError';
import { EntryDecoder } from '../../engine/decodeEntry';
import type { Problem } from '../../engine/description';
import { BlockReader } from '../../engine/rows/blockReader';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import { RowMap } from '../../engine/rows/rowMap';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import { toProblem } from '../../rpc/problem';
import type { StateTarget } from '../../view/shownEntries';
import {
  type EntryAt,
  MOST_ROWS,
  type RowQuery,
  type RowScan,
  type RowsWanted,
  type RowWindow,
  type ShownRow,
} from '../../view/shownRows';
import { AllRows } from './allRows';
import { BLOCK_ROWS_LIMITS, BlockRows, type BlockRowsLimits } from './blockRows';
import { Columns } from './columns';
import { FoundRows, type StateRows } from './foundRows';
import { entryOfKey } from './matcher';
import { type PreparedQuery, prepareQuery } from './queryRows';
import type { RowList } from './rowList';
import { SORT_LIMITS, SortedRows, type SortLimits } from './sortedRows';
import { TimeZone } from './timeZone';
import { Turns } from './turns';
import { unlessAborted } from './unlessAborted';

export interface SessionLimits {
  readonly rows: BlockRowsLimits;
  readonly sort: SortLimits;
  /** Milliseconds that who asks for a key's rows waits for its scan. */
  readonly patience: number;
}

export const SESSION_LIMITS: SessionLimits = { rows: BLOCK_ROWS_LIMITS, sort: SORT_LIMITS, patience: 400 };

/** Queries whose finds are kept; the one that was not used for longest makes room. */
const MAX_QUERIES = 3;
/** Problems that are told one by one. */
const MAX_PROBLEMS = 20;
/** Problems that are counted. */
const MAX_NOTED = 10_000;

/** A state that is open. */
export interface OpenState extends StateRows {
  /** One of its parts, for the types; null where no subtask has the state, or none can be opened. */
  readonly part: StatePart | null;
  readonly state: PartState | null;
}

interface Query {
  readonly list: RowList;
  readonly prepared: PreparedQuery | null;
}

/** One state of a snapshot, and the queries that are asked of it. */
export class StateSession {
  readonly turns = new Turns();
  private readonly closing = new AbortController();
  private reading: Promise<Snapshot> | null = null;
  private opening: Promise<OpenState> | null = null;
  /** Those used last come last. */
  private readonly queries = new Map<string, Promise<Query>>();
  private readonly problems: Problem[] = [];
  private readonly noted = new Set<string>();

  constructor(
    private readonly store: FileStore,
    private readonly path: string,
    private readonly target: StateTarget,
    private readonly limits: SessionLimits = SESSION_LIMITS,
  ) {}

  get signal(): AbortSignal {
    return this.closing.signal;
  }

  rows(wanted: RowsWanted, signal: AbortSignal): Promise<RowWindow> {
    return this.turns.hurry(async () => {
      const { list, prepared } = await this.query(wanted, signal);
      if (prepared?.key != null) await list.run(AbortSignal.any([signal, AbortSignal.timeout(this.limits.patience)]));
      const before = Math.min(Math.max(0, wanted.before), MOST_ROWS);
      const count = Math.min(Math.max(0, wanted.count), MOST_ROWS - before);
      const window = await list.window({ at: wanted.at, before, count }, signal);
      const columns = await this.columns(wanted.expand, signal);
      const { first, exact, at, isStart, isEnd } = window;
      const rows = columns === null ? [] : shownRows(window.entries, columns, TimeZone.named(wanted.zone));
      return {
        columns: columns?.shown ?? [],
        rows,
        first,
        exact,
        at,
        isStart,
        isEnd,
        scan: this.scanOf({ list, prepared }),
      };
    });
  }

  async scan(query: RowQuery, signal: AbortSignal, tell: (scan: RowScan) => void): Promise<RowScan> {
    const open = await this.query(query, signal);
    await open.list.run(signal, () => tell(this.scanOf(open)));
    return this.scanOf(open);
  }

  /** The entry at a place. */
  entry({ key, place }: Pick<EntryAt, 'key' | 'place'>, signal: AbortSignal): Promise<KeptEntry> {
    return this.turns.hurry(async () => {
      const { reader, rows } = await this.open(signal);
      const { block, index } = place;
      let entry: KeptEntry | null | undefined;
      if (block < reader.blocks.length) {
        const wanted = key === null ? null : (await this.query(queryOfKey(this.target, key), signal)).prepared?.key;
        if (wanted == null) [entry] = await rows.from(block, index, signal);
        else entry = await entryOfKey(reader, wanted.bytes, place, signal);
      }
      if (entry != null) return entry;
      throw new EngineError('NOT_FOUND', `There is no entry ${index} in part ${block} of the state.`);
    });
  }

  /** Null where no types are known. */
  async columns(toggled: readonly string[], signal: AbortSignal): Promise<Columns | null> {
    const { state } = await this.open(signal);
    return state === null ? null : new Columns(state, new Set(toggled));
  }

  /** The list of a query. */
  async list(query: RowQuery, signal: AbortSignal): Promise<RowList> {
    return (await this.query(query, signal)).list;
  }

  /** The snapshot, of which nothing but the metadata may be open. */
  snapshot(signal: AbortSignal): Promise<Snapshot> {
    if (this.reading === null) {
      const reading = openSnapshot(this.path, this.store, { signal: this.closing.signal });
      this.reading = reading;
      reading.catch(() => {
        if (this.reading === reading) this.reading = null;
      });
    }
    return unlessStopped(this.reading, signal);
  }

  open(signal: AbortSignal): Promise<OpenState> {
    if (this.opening === null) {
      const opening = this.openState();
      this.opening = opening;
      // Who tries again begins anew.
      opening.catch(() => {
        if (this.opening === opening) this.opening = null;
      });
    }
    return unlessStopped(this.opening, signal);
  }

  async close(): Promise<void> {
    this.closing.abort();
    for (const query of this.queries.values()) await (await query.catch(() => null))?.list.close();
    const open = await this.opening?.catch(() => null);
    await open?.rows.close();
    await (await this.reading?.catch(() => null))?.close();
  }

  private async openState(): Promise<OpenState> {
    const { signal } = this.closing;
    const snapshot = await this.snapshot(signal);
    const { operator, state: name, backend } = this.target;
    const failed = (error: EngineError, subtask: { index: number }, keyGroup: number | null): void =>
      this.note(
        error,
        keyGroup === null ? `subtask ${subtask.index}` : `subtask ${subtask.index} / key group ${keyGroup}`,
      );
    const reader = new BlockReader(snapshot, operator, { state: name, backend }, failed, signal);
    const part = await reader.anyPart(signal);
    const state = part?.states.find((of) => of.name === name) ?? null;
    const map = new RowMap(reader.blocks.map(({ bytes }) => bytes));
    const { turns } = this;
    return { reader, part, state, map, turns, rows: new BlockRows(reader, map, turns, this.limits.rows) };
  }

  private async query(query: RowQuery, signal: AbortSignal): Promise<Query> {
    const { key, namespace, mapKey, filter, sort } = query;
    // Sorting may look at columns that are there only when others are split.
    const name = JSON.stringify([key, namespace, mapKey, filter, sort, sort === null ? null : query.expand]);
    let known = this.queries.get(name);
    if (known === undefined) {
      known = this.begin(query);
      known.catch(() => this.queries.delete(name));
    }
    this.queries.delete(name);
    this.queries.set(name, known);
    for (const oldest of this.queries.keys()) {
      if (this.queries.size <= MAX_QUERIES) break;
      const old = this.queries.get(oldest);
      this.queries.delete(oldest);
      void old?.then(({ list }) => list.close()).catch(() => undefined);
    }
    return unlessStopped(known, signal);
  }

  private async begin(query: RowQuery): Promise<Query> {
    const open = await this.open(this.closing.signal);
    const { part, state, reader, map, rows, turns } = open;
    if (part === null || state === null) return { list: new AllRows(reader, map, rows, turns), prepared: null };
    const columns = (): Columns => new Columns(state, new Set(query.expand));
    const prepared = prepareQuery(query, state, part, reader, columns);
    const { key, wanted, sort } = prepared;
    const isWanted = wanted ?? (() => true);
    if (sort !== null) {
      return { list: new SortedRows(open, { isWanted, key, ...sort }, this.limits.sort), prepared };
    }
    if (key === null && wanted === null) return { list: new AllRows(reader, map, rows, turns), prepared };
    return { list: new FoundRows(open, isWanted, key), prepared };
  }

  private scanOf({ list, prepared }: Query): RowScan {
    return {
      ...list.scan(),
      keyGroup: prepared?.keyGroup ?? null,
      problems: this.problems.slice(),
      moreProblems: this.noted.size - this.problems.length,
    };
  }

  /** A block may be read many times; what is wrong with it is told once. */
  private note(error: EngineError, where: string): void {
    const problem = toProblem(error.at({ where }));
    const name = JSON.stringify([where, problem.code, problem.message, problem.file, problem.offset]);
    if (this.noted.has(name) || this.noted.size >= MAX_NOTED) return;
    this.noted.add(name);
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}

export function shownRows(entries: readonly KeptEntry[], columns: Columns, zone: TimeZone): ShownRow[] {
  const decoder = new EntryDecoder();
  return entries.map((entry) => ({ place: entry.at, cells: columns.cells(entry, decoder.decode(entry.raw), zone) }));
}

const queryOfKey = (target: StateTarget, key: string): RowQuery => ({
  target,
  key,
  namespace: null,
  mapKey: null,
  filter: null,
  sort: null,
  expand: [],
});

async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const result = await unlessAborted(work, signal);
  if (result === 'stopped') throw new EngineError('CANCELLED', 'Cancelled.');
  return result;
}
