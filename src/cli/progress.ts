import type { WriteProgress } from '../engine/write/snapshotDraft';

/** Shortest time between two lines, in milliseconds. */
const INTERVAL = 200;

/** Progress on stderr, one line that is written over; nothing where stderr is no terminal. */
export function progressOn(err: (text: string) => void): { show(progress: WriteProgress): void; end(): void } {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  let last = 0;
  return {
    show({ bytes, totalBytes }) {
      const now = Date.now();
      if (now - last < INTERVAL) return;
      last = now;
      const percent = totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100);
      err(`\r${percent} % of ${totalBytes} bytes\u001b[K`);
    },
    end: () => err('\r\u001b[K'),
  };
}
