import type { Cursor } from '../bytes/cursor';
import type { Sink } from '../bytes/sink';
import type { Codec } from '../types/codec';
import type { SerializerReader } from './serializerReader';
import type { StateMeta } from './stateMeta';
import { anyV5, anyV6, keyedV1, keyedV3, readStateMetas } from './stateMetaForms';

/**
 * The header of keyed state: at the start of canonical and heap files, and the whole of the `meta` file of RocksDB.
 *
 * | version | Flink | after the version |
 * | --- | --- | --- |
 * | 1, 2 | 1.2 | key serializer (proxy), states |
 * | 3 | 1.3 | key serializer (with configuration), states |
 * | 4 | 1.4, 1.5 | `boolean` compression, then as 3 |
 * | 5 | 1.6 | as 4, states in their own form |
 * | 6 | since 1.7 | `boolean` compression, key serializer snapshot, states |
 *
 * Source: org.apache.flink.runtime.state.KeyedBackendSerializationProxy.
 */
export interface KeyedHeader {
  version: number;
  /** Key groups (canonical) or states (heap) are streams compressed with Snappy. */
  compressed: boolean;
  key: Codec;
  /** The key serializer as it stands in the header. */
  keyBytes: Uint8Array;
  /** The id of a state in the data is its index here. */
  states: StateMeta[];
}

/** First version with a compression flag. */
const FIRST_WITH_COMPRESSION = 4;

const STATE_FORMS = [keyedV1, keyedV1, keyedV3, keyedV3, anyV5, anyV6];

export function readKeyedHeader(cursor: Cursor, serializers: SerializerReader): KeyedHeader {
  const at = cursor.offset;
  const version = cursor.i32();
  const form = STATE_FORMS[version - 1];
  if (form === undefined) {
    throw cursor.error('UNSUPPORTED_VERSION', `Headers of keyed state have version 1 to 6, found ${version}.`, at);
  }
  const compressed = version >= FIRST_WITH_COMPRESSION && cursor.bool('compression flag');
  const keyFrom = cursor.position;
  const key = keySerializer(cursor, serializers, version);
  const keyBytes = cursor.bytes.slice(keyFrom, cursor.position);
  return { version, compressed, key, keyBytes, states: readStateMetas(cursor, serializers, form) };
}

/** Writes a header from serializers and states in their own bytes, all of the form of that version. */
export function writeKeyedHeader(
  sink: Sink,
  {
    version,
    keyBytes,
    states,
    compressed = false,
  }: { version: number; keyBytes: Uint8Array; states: readonly Uint8Array[]; compressed?: boolean },
): void {
  sink.i32(version);
  if (version >= FIRST_WITH_COMPRESSION) sink.bool(compressed);
  sink.raw(keyBytes);
  sink.i16(states.length);
  for (const state of states) sink.raw(state);
}

function keySerializer(cursor: Cursor, serializers: SerializerReader, version: number): Codec {
  if (version >= 6) return serializers.envelope(cursor);
  if (version < 3) return serializers.proxy(cursor);
  const at = cursor.offset;
  const found = serializers.serializersAndConfigs(cursor);
  if (found.length !== 1) throw cursor.corrupt(`There is one key serializer, found ${found.length}.`, at);
  return found[0];
}
