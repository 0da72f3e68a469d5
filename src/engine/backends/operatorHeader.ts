import type { Cursor } from '../bytes/cursor';
import type { Sink } from '../bytes/sink';
import type { SerializerReader } from './serializerReader';
import type { StateMeta } from './stateMeta';
import { anyV5, anyV6, operatorV1, operatorV2, readStateMetas } from './stateMetaForms';

/**
 * The header of managed operator state.
 *
 * | version | Flink | after the version |
 * | --- | --- | --- |
 * | 1 | 1.2 | list states |
 * | 2 | 1.3, 1.4 | list states, with configurations |
 * | 3 | 1.5 | list states, broadcast states |
 * | 4 | 1.6 | the same in the form of 1.6 |
 * | 5 | 1.7 to 1.17 | the same with serializer snapshots |
 * | 6 | since 1.18 | `boolean` compression, then as 5 |
 *
 * Source: org.apache.flink.runtime.state.OperatorBackendSerializationProxy.
 */
export interface OperatorHeader {
  version: number;
  /** Everything behind the header is one stream compressed with Snappy. */
  compressed: boolean;
  /** List states first, then broadcast states, each in the order of the header. */
  states: StateMeta[];
}

const FIRST_WITH_BROADCAST = 3;
const FIRST_WITH_COMPRESSION = 6;

const STATE_FORMS = [operatorV1, operatorV2, operatorV2, anyV5, anyV6, anyV6];

export function readOperatorHeader(cursor: Cursor, serializers: SerializerReader): OperatorHeader {
  const at = cursor.offset;
  const version = cursor.i32();
  const form = STATE_FORMS[version - 1];
  if (form === undefined) {
    throw cursor.error('UNSUPPORTED_VERSION', `Headers of operator state have version 1 to 6, found ${version}.`, at);
  }
  const compressed = version >= FIRST_WITH_COMPRESSION && cursor.bool('compression flag');
  const states = readStateMetas(cursor, serializers, form);
  if (version >= FIRST_WITH_BROADCAST) states.push(...readStateMetas(cursor, serializers, form));
  return { version, compressed, states };
}

/** Writes a header of uncompressed state from states in their own bytes, all of the form of that version. */
export function writeOperatorHeader(sink: Sink, version: number, states: readonly StateMeta[]): void {
  sink.i32(version);
  if (version >= FIRST_WITH_COMPRESSION) sink.bool(false);
  const write = (some: readonly StateMeta[]): void => {
    sink.i16(some.length);
    for (const { bytes } of some) sink.raw(bytes);
  };
  write(states.filter((state) => state.type !== 'broadcast'));
  if (version >= FIRST_WITH_BROADCAST) write(states.filter((state) => state.type === 'broadcast'));
}
