import { describe, expect, it } from 'vitest';
import { type AskForCount, EntryCount } from '../../../src/editor/entryCount';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { RequestOptions } from '../../../src/rpc/peer';
import type { CountedStats, ShownStats, StatsNews, StatsProgress } from '../../../src/view/shownStats';

const stats = (entries: number, isComplete: boolean): ShownStats => ({
  ...{ entries, bytes: entries, isComplete, operators: [], problems: [] },
});
const counted = (entries: number, isComplete: boolean, isKept = false): CountedStats => ({
  ...{ stats: stats(entries, isComplete), isKept, millis: 5, read: entries, of: 100 },
});

/** An engine whose answers a test gives. */
class Engine {
  readonly asked: {
    scan: boolean;
    options: RequestOptions<StatsProgress>;
    resolve(of: CountedStats): void;
    reject(e: unknown): void;
  }[] = [];
  readonly told: StatsNews[] = [];
  private readonly ask: AskForCount = (scan, options) =>
    new Promise((resolve, reject) => this.asked.push({ scan, options, resolve, reject }));
  readonly count = new EntryCount(this.ask, (news) => this.told.push(news));

  at(index: number): Engine['asked'][number] {
    const found = this.asked[index];
    if (found === undefined) throw new Error(`Nothing was asked for the ${index}th time.`);
    return found;
  }

  get phases(): string[] {
    return this.told.map(({ phase, stats }) => `${phase} ${stats?.entries ?? '-'}`);
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the count of a document', () => {
  it('looks first for what is known, and begins by itself where it may', async () => {
    const engine = new Engine();
    const looked = engine.count.look(() => true);
    expect(engine.at(0).scan).toBe(false);
    engine.at(0).resolve(counted(0, false));
    expect((await looked).phase).toBe('counting');
    expect(engine.at(1).scan).toBe(true);
    engine.at(1).options.onProgress?.({ stats: stats(40, false), read: 40, of: 100 });
    engine.at(1).resolve(counted(100, true));
    await settled();
    expect(engine.phases).toEqual(['none -', 'counting -', 'counting 40', 'done 100']);
    // Whoever looks after that is told at once.
    expect(await engine.count.look(() => true)).toMatchObject({ phase: 'done', stats: { entries: 100 }, read: 100 });
    engine.count.start();
    expect(engine.asked).toHaveLength(2);
  });

  it('does not begin by itself where all is known, or it may not', async () => {
    const known = new Engine();
    const looked = known.count.look(() => true);
    known.at(0).resolve(counted(100, true, true));
    expect(await looked).toMatchObject({ phase: 'done', isKept: true });
    const asksFirst = new Engine();
    const none = asksFirst.count.look(() => false);
    asksFirst.at(0).resolve(counted(0, false));
    expect((await none).phase).toBe('none');
    const interrupted = new Engine();
    const some = interrupted.count.look(() => false);
    interrupted.at(0).resolve(counted(30, false));
    expect(await some).toMatchObject({ phase: 'stopped', stats: { entries: 30 } });
    for (const { asked } of [known, asksFirst, interrupted]) expect(asked).toHaveLength(1);
  });

  it('stops, goes on, and counts once however often it is asked to', async () => {
    const engine = new Engine();
    void engine.count.look(() => false);
    engine.at(0).resolve(counted(0, false));
    await settled();
    engine.count.start();
    engine.count.start();
    expect(engine.asked).toHaveLength(2);
    engine.count.stop();
    expect(engine.at(1).options.signal?.aborted).toBe(true);
    engine.at(1).resolve(counted(30, false));
    await settled();
    engine.count.start();
    engine.at(2).resolve(counted(100, true));
    await settled();
    expect(engine.phases).toEqual(['none -', 'counting -', 'stopped 30', 'counting 30', 'done 100']);
  });

  it('says why it failed, keeps what it had, and tries again', async () => {
    const engine = new Engine();
    void engine.count.look(() => true);
    engine.at(0).reject(new EngineError('IO', 'The disk is gone.'));
    await settled();
    expect(engine.told.at(-1)).toMatchObject({ phase: 'failed', stats: null, problem: { code: 'IO' } });
    // It would fail again: who wants it tried says so.
    expect(engine.asked).toHaveLength(1);
    engine.count.start();
    engine.at(1).options.onProgress?.({ stats: stats(40, false), read: 40, of: 100 });
    engine.at(1).reject(new EngineError('INTERNAL', 'The reading thread ended.'));
    await settled();
    expect(engine.told.at(-1)).toMatchObject({
      ...{ phase: 'failed', stats: { entries: 40 }, problem: { code: 'INTERNAL' } },
    });
    engine.count.start();
    expect(engine.told.at(-1)).toMatchObject({ phase: 'counting', problem: null });
  });

  it('tells nothing of a snapshot that is another by now', async () => {
    const engine = new Engine();
    void engine.count.look(() => true);
    engine.at(0).resolve(counted(0, false));
    await settled();
    const before = engine.told.length;
    engine.count.reset();
    expect(engine.at(1).options.signal?.aborted).toBe(true);
    engine.at(1).options.onProgress?.({ stats: stats(40, false), read: 40, of: 100 });
    engine.at(1).resolve(counted(100, true));
    await settled();
    expect(engine.told).toHaveLength(before);
    const looked = engine.count.look(() => false);
    engine.at(2).resolve(counted(7, true, true));
    expect(await looked).toMatchObject({ phase: 'done', stats: { entries: 7 } });
  });

  it('does not begin to count because of what was looked up before the snapshot became another', async () => {
    const engine = new Engine();
    void engine.count.look(() => true);
    engine.count.reset();
    const looked = engine.count.look(() => false);
    engine.at(0).resolve(counted(0, false));
    await settled();
    expect(engine.asked.map(({ scan }) => scan)).toEqual([false, false]);
    engine.at(1).resolve(counted(0, false));
    expect((await looked).phase).toBe('none');
  });
});
