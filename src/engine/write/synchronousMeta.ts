import {
  KEYED_STATE_TYPE,
  NAMESPACE_SERIALIZER,
  optionOf,
  type StateMeta,
  type StateSerializer,
  USER_KEY_SERIALIZER,
  VALUE_SERIALIZER,
} from '../backends/stateMeta';
import { writeAnyV6 } from '../backends/stateMetaForms';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { writeComposite } from '../types/compositeSnapshot';
import type { TypeOptions } from '../types/family';
import { SnapshotReader } from '../types/serializerSnapshot';

const BASE = 'org.apache.flink.api.common.typeutils.base.';
/** Of both snapshots below. */
const OUTER_VERSION = 1;
/** Version of the reference to a serializer, in front of its snapshot. */
const ENVELOPE = 2;

/**
 * What a header says of asynchronous state (`KEY_VALUE_V2`, since 2.0: ForSt) in the form of synchronous state, whose entries
 * have the same bytes: a list's serializer is that of the whole list, a map's that of the whole map. Jobs restore it as
 * asynchronous state again. Source: RegisteredStateMetaInfoUtils#createMetaInfoV1FromV2Snapshot.
 */
export function synchronousMeta(meta: StateMeta, options: TypeOptions): StateMeta {
  const head = { name: meta.name, type: 'keyValue', options: meta.options } satisfies Partial<StateMeta>;
  const serializers = [valueSerializer(meta, options), serializerAt(meta, NAMESPACE_SERIALIZER)];
  const sink = new Sink();
  writeAnyV6(
    sink,
    head,
    serializers.map(({ key, bytes }) => [key, bytes]),
  );
  return { ...head, serializers, bytes: sink.toBytes() };
}

function valueSerializer(meta: StateMeta, options: TypeOptions): Required<StateSerializer> {
  const value = serializerAt(meta, VALUE_SERIALIZER);
  switch (optionOf(meta, KEYED_STATE_TYPE)) {
    case 'LIST':
      return composed(`${BASE}ListSerializerSnapshot`, [value], options);
    case 'MAP':
      return composed(`${BASE}MapSerializerSnapshot`, [serializerAt(meta, USER_KEY_SERIALIZER), value], options);
    default:
      return value;
  }
}

function composed(
  className: string,
  nested: readonly Required<StateSerializer>[],
  options: TypeOptions,
): Required<StateSerializer> {
  const sink = new Sink();
  sink.i32(ENVELOPE);
  const head = sink.position;
  const snapshots = nested.map(({ bytes }) => bytes.subarray(head));
  writeComposite(sink, className, OUTER_VERSION, snapshots);
  const bytes = sink.toBytes();
  const { codec } = new SnapshotReader(options).readVersioned(new Cursor(bytes, {}, head));
  return { key: VALUE_SERIALIZER, codec, bytes };
}

function serializerAt({ name, serializers }: StateMeta, key: string): Required<StateSerializer> {
  const found = serializers.find((serializer) => serializer.key === key);
  if (found?.bytes !== undefined) return { ...found, bytes: found.bytes };
  throw new EngineError('REFUSED', `The header names no ${key} for the asynchronous state ${name}.`);
}
