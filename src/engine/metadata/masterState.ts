import type { Cursor } from '../bytes/cursor';
import { Sink } from '../bytes/sink';
import type { MasterState } from './model';

const MAGIC = 0xc96b1696;

/** Magic number, length, version, UTF name and length of the payload. */
export const MINIMUM_MASTER_STATE_BYTES = 18;

/**
 * State of a master hook, since version 2: int magic 0xC96B1696, int n, then in n bytes: int version, UTF name, int m,
 * m bytes. Source: MetadataV2V3SerializerBase#serializeMasterState.
 */
export function readMasterState(cursor: Cursor): MasterState {
  const at = cursor.offset;
  const magic = cursor.u32();
  if (magic !== MAGIC) {
    throw cursor.corrupt(`A master state begins with 0x${MAGIC.toString(16)}, found 0x${magic.toString(16)}.`, at);
  }
  const frame = cursor.frame(cursor.i32(), 'master state');
  const version = frame.i32();
  const name = frame.utf('name of a master state');
  const payload = frame.bytes4('payload of a master state');
  frame.expectEnd(`the master state "${name}"`);
  return { version, name, payload };
}

export function writeMasterState(sink: Sink, state: MasterState): void {
  const frame = new Sink();
  frame.i32(state.version);
  frame.utf(state.name);
  frame.bytes4(state.payload);
  sink.i32(MAGIC | 0);
  sink.bytes4(frame.toBytes());
}
