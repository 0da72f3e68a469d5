import type { Cursor } from '../bytes/cursor';
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
  /** The id of a state in the data is its index here. */
  states: StateMeta[];
}

const STATE_FORMS = [keyedV1, keyedV1, keyedV3, keyedV3, anyV5, anyV6];

export function readKeyedHeader(cursor: Cursor, serializers: SerializerReader): KeyedHeader {
  const at = cursor.offset;
  const version = cursor.i32();
  const form = STATE_FORMS[version - 1];
  if (form === undefined) {
    throw cursor.error('UNSUPPORTED_VERSION', `Headers of keyed state have version 1 to 6, found ${version}.`, at);
  }
  const compressed = version >= 4 && cursor.bool('compression flag');
  const key = keySerializer(cursor, serializers, version);
  return { version, compressed, key, states: readStateMetas(cursor, serializers, form) };
}

function keySerializer(cursor: Cursor, serializers: SerializerReader, version: number): Codec {
  if (version >= 6) return serializers.envelope(cursor);
  if (version < 3) return serializers.proxy(cursor);
  const at = cursor.offset;
  const found = serializers.serializersAndConfigs(cursor);
  if (found.length !== 1) throw cursor.corrupt(`There is one key serializer, found ${found.length}.`, at);
  return found[0];
}
