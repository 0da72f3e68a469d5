import type { PartState } from '../backends/part';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { keyGroupPrefixBytes } from '../keyGroups';
import type { EntrySample } from '../plan/editSamples';
import type { Codec } from '../types/codec';
import { withKeyHash } from '../write/keyed/findKeyHash';
import { BadRows } from './badRows';
import type { RowExpression } from './cel/rowExpression';
import type { DataRow, DataShare, DataSource, ReadOptions } from './data/dataSource';
import { type ColumnInfo, columnsOf } from './data/inferColumns';
import { directState, directTimer } from './direct/directState';
import type { EntryMerge, MergedState } from './keyGroupMerge';
import type { DescribedState } from './newState';
import { type NamedEncoder, RowEncoder } from './rowEncoder';
import { RowEntries } from './rowEntries';
import { RowLog } from './rowLog';
import type { RowRuns } from './rowRuns';
import type { EncodedRun, EncodeJob, RowThreads } from './rowThreads';
import { SampleList } from './sampleList';
import { type EncoderContext, stateEncoder, TimerEncoder } from './stateEncoders';
import type { StateExpressions, TimerExpressions } from './stateExpressions';
import type { BadRowRule } from './step';

/** What reading the rows of one step gave. */
export interface JobResult {
  /** Rows that became entries, and rows that `where` left out. */
  rows: number;
  leftOut: number;
  bad: BadRows;
  /** Entries of each state before those of one key were put together. */
  entries: Map<string, number>;
}

/** What the first rows of a step show. */
export interface RowSample {
  rows: number;
  columns: ColumnInfo[];
  samples: EntrySample[];
  bad: BadRows;
}

/** Shares are not more: each is some work to find, and to hand over. */
const MOST_SHARES = 4096;
/** Numbers of the runs that one share gives. */
const PARTS_OF_A_SHARE = 2 ** 16;

/** Bytes of entries that are made at a time where they are only counted. */
const COUNTED = 1024 * 1024;

/** Rows that are looked at before anything is written. */
const SAMPLE = 1000;

/** A state that rows have entries for: one of the operator's, or a new one. */
export interface FilledState {
  readonly name: string;
  readonly canonical: PartState;
  readonly expressions: StateExpressions | null;
  /** Of a timer service. */
  readonly timer: TimerExpressions | null;
  readonly merge: EntryMerge;
}

/** A step `bootstrap` of which everything is known but its rows. */
export class BootstrapJob {
  /** Of the last `sample`. */
  sampled: RowSample | null = null;
  /** Where it comes from, so that a thread can make it again. */
  origin: Pick<EncodeJob, 'plan' | 'step'> | null = null;
  private keyHash: string | null = null;
  /** Of the last time that all rows were read. */
  result: JobResult | null = null;

  constructor(
    readonly data: DataSource,
    private readonly where: RowExpression | null,
    private readonly key: RowExpression,
    /** As a header has it. */
    readonly keyBytes: Uint8Array,
    public keyCodec: Codec,
    private readonly states: readonly FilledState[],
    /** Those of them that the operator does not have. */
    readonly newStates: readonly DescribedState[],
    private readonly onBadRow: BadRowRule,
  ) {}

  /** From now on keys have the hash of that name, which nobody but their own class tells. */
  useKeyHash(name: string): void {
    this.keyCodec = withKeyHash(this.keyCodec, name);
    this.keyHash = name;
  }

  get filled(): readonly string[] {
    return this.states.map(({ name }) => name);
  }

  merged(ids: ReadonlyMap<string, number>): MergedState[] {
    return this.states.map(({ name, canonical, merge }) => ({ id: idOf(ids, name), canonical, merge }));
  }

  /** Reads all rows, and gives their entries to `log`, or by threads to `runs`. */
  async fill(
    log: RowLog,
    runs: RowRuns,
    ids: ReadonlyMap<string, number>,
    threads: RowThreads | null,
    signal?: AbortSignal,
  ): Promise<JobResult> {
    const spill = (): Promise<void> => runs.add(runs.nextPlace(), log.take());
    if (threads !== null) {
      if (!log.isEmpty) await spill();
      const result = await this.fillInThreads(runs, ids, threads, signal);
      if (result !== null) return result;
    }
    return this.encodeAll(ids, log, spill, signal);
  }

  /**
   * The same in threads, each with shares of the rows. Null where that is not worth it, or a row does not fit: which of them is
   * the first is found by going through them one after the other.
   */
  private async fillInThreads(
    runs: RowRuns,
    ids: ReadonlyMap<string, number>,
    threads: RowThreads,
    signal: AbortSignal | undefined,
  ): Promise<JobResult | null> {
    const count = threads.count(this.data.bytes);
    const { origin } = this;
    if (count < 2 || origin === null || this.onBadRow.limit > 0) return null;
    const bytes = Math.max(threads.shareBytes, this.data.bytes / MOST_SHARES);
    const shares = (await this.data.shares?.(bytes, signal)) ?? [];
    if (shares.length < 2) return null;
    const place = runs.nextPlace();
    const result: JobResult = { rows: 0, leftOut: 0, bad: new BadRows(this.onBadRow), entries: new Map() };
    const take = async ({ share, part, bytes, counts }: EncodedRun): Promise<void> => {
      await runs.add(place + share * PARTS_OF_A_SHARE + part, bytes);
      if (counts === null) return;
      result.rows += counts.rows;
      result.leftOut += counts.leftOut;
      for (const [name, entries] of counts.entries) result.entries.set(name, (result.entries.get(name) ?? 0) + entries);
    };
    const job = { ...origin, ids, maxParallelism: runs.shape.keyGroups, keyHash: this.keyHash };
    try {
      await threads.encode(job, shares, count, take, signal);
    } catch (e) {
      if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
      await runs.drop(place);
      return null;
    }
    this.result = result;
    return result;
  }

  /** Reads all rows, and counts what they would become. */
  count(maxParallelism: number, signal?: AbortSignal): Promise<JobResult> {
    const ids = this.ownIds();
    const log = new RowLog({ keyGroups: maxParallelism, states: ids.size }, COUNTED);
    return this.encodeAll(ids, log, async () => log.clear(), signal);
  }

  /**
   * Looks at the first rows: what columns there are, and what becomes of them. A row that does not fit ends it, if it would end
   * the reading of all.
   */
  async sample(maxParallelism: number, signal?: AbortSignal): Promise<RowSample> {
    const ids = this.ownIds();
    const entries = new RowEntries(ids.size, keyGroupPrefixBytes(maxParallelism));
    const encoder = this.encoder(ids, maxParallelism, entries);
    const bad = new BadRows(this.onBadRow);
    const states = new Map(this.states.map(({ name, canonical }) => [idOf(ids, name), canonical]));
    const samples = new SampleList(states);
    const seen: DataRow[] = [];
    for await (const rows of this.data.rows({ signal })) {
      for (const row of rows.slice(0, SAMPLE - seen.length)) {
        if (row.fault == null) seen.push(row);
        const keyGroup = attempt(() => encoder.encode(row), bad);
        if (keyGroup !== null) samples.add(keyGroup, entries);
      }
      if (seen.length >= SAMPLE) break;
    }
    this.sampled = { rows: seen.length, columns: columnsOf(this.data, seen), samples: samples.samples, bad };
    return this.sampled;
  }

  /** Makes entries of all rows, or of a share of them, and gives them to `log`; `full` is to take them from there. */
  async encodeAll(
    ids: ReadonlyMap<string, number>,
    log: RowLog,
    full: () => Promise<void>,
    signal: AbortSignal | undefined,
    share?: DataShare,
  ): Promise<JobResult> {
    const { entries } = log;
    const encoder = this.encoder(ids, log.shape.keyGroups, entries);
    const step = this.origin?.step ?? 0;
    const bad = new BadRows(this.onBadRow);
    const counts = new Float64Array(ids.size);
    const result: JobResult = { rows: 0, leftOut: 0, bad, entries: new Map() };
    /** True once the log is full. */
    const take = (keyGroup: number | null): boolean => {
      if (keyGroup === null) return false;
      result.rows++;
      for (let id = 0; id < counts.length; id++) counts[id] += entries.counts[id];
      return log.add(keyGroup, encoder.keyBytes, step);
    };
    let seen = 0;
    const options: ReadOptions = { signal, share, wanted: this.wanted };
    const fields = encoder.isDirect ? this.data.fields?.(options) : undefined;
    if (fields !== undefined) {
      for await (const rows of fields) {
        throwIfAborted(signal);
        seen += rows.end - rows.first;
        for (let row = rows.first; row < rows.end; row++)
          if (take(attempt(() => encoder.encodeFields(rows, row), bad))) await full();
      }
    } else {
      for await (const rows of this.data.rows(options)) {
        throwIfAborted(signal);
        seen += rows.length;
        for (const row of rows) if (take(attempt(() => encoder.encode(row), bad))) await full();
      }
    }
    result.leftOut = seen - result.rows - bad.count;
    for (const { name } of this.states) result.entries.set(name, counts[idOf(ids, name)]);
    this.result = result;
    return result;
  }

  /** Makes entries of rows in `entries`; states have the numbers of `ids`. */
  private encoder(ids: ReadonlyMap<string, number>, maxParallelism: number, entries: RowEntries): RowEncoder {
    const context: EncoderContext = { isText: this.data.isText, place: { what: '', expression: null } };
    const states = this.states.map((state) => encodersOf(state, idOf(ids, state.name), context));
    return new RowEncoder(
      this.data,
      this.where,
      this.key,
      this.keyCodec,
      states,
      context.place,
      maxParallelism,
      entries,
    );
  }

  private ownIds(): Map<string, number> {
    return new Map(this.states.map(({ name }, id) => [name, id]));
  }

  /** The columns that its expressions look at; undefined where that may be any. */
  get wanted(): ReadonlySet<string> | undefined {
    const all = new Set<string>();
    for (const expression of this.expressions()) {
      if (expression.columns === null) return undefined;
      for (const column of expression.columns) all.add(column);
    }
    return all;
  }

  private expressions(): RowExpression[] {
    const found = this.states.flatMap(({ expressions, timer }) => [
      ...(expressions === null ? [] : Object.values(expressions)),
      ...(timer === null ? [] : Object.values(timer)),
    ]);
    return [this.where, this.key, ...found].filter((expression) => expression !== null);
  }
}

function encodersOf(
  { name, canonical, expressions, timer }: FilledState,
  id: number,
  context: EncoderContext,
): NamedEncoder {
  if (timer !== null)
    return {
      name,
      encoder: new TimerEncoder(id, canonical, timer, context),
      direct: directTimer(id, canonical, timer),
    };
  if (expressions !== null) {
    const encoder = stateEncoder(id, canonical, expressions, context);
    return { name, encoder, direct: directState(id, canonical, expressions) };
  }
  throw new EngineError('INTERNAL', `Internal error: nothing says what rows have for ${name}.`);
}

/** Null where the row does not fit, or is not wanted. */
function attempt(encode: () => number | null, bad: BadRows): number | null {
  try {
    return encode();
  } catch (e) {
    if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
    bad.take(e);
    return null;
  }
}

function idOf(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new EngineError('INTERNAL', `Internal error: the state ${name} has no number.`);
  return id;
}
