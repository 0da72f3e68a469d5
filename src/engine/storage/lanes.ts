import { throwIfAborted } from '../bytes/engineError';

/** Pieces of work on files that go on at the same time: the system reads and writes in threads of its own. */
const LANES = 4;

/**
 * Does items, a few at the same time, each by one of the lanes; `begin` makes a lane, with memory of its own. Ends when all
 * lanes have: after the first failure none takes another item.
 */
export async function inLanes<Item>(
  items: Iterable<Item>,
  signal: AbortSignal | undefined,
  begin: () => (item: Item) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let hasFailed = false;
  const lane = async (): Promise<void> => {
    try {
      let work: ((item: Item) => Promise<void>) | null = null;
      while (!hasFailed) {
        throwIfAborted(signal);
        const next = left.next();
        if (next.done === true) return;
        work ??= begin();
        await work(next.value);
      }
    } catch (e) {
      hasFailed = true;
      throw e;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
