import type { RequestOptions } from '../rpc/peer';
import { toProblem } from '../rpc/problem';
import type { VerificationNews, VerificationProgress, VerificationResult } from '../view/shownHealth';

/** Asks the engine's thread to read everything. */
export type AskToVerify = (options: RequestOptions<VerificationProgress>) => Promise<VerificationResult>;

const NOTHING: VerificationNews = { phase: 'none', entries: 0, bytesRead: 0, findings: [], problem: null };

/** The reading of a snapshot to its last byte. It belongs to the document, as the count does. */
export class EntryVerification {
  private state = NOTHING;
  private running: AbortController | null = null;

  constructor(
    private readonly ask: AskToVerify,
    private readonly changed: () => void,
  ) {}

  get news(): VerificationNews {
    return this.state;
  }

  start(): void {
    if (this.running === null) void this.run();
  }

  stop(): void {
    this.running?.abort();
  }

  /** The snapshot is another: what was found is of no more use. */
  reset(): void {
    this.stop();
    this.running = null;
    this.state = NOTHING;
  }

  private async run(): Promise<void> {
    const running = new AbortController();
    this.running = running;
    const set = (news: Partial<VerificationNews>): void => {
      if (this.running !== running) return;
      this.state = { ...this.state, ...news };
      this.changed();
    };
    set({ ...NOTHING, phase: 'running' });
    try {
      set({ ...(await this.ask({ signal: running.signal, onProgress: set })), phase: 'done' });
    } catch (e) {
      set(running.signal.aborted ? { phase: 'stopped' } : { phase: 'failed', problem: toProblem(e) });
    } finally {
      if (this.running === running) this.running = null;
    }
  }
}
