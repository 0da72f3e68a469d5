import type { Batch, KeyGroupSpan } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import type { RawDifference } from './difference';
import { EntryIdentity } from './entryIdentity';
import { EntryTable, hashOf } from './entryTable';
import { bytesOf, type OperatorSide } from './operatorSide';
import type { StatePair } from './statePair';

/** Bytes of entries that are held in memory. */
const MEMORY = 48 * 1024 * 1024;
/** A stretch of key groups that is too much for memory is halved by the entries' hashes, so often at most. */
const MOST_HALVINGS = 12;

/** Those entries whose hash, shifted, ends in `residue`, `bits` long. */
interface Slice {
  bits: number;
  residue: number;
}

/** Told of everything that differs, in no order; the bytes are good until it returns. */
export type Differs = (pair: StatePair, difference: RawDifference) => void;

/**
 * Compares the entries of one operator in two snapshots, whatever order they lie in, in bounded memory: key groups after key
 * groups, of which those of one side are held, and those of the other find their like.
 */
export class EntryComparison {
  private readonly identity = new EntryIdentity();
  private readonly keyed: Pairs;
  private readonly operatorState: Pairs;

  constructor(
    private readonly before: OperatorSide,
    private readonly after: OperatorSide,
    pairs: readonly StatePair[],
    private readonly differs: Differs,
    private readonly memory = MEMORY,
  ) {
    this.keyed = new Pairs(pairs.filter((pair) => !isOperatorState(pair)));
    this.operatorState = new Pairs(pairs.filter(isOperatorState));
  }

  async run(signal?: AbortSignal): Promise<void> {
    if (this.keyed.names.size > 0) {
      for (const span of this.spans()) {
        const read = (side: OperatorSide) => side.keyed(this.keyed.names, span, signal);
        await this.compare(
          this.keyed,
          () => read(this.before),
          () => read(this.after),
        );
      }
    }
    if (this.operatorState.names.size > 0) {
      const read = (side: OperatorSide) => side.operatorState(this.operatorState.names, signal);
      await this.compare(
        this.operatorState,
        () => read(this.before),
        () => read(this.after),
      );
    }
  }

  /** Stretches of key groups that should fit into memory. With different max parallelisms a key has two key groups. */
  private spans(): (KeyGroupSpan | null)[] {
    const { maxParallelism } = this.before.operator.state;
    if (maxParallelism !== this.after.operator.state.maxParallelism || maxParallelism < 1) return [null];
    const wanted = Math.ceil((2 * bytesOf(this.before.operator)) / this.memory);
    const count = Math.max(1, Math.min(maxParallelism, wanted));
    return Array.from({ length: count }, (_, i) => ({
      first: Math.floor((maxParallelism * i) / count),
      last: Math.floor((maxParallelism * (i + 1)) / count) - 1,
    }));
  }

  private async compare(
    pairs: Pairs,
    before: () => AsyncGenerator<Batch>,
    after: () => AsyncGenerator<Batch>,
  ): Promise<void> {
    const todo: Slice[] = [{ bits: 0, residue: 0 }];
    for (let slice = todo.pop(); slice !== undefined; slice = todo.pop()) {
      const table = new EntryTable(this.memory);
      if (await this.fill(table, pairs, before(), slice)) await this.match(table, pairs, after(), slice);
      else todo.push(...halves(slice));
    }
  }

  /** False if the table is too small. */
  private async fill(table: EntryTable, pairs: Pairs, batches: AsyncGenerator<Batch>, slice: Slice): Promise<boolean> {
    for await (const { entries } of batches) {
      for (const entry of entries) {
        const pair = pairs.of(entry.state.name);
        const { id, value } = this.identity.of(entry, pair.how);
        const hash = hashOf(pair.number, id);
        if (isIn(slice, hash) && !table.put(pair.number, entry.keyGroup, hash, id, value)) return false;
      }
    }
    return true;
  }

  private async match(table: EntryTable, pairs: Pairs, batches: AsyncGenerator<Batch>, slice: Slice): Promise<void> {
    for await (const { entries } of batches) {
      for (const entry of entries) {
        const pair = pairs.of(entry.state.name);
        const { id, value } = this.identity.of(entry, pair.how);
        const hash = hashOf(pair.number, id);
        if (!isIn(slice, hash)) continue;
        const met = table.take(pair.number, hash, id, value);
        const { keyGroup } = entry;
        if (met === null) {
          this.differs(pair, { what: 'added', keyGroup, id, before: null, after: value, times: 1 });
        } else if (!met.sameValue) {
          const before = table.value(met.record);
          this.differs(pair, { what: 'changed', keyGroup, id, before, after: value, times: 1 });
        }
      }
    }
    for (const { record, times } of table.rest()) {
      const [id, value, keyGroup] = [table.id(record), table.value(record), table.keyGroup(record)];
      const pair = pairs.numbered(table.state(record));
      this.differs(pair, { what: 'removed', keyGroup, id, before: value, after: null, times });
    }
  }
}

/** The states that are compared, by name and by number. */
class Pairs {
  readonly names: ReadonlySet<string>;
  private readonly byName: ReadonlyMap<string, StatePair>;
  private readonly byNumber: ReadonlyMap<number, StatePair>;

  constructor(pairs: readonly StatePair[]) {
    this.names = new Set(pairs.map(({ name }) => name));
    this.byName = new Map(pairs.map((pair) => [pair.name, pair]));
    this.byNumber = new Map(pairs.map((pair) => [pair.number, pair]));
  }

  of(name: string): StatePair {
    return found(this.byName.get(name), name);
  }

  numbered(number: number): StatePair {
    return found(this.byNumber.get(number), String(number));
  }
}

function found(pair: StatePair | undefined, what: string): StatePair {
  if (pair === undefined) throw new RangeError(`Nobody asked for state ${what}.`);
  return pair;
}

const isOperatorState = ({ after }: StatePair): boolean =>
  after.kind === 'operator-list' || after.kind === 'operator-union' || after.kind === 'broadcast';

/** The high bits: the table places entries by the low ones. */
const isIn = ({ bits, residue }: Slice, hash: number): boolean => bits === 0 || hash >>> (32 - bits) === residue;

function halves({ bits, residue }: Slice): Slice[] {
  if (bits === MOST_HALVINGS) {
    throw new EngineError('LIMIT', 'Too much lies in one key group to compare it in bounded memory.');
  }
  return [0, 1].map((half) => ({ bits: bits + 1, residue: residue * 2 + half }));
}
