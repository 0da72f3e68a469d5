import { throwIfAborted } from '../../engine/bytes/engineError';
import type { EntryStretch } from './entrySource';
import { unlessAborted } from './unlessAborted';

/** How far the entries were read. */
export class Reading {
  at = 0;
  read = 0;
  ended = false;
  private current: EntryStretch | null = null;
  /** Asked for and not there yet; it stays so when whoever waited for it stops waiting. */
  private next: Promise<IteratorResult<EntryStretch>> | null = null;

  constructor(
    private readonly stretches: AsyncGenerator<EntryStretch>,
    private readonly closing: AbortSignal,
  ) {}

  /** The stretch with the next entry; null at the end. */
  async stretch(signal: AbortSignal): Promise<EntryStretch | null | 'stopped'> {
    while (this.current === null || this.at >= this.current.length) {
      if (this.ended) return null;
      if (signal.aborted) return 'stopped';
      this.current = null;
      if (this.next === null) {
        this.next = this.stretches.next();
        // Nobody may be waiting when it fails; who asks next hears of it.
        this.next.catch(() => undefined);
      }
      const result = await unlessAborted(this.next, signal);
      if (result === 'stopped') return result;
      this.next = null;
      this.at = 0;
      if (result.done === true) this.ended = true;
      else this.current = result.value;
      throwIfAborted(this.closing);
    }
    return this.current;
  }

  async close(): Promise<void> {
    await this.next?.catch(() => undefined);
    await this.stretches.return(undefined);
  }
}
