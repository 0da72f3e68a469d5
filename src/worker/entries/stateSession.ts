import type { PartState, StatePart } from '../../engine/backends/part';
import { EngineError } from '../../engine/bytes/engineError';
import { EntryDecoder } from '../../engine/decodeEntry';
import type { Problem } from '../../engine/description';
import { BlockReader } from '../../engine/rows/blockReader';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import { RowMap } from '../../engine/rows/rowMap';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import type { DecoderChoices } from '../../engine/types/decoderChoices';
import { fromProblem, toProblem } from '../../rpc/problem';
import type { EntryDetail, StateTarget } from '../../view/shownEntries';
import {
  type EntryAt,
  type FoundRow,
  type InZone,
  MOST_ROWS,
  type NamespaceList,
  type RowQuery,
  type RowScan,
  type RowsWanted,
  type RowWindow,
  type RowSearch as Searching,
  type SearchNext,
  type SearchScan,
  type ShownRow,
  type TimeBins,
} from '../../view/shownRows';
import { AllRows } from './allRows';
import { BLOCK_ROWS_LIMITS, BlockRows, type BlockRowsLimits } from './blockRows';
import { Columns } from './columns';
import { entryDetail } from './entryDetail';
import { FoundRows, type StateRows } from './foundRows';
import { KeptScans } from './keptScans';
import { entryOfKey } from './matcher';
import { NamespaceScan } from './namespaceScan';
import { type PreparedQuery, prepareQuery } from './queryRows';
import type { RowList } from './rowList';
import { RowSearch } from './rowSearch';
import { SORT_LIMITS, SortedRows, type SortLimits } from './sortedRows';
import { TextMatch } from './textMatch';
import { TimeScan } from './timeScan';
import { TimeZone } from './timeZone';
import { TracedStates } from './tracedStates';
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
  close(): Promise<void>;
}

/** One state of a snapshot, and the queries that are asked of it. */
export class StateSession {
  readonly turns = new Turns();
  private readonly closing = new AbortController();
  private reading: Promise<Snapshot> | null = null;
  private opening: Promise<OpenState> | null = null;
  private readonly queries = new KeptScans<Query>(MAX_QUERIES);
  private readonly searches = new KeptScans<RowSearch>(1);
  private readonly timeScans = new KeptScans<TimeScan>(1);
  private readonly namespaceScans = new KeptScans<NamespaceScan>(1);
  private readonly traced: TracedStates;
  private readonly problems: Problem[] = [];
  private readonly noted = new Set<string>();

  constructor(
    private readonly store: FileStore,
    private readonly path: string,
    private readonly target: StateTarget,
    private readonly limits: SessionLimits = SESSION_LIMITS,
    private readonly decoders?: DecoderChoices,
  ) {
    this.traced = new TracedStates(store, path, target, this.closing.signal, decoders);
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

  /** Everything about the entry at a place. */
  async detail({ zone, ...at }: Pick<EntryAt, 'key' | 'place'> & InZone, signal: AbortSignal): Promise<EntryDetail> {
    const entry = await this.entry(at, signal);
    const traced = await unlessStopped(this.traced.state(entry.subtask.index), signal);
    return entryDetail(entry, TimeZone.named(zone), traced);
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

  async searchNext(of: SearchNext, signal: AbortSignal, tell: (scan: SearchScan) => void): Promise<FoundRow | null> {
    const search = await this.search(of, signal);
    const columns = await this.columns(of.expand, signal);
    return columns === null
      ? null
      : search.next(await this.list(of, signal), of.from, of.backwards, columns, signal, tell);
  }

  async countMatches(of: Searching, signal: AbortSignal, tell: (scan: SearchScan) => void): Promise<SearchScan> {
    return (await this.search(of, signal)).count(signal, tell);
  }

  /** Entries over time. */
  async times(
    of: RowQuery & { of: 'timestamp' | 'lastAccess' },
    signal: AbortSignal,
    tell: (bins: TimeBins) => void,
  ): Promise<TimeBins> {
    const begin = async (): Promise<TimeScan> => {
      const { key, wanted } = (await this.prepare({ ...of, sort: null })) ?? NO_QUERY;
      return new TimeScan(await this.open(this.closing.signal), key, wanted ?? anything, of.of);
    };
    const name = JSON.stringify([nameOf({ ...of, sort: null }), of.of]);
    return (await unlessStopped(this.timeScans.get(name, begin), signal)).run(signal, tell);
  }

  async namespaces(zone: TimeZone, signal: AbortSignal, tell: (list: NamespaceList) => void): Promise<NamespaceList> {
    const open = await this.open(signal);
    const { state } = open;
    if (state === null) return { columns: [], namespaces: [], total: 0, done: 1, ended: true };
    const scan = await this.namespaceScans.get('', async () => new NamespaceScan(open, state));
    return scan.run(zone, signal, tell);
  }

  private search(of: Searching, signal: AbortSignal): Promise<RowSearch> {
    const begin = async (): Promise<RowSearch> => {
      const state = await this.open(this.closing.signal);
      const { prepared } = await this.query(of, this.closing.signal);
      const searched = { state, key: prepared?.key ?? null, isWanted: prepared?.wanted ?? anything };
      return new RowSearch(searched, new TextMatch(of.text));
    };
    return unlessStopped(this.searches.get(JSON.stringify([nameOf(of), of.text]), begin), signal);
  }

  /** The snapshot, of which nothing but the metadata may be open. */
  snapshot(signal: AbortSignal): Promise<Snapshot> {
    if (this.reading === null) {
      const reading = openSnapshot(this.path, this.store, { signal: this.closing.signal, decoders: this.decoders });
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
    const scans = [this.queries, this.searches, this.timeScans, this.namespaceScans];
    await Promise.all(scans.map((kept) => kept.close()));
    const open = await this.opening?.catch(() => null);
    await open?.rows.close();
    await this.traced.close();
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

  /** What a query asks of entries. Fails where the state has no types to say it with. */
  async prepared(query: RowQuery, signal: AbortSignal): Promise<PreparedQuery> {
    const prepared = await unlessStopped(this.prepare(query), signal);
    if (prepared !== null) return prepared;
    const [problem] = this.problems;
    if (problem !== undefined) throw fromProblem(problem);
    throw new EngineError('NOT_FOUND', `The operator has no state ${this.target.state}.`);
  }

  private query(query: RowQuery, signal: AbortSignal): Promise<Query> {
    return unlessStopped(
      this.queries.get(nameOf(query), () => this.begin(query)),
      signal,
    );
  }

  private async begin(query: RowQuery): Promise<Query> {
    const prepared = await this.prepare(query);
    const list = await this.listOf(prepared);
    return { list, prepared, close: () => list.close() };
  }

  /** Null where no types are known. */
  private async prepare(query: RowQuery): Promise<PreparedQuery | null> {
    const { part, state, reader } = await this.open(this.closing.signal);
    if (part === null || state === null) return null;
    return prepareQuery(query, state, part, reader, () => new Columns(state, new Set(query.expand)));
  }

  private async listOf(prepared: PreparedQuery | null): Promise<RowList> {
    const open = await this.open(this.closing.signal);
    const { reader, map, rows, turns } = open;
    const { key, wanted, sort } = prepared ?? NO_QUERY;
    if (sort !== null) {
      return new SortedRows(open, { isWanted: wanted ?? anything, key, ...sort }, this.limits.sort);
    }
    if (key === null && wanted === null) return new AllRows(reader, map, rows, turns);
    return new FoundRows(open, wanted ?? anything, key);
  }

  private scanOf({ list, prepared }: Pick<Query, 'list' | 'prepared'>): RowScan {
    return {
      ...list.scan(),
      keyGroup: prepared?.lookup?.keyGroup ?? null,
      misfit: prepared?.misfit.why ?? null,
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

const anything = (): boolean => true;

const NO_QUERY: Pick<PreparedQuery, 'key' | 'wanted' | 'sort'> = { key: null, wanted: null, sort: null };

/** What tells queries apart. Sorting may look at columns that are there only when others are split. */
function nameOf({ key, namespace, mapKey, filter, sort, expand }: RowQuery): string {
  return JSON.stringify([key, namespace, mapKey, filter, sort, sort === null ? null : expand]);
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
