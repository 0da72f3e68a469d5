import type { DecodedEntry } from '../../src/engine/decodeEntry';
import type { EntryBatch } from '../../src/engine/entries';
import { RecordValue, TtlValue } from '../../src/engine/types/values';

/** A sum of whole numbers below 2^52, exact however large it becomes, and cheap: measuring should not cost what is measured. */
class Sum {
  private small = 0;
  private large = 0n;

  add(n: number): void {
    this.small += n;
    if (this.small > 2 ** 52 || this.small < -(2 ** 52)) this.fold();
  }

  toString(): string {
    this.fold();
    return this.large.toString();
  }

  private fold(): void {
    this.large += BigInt(this.small);
    this.small = 0;
  }
}

class StateTotals {
  entries = 0;
  private readonly sums = new Map<string, Sum>();

  sum(name: string): Sum {
    const sum = new Sum();
    this.sums.set(name, sum);
    return sum;
  }

  toJSON() {
    const sums = [...this.sums].map(([name, sum]) => [name, sum.toString()]);
    return { entries: String(this.entries), ...Object.fromEntries(sums) };
  }
}

/** Counts and sums, as in `counts.json`: by state and name. */
export type TotalsJson = Record<string, Record<string, string>>;

/** The sums of the totals of shares. */
export function sumOf(shares: readonly TotalsJson[]): TotalsJson {
  const sum: TotalsJson = {};
  for (const share of shares) {
    for (const [state, totals] of Object.entries(share)) {
      sum[state] ??= {};
      for (const [name, n] of Object.entries(totals))
        sum[state][name] = String(BigInt(sum[state][name] ?? 0) + BigInt(n));
    }
  }
  return sum;
}

/** Counts and sums of what `test/flink/bench.sh` writes, with the same names as in its `counts.json`. */
export class Totals {
  private readonly account = new StateTotals();
  private readonly keyLengths = this.account.sum('keyLengths');
  /** In quarters, so that it is whole. */
  private readonly amounts = this.account.sum('amounts');
  private readonly ids = this.account.sum('ids');
  private readonly nameLengths = this.account.sum('nameLengths');
  private readonly tags = this.account.sum('tags');
  private readonly tagLengths = this.account.sum('tagLengths');
  private readonly updates = this.account.sum('updates');

  private readonly counters = new StateTotals();
  private readonly counterNameLengths = this.counters.sum('nameLengths');
  private readonly counterValues = this.counters.sum('values');

  private readonly history = new StateTotals();
  private readonly historyElements = this.history.sum('elements');
  private readonly historyValues = this.history.sum('values');

  private readonly lastSeen = new StateTotals();
  private readonly lastSeenValues = this.lastSeen.sum('values');

  private readonly timers = new StateTotals();
  private readonly timestamps = this.timers.sum('timestamps');

  add({ state, timestamp }: EntryBatch['entries'][number], { key, userKey, value }: DecodedEntry): void {
    switch (state.name) {
      case 'account':
        this.addAccount(text(key), value);
        break;
      case 'counters':
        this.counters.entries++;
        this.counterNameLengths.add(text(userKey).length);
        this.counterValues.add(long(value));
        break;
      case 'history':
        this.addHistory(value);
        break;
      case 'lastSeen':
        this.lastSeen.entries++;
        if (!(value instanceof TtlValue)) throw unexpected('a value with time to live', value);
        this.lastSeenValues.add(long(value.value));
        break;
      case '_timer_state/event_user-timers':
        this.timers.entries++;
        this.timestamps.add(long(timestamp));
        break;
      case '_timer_state/processing_user-timers':
        throw new Error('The job has no timers of processing time, but the snapshot has one.');
      default:
        throw new Error(`The operator has no state ${state.name}.`);
    }
  }

  toJSON() {
    const { account, counters, history, lastSeen, timers } = this;
    return { account, counters, history, lastSeen, timers };
  }

  private addAccount(key: string, value: unknown): void {
    if (!(value instanceof RecordValue)) throw unexpected('a POJO', value);
    this.account.entries++;
    this.keyLengths.add(key.length);
    const [amount, id, name, tags, updatedAt] = value.values;
    if (typeof amount !== 'number') throw unexpected('a double', amount);
    this.amounts.add(amount * 4);
    this.ids.add(long(id));
    this.nameLengths.add(text(name).length);
    for (const tag of list(tags)) {
      this.tags.add(1);
      this.tagLengths.add(text(tag).length);
    }
    this.updates.add(long(updatedAt));
  }

  private addHistory(value: unknown): void {
    this.history.entries++;
    for (const element of list(value)) {
      this.historyElements.add(1);
      this.historyValues.add(long(element));
    }
  }
}

const unexpected = (wanted: string, found: unknown) => new Error(`Expected ${wanted}, found ${String(found)}.`);

function text(value: unknown): string {
  if (typeof value !== 'string') throw unexpected('a string', value);
  return value;
}

function long(value: unknown): number {
  if (typeof value !== 'bigint') throw unexpected('a long', value);
  return Number(value);
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw unexpected('a list', value);
  return value;
}
