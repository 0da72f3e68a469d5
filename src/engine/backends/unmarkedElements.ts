import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import type { Codec } from '../types/codec';
import { countedEntries } from './countedEntries';
import { type Batch, type PartState, type RawEntry, unreadBecause } from './part';
import type { StreamWindow } from './streamWindow';

const HINT = 'Flink 1.18.0 and 1.18.1 do not keep where an element of compressed operator state begins (FLINK-34063)';

/**
 * Elements of a compressed list state as Flink 1.18.0 and 1.18.1 write them. They take an element's offset without having
 * emptied the buffer of the compression: it is that of the block that is not written yet, and many have the same. The elements
 * stand one behind the other from the first one's offset on, and only their type tells where each ends.
 * Source: CompressibleFSDataOutputStream.getPos, which empties the buffer in later releases.
 */
export async function* unmarkedElements(window: StreamWindow, state: PartState, count: number): AsyncGenerator<Batch> {
  const { value } = state;
  const read = (cursor: Cursor, index: number): RawEntry => {
    const from = cursor.position;
    readable(value).skip(cursor);
    return elementOf(state, index, cursor.bytes.subarray(from, cursor.position));
  };
  if (!(yield* countedEntries(window, state, count, read, told))) return;
  const rest = (await window.atEnd()) ? 0 : await window.skipRest();
  if (rest === 0) return;
  const why = new EngineError('CORRUPT', `The state goes on behind the last of its ${count} elements`);
  yield { entries: [], unread: [unreadBecause(state, -1, rest, told(why))] };
}

/** An element of a list state, whose value is all that it has. */
export function elementOf(state: PartState, index: number, value: Uint8Array): RawEntry {
  return {
    state,
    keyGroup: -1,
    index,
    key: null,
    namespace: null,
    userKey: null,
    value,
    timestamp: null,
    fault: null,
  };
}

function readable(codec: Codec | null): Codec {
  if (codec === null) throw new EngineError('UNREADABLE', 'The header names no serializer for the elements.');
  return codec;
}

const told = (e: EngineError): EngineError =>
  new EngineError(e.code, `${HINT}: ${e.message}`, { file: e.file, offset: e.offset, cause: e });
