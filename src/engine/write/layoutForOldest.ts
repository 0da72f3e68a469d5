import { EngineError } from '../bytes/engineError';
import type { KeyedSource } from './keyedSource';

type Layout = 'canonical' | 'heap';

/**
 * How keyed state is to be laid out for Flink 1.10 and older. The canonical layout is that of RocksDB alone there; timers stand in
 * managed queues or in raw state as the backend was set up, which looks for them in one of the two only. `REFUSED` where what is
 * there cannot keep its layout, or nothing says which it is.
 */
export function layoutForOldest(source: KeyedSource, wanted: Layout | null): Layout {
  if (source.hasRawTimers) {
    throw refused(
      'its timers lie in raw keyed state, where that Flink looks for them again, and would become managed state',
      'Choose metadata version 3 or newer.',
    );
  }
  const stored = source.isLaidOut ? (source.isOfHeap ? 'heap' : 'canonical') : null;
  if (wanted === null && stored === null) {
    throw refused(
      'its heap backends and RocksDB read different formats, and no state is there that tells which it is to be',
      'Choose a format: heap, or canonical for RocksDB.',
    );
  }
  const layout = wanted ?? stored ?? 'canonical';
  if (stored !== null && layout !== stored && source.states.some(({ canonical }) => canonical.kind === 'timer')) {
    throw refused(
      `its timers are those of ${stored === 'heap' ? 'a heap backend' : 'RocksDB'}, and another would not look for them there`,
      'Leave the format as it is.',
    );
  }
  return layout;
}

const refused = (why: string, hint: string): EngineError =>
  new EngineError('REFUSED', `Keyed state cannot be written for Flink 1.10 and older: ${why}.`, { hint });
