import { throwIfAborted } from '../../engine/bytes/engineError';

/** Milliseconds of work after which others get their turn, and with them a wish to stop. */
const TURN_MS = 20;

/**
 * Lets others have their turn during long work. What a person waits for goes before a scan: as long as somebody is `hurried`, scans
 * stand still.
 */
export class Turns {
  private hurried = 0;
  private calm: Promise<void> | null = null;
  private calmed: () => void = () => {};

  /** Work that somebody waits for. */
  async hurry<T>(work: () => Promise<T>): Promise<T> {
    this.hurried++;
    this.calm ??= new Promise((resolve) => {
      this.calmed = resolve;
    });
    try {
      return await work();
    } finally {
      if (--this.hurried === 0) {
        this.calm = null;
        this.calmed();
      }
    }
  }

  /** To be asked now and then during work; `patient` work waits until nobody is hurried. */
  pacer(signal: AbortSignal, patient: boolean): () => Promise<void> {
    let since = performance.now();
    return async () => {
      if (performance.now() - since >= TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        while (patient && this.calm !== null && !signal.aborted) await this.calm;
        since = performance.now();
      }
      throwIfAborted(signal);
    };
  }
}
