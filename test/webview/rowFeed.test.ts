import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/bytes/engineError';
import type { RowQuery, RowsWanted, RowWindow } from '../../src/view/shownRows';
import { RowFeed } from '../../webview/entries/rowFeed';
import { FakeRows } from './browser/fakeRows';

const query: RowQuery = {
  target: { operator: 'o', state: 'profile', backend: 'canonical' },
  key: null,
  namespace: null,
  mapKey: null,
  filter: null,
  sort: null,
  expand: [],
};

/** A feed over made up rows, and what it told. */
class Trial {
  readonly engine: FakeRows;
  readonly asked: RowsWanted[] = [];
  readonly told: string[] = [];
  shift = 0;
  failing = false;
  readonly feed: RowFeed;

  constructor(scenario = 'giant') {
    this.engine = new FakeRows(scenario);
    this.feed = new RowFeed(
      (wanted, signal) => this.answer(wanted, signal),
      query,
      () => 'UTC',
      {
        changed: () => this.told.push('changed'),
        renumbered: (by) => {
          this.shift += by;
        },
        restarted: () => this.told.push('restarted'),
        failed: ({ code }) => this.told.push(code),
      },
    );
  }

  private async answer(wanted: RowsWanted, signal: AbortSignal): Promise<RowWindow> {
    this.asked.push(wanted);
    if (this.failing) throw new EngineError('INTERNAL', 'It ended.');
    const window = await this.engine.rows(wanted);
    if (signal.aborted) throw new EngineError('CANCELLED', 'Cancelled.');
    return window;
  }

  /** Lets answers come, and those that they lead to. */
  async settle(): Promise<void> {
    for (let i = 0; i < 30; i++) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async see(first: number, count = 30): Promise<(string | undefined)[]> {
    this.feed.wanted(first, first + count);
    await this.settle();
    return Array.from({ length: count }, (_, i) => this.feed.at(first + this.shift + i)?.cells[0]?.text);
  }
}

const key = (row: number): string => `user-${String(row * 7919).padStart(9, '0')}`;
const keys = (first: number, count = 30): string[] => Array.from({ length: count }, (_, i) => key(first + i));

describe('rows around what is seen', () => {
  it('are there from the first on, and some beyond what is seen', async () => {
    const trial = new Trial();
    trial.feed.change(query, null);
    await trial.settle();
    expect(trial.feed.rows).toBe(2 ** 31);
    expect(await trial.see(0)).toEqual(keys(0));
    expect(trial.feed.at(200)).not.toBeNull();
    expect(trial.asked.length).toBeLessThan(4);
  });

  it('follow from those that are there, and come by number after a jump', async () => {
    const trial = new Trial();
    trial.feed.change(query, null);
    await trial.settle();
    for (let first = 0; first < 3000; first += 100) expect(await trial.see(first)).toEqual(keys(first));
    expect(trial.asked.filter(({ at }) => 'row' in at)).toHaveLength(1);
    expect(await trial.see(1_000_000_000)).toEqual(keys(1_000_000_000));
    expect(trial.asked.filter(({ at }) => 'row' in at)).toHaveLength(2);
    for (let first = 1_000_000_000; first > 999_998_000; first -= 100) {
      expect(await trial.see(first)).toEqual(keys(first));
    }
    expect(trial.asked.filter(({ at }) => 'row' in at)).toHaveLength(2);
  });

  it('are let go of when they are far away', async () => {
    const trial = new Trial();
    trial.feed.change(query, null);
    await trial.settle();
    for (let first = 0; first < 12_000; first += 200) await trial.see(first);
    expect(trial.feed.at(100)).toBeNull();
    expect(trial.feed.at(11_800)).not.toBeNull();
    expect(await trial.see(7_800)).toEqual(keys(7_800));
  });

  it('stay the same rows while their numbers become exact', async () => {
    const trial = new Trial('huge');
    trial.feed.change(query, null);
    await trial.settle();
    const before = await trial.see(5_000_000);
    expect(trial.feed.exact).toBe(false);
    const rows = trial.feed.rows;
    const signal = new AbortController().signal;
    const scan = await trial.engine.scanRows(query, { signal, progress: (progress) => trial.feed.progress(progress) });
    trial.feed.progress(scan);
    await trial.settle();
    expect(trial.feed.exact).toBe(true);
    expect(trial.feed.rows).toBeLessThan(rows);
    expect(trial.shift).toBeLessThan(-100_000);
    expect(Array.from({ length: 30 }, (_, i) => trial.feed.at(5_000_000 + trial.shift + i)?.cells[0]?.text)).toEqual(
      before,
    );
    expect(before[0]).toBe(key(5_000_000 + trial.shift));
  });

  it('of another query take their place when the first of them are there', async () => {
    const trial = new Trial('shop');
    trial.feed.change(query, null);
    await trial.settle();
    const filtered = { ...query, filter: 'true' };
    trial.feed.change(filtered, null);
    expect(trial.feed.at(1)?.cells[0]?.text).toBe(key(1));
    await trial.settle();
    expect(trial.told).toContain('restarted');
    expect(trial.feed.rows).toBe(0);
    const signal = new AbortController().signal;
    await trial.engine.scanRows(filtered, { signal, progress: (scan) => trial.feed.progress(scan) });
    await trial.settle();
    expect(trial.feed.rows).toBe(23);
    expect(await trial.see(0, 23)).toEqual(Array.from({ length: 23 }, (_, i) => key(i * 10)));
  });

  it('stay when the new query cannot be, and are those of the one before', async () => {
    const trial = new Trial('shop');
    trial.feed.change(query, null);
    await trial.settle();
    trial.feed.change({ ...query, key: '{' }, null);
    await trial.settle();
    expect(trial.told.at(-1)).toBe('BAD_VALUE');
    expect(trial.feed.revert()).toEqual(query);
    expect(trial.feed.rows).toBe(230);
    expect(await trial.see(100)).toEqual(keys(100));
  });

  it('are found around a place, and told by its number', async () => {
    const trial = new Trial('shop');
    trial.feed.change(query, { block: 2, index: 10 });
    await trial.settle();
    expect(trial.shift).toBe(130);
    expect(trial.feed.at(130)?.cells[0]?.text).toBe(key(130));
    expect(await trial.feed.find({ block: 3, index: 49 })).toBe(229);
  });

  it('are asked for once after a failure, until somebody tries again', async () => {
    const trial = new Trial();
    trial.failing = true;
    trial.feed.change(query, null);
    await trial.settle();
    await trial.see(0);
    await trial.see(100_000);
    expect(trial.asked).toHaveLength(1);
    expect(trial.told).toEqual(['INTERNAL']);
    trial.failing = false;
    trial.feed.change(query, null);
    await trial.settle();
    expect(await trial.see(0)).toEqual(keys(0));
  });
});
