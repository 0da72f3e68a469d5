import type { Batch } from '../backends/part';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { Problem } from '../description';
import type { DifferenceKind, RawDifference } from './difference';
import type { DifferenceCount } from './diffResult';
import { EntryIdentity } from './entryIdentity';
import { EntryTable } from './entryTable';
import type { DiffShare, OperatorPair } from './operatorPair';
import { bytesOf, type OperatorSide, problemOfSide, type Unreadable } from './operatorSide';
import { ValueComparer } from './sameValue';
import { isOperatorState, type StatePair } from './statePair';

/** Bytes of entries that are held in memory. */
const MEMORY = 48 * 1024 * 1024;
/** What is too much for memory is halved by the entries' hashes, so often at most. */
const MOST_HALVINGS = 12;

/** Those entries whose hash, shifted, ends in `residue`, `bits` long. */
interface Slice {
  bits: number;
  residue: number;
}

/** What comparing a share found. Plain data. */
export interface ShareOutcome {
  /** By the number of the state's pair. */
  readonly counts: ReadonlyMap<number, DifferenceCount>;
  /** Entries of both sides that were looked at. */
  readonly entries: number;
  /** What could not be read. */
  readonly problems: readonly Problem[];
  /** Numbers of states that could not be compared whole: of these, what only one side shows may be on the other. */
  readonly incomplete: readonly number[];
}

/** Told of what differs, in no order. */
export interface DifferenceReceiver {
  /** The bytes are good until it returns. */
  differs(difference: RawDifference): void;
  /** Called now and then, with the entries that were looked at, so that what was told can go on its way. */
  pause?(entries: number): Promise<void> | void;
}

/**
 * Compares the entries of shares, whatever order they lie in, in bounded memory: those of one side are held, and those of the
 * other find their like. The memory is used again for the next share.
 */
export class ShareComparer {
  private readonly identity = new EntryIdentity();
  private readonly values = new ValueComparer();
  private readonly table: EntryTable;

  constructor(private readonly memory = MEMORY) {
    this.table = new EntryTable(memory);
  }

  async compare(
    operator: OperatorPair,
    share: DiffShare,
    receiver: DifferenceReceiver,
    signal?: AbortSignal,
  ): Promise<ShareOutcome> {
    const { keyGroups } = share;
    const pairs = operator.pairs.filter((pair) => isOperatorState(pair.after) === (keyGroups === null));
    const run = new ShareRun(pairs, operator, share, receiver, signal);
    const todo = firstSlices(operator, share, this.memory);
    for (let slice = todo.pop(); slice !== undefined; slice = todo.pop()) {
      throwIfAborted(signal);
      this.table.clear();
      if (await this.fill(run, slice)) await this.match(run, slice);
      else if (slice.bits < MOST_HALVINGS) todo.push(...halves(slice));
      else run.tooMuch();
    }
    return run.outcome();
  }

  /** False if the table is too small. */
  private async fill(run: ShareRun, slice: Slice): Promise<boolean> {
    const { identity, table } = this;
    const start = run.entries;
    for await (const { entries } of run.read('before')) {
      for (const entry of entries) {
        const pair = run.pairOf(entry.state);
        identity.set(entry, pair);
        if (!isIn(slice, identity.hash)) continue;
        if (!table.put(pair.number, identity)) {
          run.entries = start;
          return false;
        }
        run.entries++;
      }
      await run.receiver.pause?.(run.entries);
    }
    return true;
  }

  private async match(run: ShareRun, slice: Slice): Promise<void> {
    const { identity, table } = this;
    for await (const { entries } of run.read('after')) {
      for (const entry of entries) {
        const pair = run.pairOf(entry.state);
        identity.set(entry, pair);
        if (!isIn(slice, identity.hash)) continue;
        run.entries++;
        const record = table.take(pair.number, identity);
        if (record < 0) this.added(run, pair);
        else if (pair.value !== 'bytes' || !table.hasValueOf(record, identity)) this.met(run, pair, record);
      }
      await run.receiver.pause?.(run.entries);
    }
    let told = 0;
    for (const { record, times } of table.rest()) {
      run.removed(table.state(record), {
        keyGroup: table.keyGroup(record),
        key: table.key(record),
        namespace: table.namespace(record),
        mapKey: table.mapKey(record),
        before: table.value(record),
        after: null,
        times,
      });
      if (++told % 1024 === 0) await run.receiver.pause?.(run.entries);
    }
    await run.receiver.pause?.(run.entries);
  }

  private added(run: ShareRun, { number }: StatePair): void {
    if (run.isLacking('before', number)) return;
    run.tell(number, 'added', { ...this.id(), before: null, after: this.value(), times: 1 });
  }

  private met(run: ShareRun, pair: StatePair, record: number): void {
    const { table, identity } = this;
    const [before, after] = [table.value(record), this.value()];
    if (this.values.isSame(pair, before, after, identity.mapKeyLength >= 0)) return;
    run.tell(pair.number, 'changed', { ...this.id(), before, after, times: 1 });
  }

  private id() {
    const { identity: of } = this;
    return {
      keyGroup: of.keyGroup,
      key: stretch(of.keyBytes, of.keyFrom, of.keyLength),
      namespace: stretch(of.namespaceBytes, of.namespaceFrom, of.namespaceLength),
      mapKey: stretch(of.mapKeyBytes, of.mapKeyFrom, of.mapKeyLength),
    };
  }

  private value(): Uint8Array | null {
    const { valueBytes, valueFrom, valueLength } = this.identity;
    return stretch(valueBytes, valueFrom, valueLength);
  }
}

type Told = Omit<RawDifference, 'state' | 'what'>;

/** One share while it is compared. */
class ShareRun {
  entries = 0;
  private readonly names: ReadonlySet<string>;
  private readonly byName: ReadonlyMap<string, StatePair>;
  private readonly counts = new Map<number, { added: number; removed: number; changed: number }>();
  private readonly problems: Problem[] = [];
  /** States that one side may have more of than could be read. */
  private readonly lacking = { before: new Set<number>(), after: new Set<number>() };
  private lastState: unknown = null;
  private lastPair: StatePair | null = null;

  constructor(
    private readonly pairs: readonly StatePair[],
    private readonly operator: OperatorPair,
    private readonly share: DiffShare,
    readonly receiver: DifferenceReceiver,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.byName = new Map(pairs.map((pair) => [pair.name, pair]));
    this.names = new Set(this.byName.keys());
    for (const side of ['before', 'after'] as const) {
      if (operator[side].lacks(share.keyGroups)) for (const { number } of pairs) this.lacking[side].add(number);
    }
  }

  read(side: 'before' | 'after'): AsyncGenerator<Batch> {
    const of: OperatorSide = this.operator[side];
    const failed = (failure: Unreadable): void => this.failed(side, failure);
    const { keyGroups } = this.share;
    return keyGroups === null
      ? of.operatorState(this.names, failed, this.signal)
      : of.keyed(this.names, keyGroups, failed, this.signal);
  }

  private failed(side: 'before' | 'after', failure: Unreadable): void {
    this.problems.push(problemOfSide(side, this.operator[side], failure));
    for (const name of failure.states ?? this.names) {
      const pair = this.byName.get(name);
      if (pair !== undefined) this.lacking[side].add(pair.number);
    }
  }

  pairOf(state: { readonly name: string }): StatePair {
    if (state === this.lastState && this.lastPair !== null) return this.lastPair;
    const pair = this.byName.get(state.name);
    if (pair === undefined) throw new RangeError(`Nobody asked for state ${state.name}.`);
    this.lastState = state;
    this.lastPair = pair;
    return pair;
  }

  isLacking(side: 'before' | 'after', state: number): boolean {
    return this.lacking[side].has(state);
  }

  removed(state: number, told: Told): void {
    if (!this.isLacking('after', state)) this.tell(state, 'removed', told);
  }

  tell(state: number, what: DifferenceKind, told: Told): void {
    let count = this.counts.get(state);
    if (count === undefined) {
      count = { added: 0, removed: 0, changed: 0 };
      this.counts.set(state, count);
    }
    count[what] += told.times;
    this.receiver.differs({ state, what, ...told });
  }

  /** Some of the share does not fit into memory, however it is divided. */
  tooMuch(): void {
    const error = new EngineError('LIMIT', 'Too much lies under one hash to compare it in bounded memory.');
    this.failed('before', { subtask: null, what: 'keyed state', states: null, isOperatorState: false, error });
    for (const { number } of this.pairs) this.lacking.after.add(number);
  }

  outcome(): ShareOutcome {
    const { counts, entries, problems, lacking } = this;
    return { counts, entries, problems, incomplete: [...new Set([...lacking.before, ...lacking.after])] };
  }
}

const stretch = (bytes: Uint8Array, from: number, length: number): Uint8Array | null =>
  length < 0 ? null : bytes.subarray(from, from + length);

/** The high bits: the table places entries by the low ones. */
const isIn = ({ bits, residue }: Slice, hash: number): boolean => bits === 0 || hash >>> (32 - bits) === residue;

/** So many slices as the bytes of the share lead one to expect. */
function firstSlices({ before }: OperatorPair, { keyGroups }: DiffShare, memory: number): Slice[] {
  if (keyGroups?.is !== 'all') return [{ bits: 0, residue: 0 }];
  const bits = Math.min(MOST_HALVINGS, Math.max(0, Math.ceil(Math.log2((2 * bytesOf(before.operator)) / memory))));
  return Array.from({ length: 2 ** bits }, (_, residue) => ({ bits, residue }));
}

const halves = ({ bits, residue }: Slice): Slice[] =>
  [0, 1].map((half) => ({ bits: bits + 1, residue: residue * 2 + half }));
