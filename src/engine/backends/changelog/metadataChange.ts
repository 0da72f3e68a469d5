import { Cursor } from '../../bytes/cursor';
import type { TypeOptions } from '../../types/family';
import { parseWithUnknowns } from '../../types/parseWithUnknowns';
import { serializerReader } from '../openHeader';
import type { StateMeta } from '../stateMeta';
import { anyV6 } from '../stateMetaForms';
import type { LogChange } from './changeLog';

/** StateChangeOperation.METADATA. */
const METADATA = 8;
/** `short id, byte BackendStateType code`, at the end. */
const ID_AND_TYPE = 3;

/** A change that says which state an id stands for from here on. */
export interface MetadataChange {
  id: number;
  meta: StateMeta;
}

/**
 * `byte 8, int meta version, state, [keyed state: boolean has TTL, Java-serialized StateTtlConfig, boolean has default, default
 * value], short id, byte type`. Time-to-live and default are stepped over: they change no entry.
 * Source: AbstractStateChangeLogger, KvStateChangeLoggerImpl.
 */
export function readMetadataChange(change: LogChange, options: TypeOptions): MetadataChange {
  const cursor = new Cursor(change.bytes, { file: change.file, offset: change.offset });
  const operation = cursor.i8();
  if (operation !== METADATA) {
    throw cursor.corrupt(`A change of the states' metadata has the operation ${METADATA}, found ${operation}.`);
  }
  const version = cursor.i32();
  if (version !== 6 && version !== 7) {
    throw cursor.error('UNSUPPORTED_VERSION', `States in change logs have version 6 or 7, found ${version}.`);
  }
  const from = cursor.position;
  const meta = parseWithUnknowns(cursor, (window, guesses) => {
    const found = anyV6(window, serializerReader(options, guesses));
    if (guesses.length > 0) checkEnd(window, found.type === 'keyValue');
    return found;
  });
  const bytes = change.bytes.slice(from, cursor.position);
  cursor.position = cursor.end - ID_AND_TYPE;
  return { id: cursor.i16(), meta: { ...meta, bytes } };
}

/** Whether a guess fits: neither a TTL configuration nor a default value has a length that could be checked. */
function checkEnd(cursor: Cursor, isKeyed: boolean): void {
  const hasMore = isKeyed && (cursor.bool('flag of a TTL configuration') || cursor.bool('flag of a default value'));
  if (!hasMore) cursor.need(ID_AND_TYPE, 'state id');
  if (!hasMore && cursor.remaining !== ID_AND_TYPE)
    throw cursor.corrupt('A change of metadata goes on behind its end.');
}
