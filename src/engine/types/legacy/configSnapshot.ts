import type { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import type { TypeOptions } from '../family';
import { SnapshotReader } from '../serializerSnapshot';
import { readPairs } from './serializerPairs';

/** Serializers of a header of 1.3 to 1.6, each beside its config snapshot; see `readPairs`. */
export function readSerializersAndConfigs(cursor: Cursor, options: TypeOptions): Codec[] {
  return readPairs(cursor, new SnapshotReader(options));
}
