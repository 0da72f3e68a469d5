import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { BATCH_SIZE, type Batch, isOfTheBytes, type PartState, type RawEntry, unreadBecause } from './part';
import type { StreamWindow } from './streamWindow';

/**
 * So many entries of operator state, one behind the other: only their types tell where each ends. Behind one that cannot be
 * read all of the rest is unread. Gives whether all of them could be.
 */
export async function* countedEntries(
  window: StreamWindow,
  state: PartState,
  count: number,
  /** Reads the entry of this index at the cursor. */
  read: (cursor: Cursor, index: number) => RawEntry,
  told: (e: EngineError) => EngineError = (e) => e,
): AsyncGenerator<Batch, boolean> {
  let done = 0;
  while (done < count) {
    const entries: RawEntry[] = [];
    const { bytes } = window.cursor;
    try {
      await window.run((cursor) => {
        entries.push(read(cursor, done));
        return ++done < count && entries.length < BATCH_SIZE && cursor.bytes === bytes;
      });
    } catch (e) {
      if (!(e instanceof EngineError) || !isOfTheBytes(e)) throw e;
      yield { entries, unread: [unreadBecause(state, -1, await window.skipRest(), told(e))] };
      return false;
    }
    yield { entries, unread: [] };
  }
  return true;
}
