import type { SnapshotDescription } from '../../src/engine/description';
import { type Bar, portionBars } from '../../src/view/portionBars';
import type {
  OperatorAmount,
  ShownStats,
  StateAmount,
  StatsDetail,
  StatsNews,
  StatsTarget,
} from '../../src/view/shownStats';
import { shop } from './samples';

const NOTHING: StatsNews = { phase: 'none', stats: null, read: 0, of: 0, millis: 0, isKept: false, problem: null };

/** Bytes for each entry of the shop's states. */
const EACH: Record<string, number> = { profile: 74, counters: 35, history: 33, lastSeen: 15, 'user-timers': 21 };

const barsOf = (entries: number, bytes: number, count: number, most: number, heavy: number | null): Bar[] => {
  const parts = heavy === null ? count : count + 1.6;
  return portionBars(
    Array.from({ length: count }, (_, number) => {
      const part = ((number === heavy ? 2.6 : 1) * (1 + ((number * 7919) % 13) / 100)) / parts;
      return { number, entries: Math.round(entries * part), bytes: Math.round(bytes * part) };
    }),
    count,
    most,
  );
};

/** As if so much of each state of the shop were counted. */
export function shopStats(part: number, snapshot: SnapshotDescription = shop()): ShownStats {
  const operators = snapshot.operators.map((operator): OperatorAmount => {
    const states = operator.states.map((state): StateAmount => {
      const bytes = Math.round((state.bytes ?? 43_000_000) * part * 0.9);
      const entries = Math.round(bytes / (EACH[state.name] ?? 40));
      const isHeavy = state.name === 'history';
      return {
        name: state.name,
        kind: state.kind,
        entries,
        bytes,
        keys: state.keyType === null ? null : { count: Math.round(entries / 1.4), exact: state.name !== 'counters' },
        bars:
          operator.parallelism < 2 || part < 1
            ? []
            : barsOf(entries, bytes, operator.parallelism, 24, isHeavy ? 2 : null),
        skew: isHeavy && part === 1 ? { number: 2, bytes: bytes / 2, ratio: 2.6 } : null,
      };
    });
    const sum = (of: (state: StateAmount) => number): number => states.reduce((all, state) => all + of(state), 0);
    const [entries, bytes] = [sum((s) => s.entries), sum((s) => s.bytes)];
    const bars = operator.parallelism < 2 || part < 1 ? [] : barsOf(entries, bytes, operator.parallelism, 24, null);
    return { id: operator.id, entries, bytes, keys: null, bars, skew: null, states };
  });
  const sum = (of: (operator: OperatorAmount) => number): number => operators.reduce((all, o) => all + of(o), 0);
  return {
    isComplete: part === 1,
    entries: sum((o) => o.entries),
    bytes: sum((o) => o.bytes),
    operators,
    problems: [],
  };
}

/** Stands in for the count of a document: counts the shop in steps that a test takes. */
export class FakeCount {
  news: StatsNews;
  private part = 0;

  constructor(
    private readonly scenario: string,
    private readonly tell: (news: StatsNews) => void,
  ) {
    this.news =
      scenario === 'counted'
        ? { ...NOTHING, phase: 'done', stats: shopStats(1), isKept: true }
        : scenario === 'counting'
          ? this.at(0.3)
          : NOTHING;
  }

  told(what: 'start' | 'stop'): void {
    if (this.scenario === 'notCounted') {
      const message = 'The reading thread ended unexpectedly (exit code 134).';
      const problem = { severity: 'error' as const, code: 'INTERNAL', message, file: null, offset: null, where: null };
      this.say({ ...NOTHING, phase: 'failed', problem: { ...problem, hint: null } });
    } else if (what === 'start') this.say(this.at(Math.max(0.1, this.part)));
    else this.say({ ...this.news, phase: 'stopped' });
  }

  /** A test lets the count go on; 1 is its end. */
  grow(part: number): void {
    this.say(part === 1 ? { ...this.at(1), phase: 'done', millis: 8400 } : this.at(part));
  }

  detail({ operator: id, state }: StatsTarget): StatsDetail | null {
    const described = shop().operators.find((o) => o.id === id);
    const operator = this.news.stats?.operators.find((o) => o.id === id);
    if (operator === undefined || described === undefined) return null;
    const of = state === null ? operator : operator.states.find((s) => s.name === state.name && s.kind === state.kind);
    if (of === undefined) return null;
    const { entries, bytes, keys } = of;
    const isHeavy = state?.name === 'history';
    const isTimer = state?.kind === 'timer';
    const isKeyed = described.keyType !== null;
    const start = 1_760_000_000_000n;
    const bins = Array.from({ length: 40 }, (_, i) => ({
      from: start + BigInt(i) * 67_108_864n,
      count: Math.round(1000 * (1 + Math.sin(i / 3)) + i * 40),
    }));
    const count = bins.reduce((sum, bin) => sum + bin.count, 0);
    const times = { count, first: start, last: start + 40n * 67_108_864n - 1n, width: 67_108_864n, bins };
    const isComplete = this.news.stats?.isComplete === true;
    return {
      isComplete,
      entries,
      bytes,
      keys,
      valueBytes: state === null ? null : Math.round(bytes * 0.7),
      subtasks: {
        of: described.parallelism,
        used: described.parallelism,
        bars: barsOf(entries, bytes, described.parallelism, 128, isHeavy ? 2 : null),
        skew: !isComplete
          ? null
          : isHeavy
            ? { number: 2, bytes: bytes / 2, ratio: 2.6 }
            : { number: 1, bytes: bytes / 4, ratio: 1.02 },
      },
      keyGroups: isKeyed
        ? {
            of: 128,
            used: 127,
            bars: barsOf(entries, bytes, 128, 128, isHeavy ? 77 : null),
            skew: isComplete ? { number: isHeavy ? 77 : 3, bytes: bytes / 60, ratio: isHeavy ? 3.9 : 1.2 } : null,
          }
        : null,
      valueSizes:
        state === null || isTimer
          ? []
          : [8, 16, 32, 64, 128, 4096].map((from, i) => ({ from, count: Math.round(entries / (1 + (i - 2) ** 2)) })),
      largest:
        state === null || isTimer
          ? []
          : Array.from({ length: 10 }, (_, i) => ({
              key: i === 1 ? '"<b>user</b>"' : `"user-${1000 + 37 * i}"`,
              namespace: state.name === 'window-contents' ? '{"start":0,"end":60000}' : null,
              keyGroup: (i * 31) % 128,
              subtask: i % 4,
              entries: 400 - 31 * i,
              bytes: Math.round(90_000 / (i + 1)),
            })),
      lastUsed: state?.name === 'lastSeen' ? times : null,
      due: isTimer ? times : null,
    };
  }

  private at(part: number): StatsNews {
    this.part = part;
    const of = 1_030_000_000;
    return { ...NOTHING, phase: 'counting', stats: shopStats(part), read: Math.round(of * part), of };
  }

  private say(news: StatsNews): void {
    this.news = news;
    this.tell(news);
  }
}
