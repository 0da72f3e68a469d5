import type { RequestOptions } from '../rpc/peer';
import { toProblem } from '../rpc/problem';
import type { CountedStats, StatsNews, StatsProgress } from '../view/shownStats';

/** Asks the engine's thread: with `scan` to count, without for what is known. */
export type AskForCount = (scan: boolean, options: RequestOptions<StatsProgress>) => Promise<CountedStats>;

const NOTHING: StatsNews = {
  phase: 'none',
  stats: null,
  read: 0,
  of: 0,
  millis: 0,
  isKept: false,
  problem: null,
};

/**
 * The count of a snapshot's entries. It belongs to the document: it goes on while its editors are hidden, and all of them see
 * the same.
 */
export class EntryCount {
  private news: StatsNews = NOTHING;
  private running: AbortController | null = null;
  private known: Promise<void> | null = null;

  constructor(
    private readonly ask: AskForCount,
    private readonly tell: (news: StatsNews) => void,
  ) {}

  /**
   * What is known now; the first time, what is kept from before. `mayStart` says whether counting begins by itself where it
   * is not complete.
   */
  async look(mayStart: () => boolean): Promise<StatsNews> {
    this.known ??= this.lookUp(mayStart);
    await this.known;
    return this.news;
  }

  start(): void {
    if (this.running === null && this.news.phase !== 'done') void this.run(true);
  }

  stop(): void {
    this.running?.abort();
  }

  /** The snapshot is another: nothing is known of it. */
  reset(): void {
    this.stop();
    this.running = null;
    this.known = null;
    this.news = NOTHING;
  }

  private async lookUp(mayStart: () => boolean): Promise<void> {
    const isStillOf = await this.run(false);
    const { phase } = this.news;
    if (isStillOf && phase !== 'done' && phase !== 'failed' && mayStart()) this.start();
  }

  /** False if the snapshot became another meanwhile, so that what was asked for is of no use. */
  private async run(scan: boolean): Promise<boolean> {
    const running = new AbortController();
    this.running?.abort();
    this.running = running;
    const set = (news: Partial<StatsNews>): void => {
      if (this.running !== running) return;
      this.news = { ...this.news, ...news };
      this.tell(this.news);
    };
    if (scan) set({ phase: 'counting', problem: null });
    try {
      const onProgress = (progress: StatsProgress): void => set(progress);
      const { stats, ...rest } = await this.ask(scan, { signal: running.signal, onProgress });
      const isNothing = !scan && stats.entries === 0;
      const phase = stats.isComplete ? 'done' : isNothing ? 'none' : 'stopped';
      set({ phase, stats: isNothing && !stats.isComplete ? null : stats, ...rest });
    } catch (e) {
      set(running.signal.aborted ? { phase: 'stopped' } : { phase: 'failed', problem: toProblem(e) });
    }
    if (this.running !== running) return false;
    this.running = null;
    return true;
  }
}
