import type { Cursor } from '../bytes/cursor';
import { Sink } from '../bytes/sink';
import type { Codec } from '../types/codec';
import type { SerializerReader } from './serializerReader';
import {
  BACKEND_STATE_TYPES,
  type BackendStateType,
  DISTRIBUTION_MODE,
  KEY_SERIALIZER,
  KEYED_STATE_TYPE,
  MODE_ORDINALS,
  NAMESPACE_SERIALIZER,
  STATE_DESCRIPTOR_TYPES,
  type StateMeta,
  type StateSerializer,
  VALUE_SERIALIZER,
} from './stateMeta';

type MetaForm = (cursor: Cursor, serializers: SerializerReader) => Omit<StateMeta, 'bytes'>;

/**
 * Keyed state, Flink 1.2: `int StateDescriptor.Type, UTF name, proxy namespace, proxy value`.
 * Source: LegacyStateMetaInfoReaders.KeyedBackendStateMetaInfoReaderV1V2 (up to 1.16).
 */
export const keyedV1: MetaForm = (cursor, serializers) => {
  const options = descriptorType(cursor);
  const name = cursor.utf('state name');
  const namespace = serializers.proxy(cursor);
  const value = serializers.proxy(cursor);
  return { name, type: 'keyValue', options, serializers: namespaceAndValue(namespace, value) };
};

/**
 * Keyed state, Flink 1.3 to 1.5: `int StateDescriptor.Type, UTF name`, then namespace and value serializer with configurations.
 * Source: LegacyStateMetaInfoReaders.KeyedBackendStateMetaInfoReaderV3V4.
 */
export const keyedV3: MetaForm = (cursor, serializers) => {
  const options = descriptorType(cursor);
  const name = cursor.utf('state name');
  const [namespace, value] = several(cursor, serializers, 2);
  return { name, type: 'keyValue', options, serializers: namespaceAndValue(namespace, value) };
};

/**
 * Operator state, Flink 1.2: `UTF name, byte mode, Java-serialized serializer`.
 * Source: LegacyStateMetaInfoReaders.OperatorBackendStateMetaInfoReaderV1.
 */
export const operatorV1: MetaForm = (cursor, serializers) => {
  const name = cursor.utf('state name');
  const options = distributionMode(cursor);
  const value = serializers.javaObject(cursor);
  return { name, type: 'operator', options, serializers: [{ key: VALUE_SERIALIZER, codec: value }] };
};

/**
 * Operator and broadcast state, Flink 1.3 to 1.5: `UTF name, byte mode`, then one serializer (operator state) or two
 * (broadcast state: key, value) with configurations. Source: LegacyStateMetaInfoReaders.OperatorBackendStateMetaInfoReaderV2V3.
 */
export const operatorV2: MetaForm = (cursor, serializers) => {
  const name = cursor.utf('state name');
  const options = distributionMode(cursor);
  const codecs = several(cursor, serializers);
  if (codecs.length === 1) {
    return { name, type: 'operator', options, serializers: [{ key: VALUE_SERIALIZER, codec: codecs[0] }] };
  }
  if (codecs.length !== 2) throw cursor.corrupt(`Broadcast state has 2 serializers, found ${codecs.length}.`);
  const [key, value] = codecs;
  return {
    name,
    type: 'broadcast',
    options,
    serializers: [
      { key: KEY_SERIALIZER, codec: key },
      { key: VALUE_SERIALIZER, codec: value },
    ],
  };
};

/**
 * Any state, Flink 1.6: name, type, options, keys of the serializers, then all of them with configurations.
 * Source: StateMetaInfoSnapshotReadersWriters.V5ReaderImpl.
 */
export const anyV5: MetaForm = (cursor, serializers) => {
  const head = nameTypeOptions(cursor);
  const keys = Array.from({ length: cursor.count('serializers of a state', 2) }, () => cursor.utf('serializer key'));
  const codecs = several(cursor, serializers, keys.length);
  return { ...head, serializers: keys.map((key, i) => ({ key, codec: codecs[i] })) };
};

/**
 * Any state since Flink 1.7: `UTF name, int type, int n, n x (UTF key, UTF value), int m, m x (UTF key, envelope)`.
 * Source: StateMetaInfoSnapshotReadersWriters.CurrentReaderImpl.
 */
export const anyV6: MetaForm = (cursor, serializers) => {
  const head = nameTypeOptions(cursor);
  const found: StateSerializer[] = [];
  const count = cursor.count('serializers of a state', 2);
  for (let i = 0; i < count; i++) {
    const key = cursor.utf('serializer key');
    const from = cursor.position;
    const codec = serializers.envelope(cursor);
    found.push({ key, codec, bytes: cursor.bytes.slice(from, cursor.position) });
  }
  return { ...head, serializers: found };
};

/** `short` count, then so many states of the given form, each with its own bytes. */
export function readStateMetas(cursor: Cursor, serializers: SerializerReader, form: MetaForm): StateMeta[] {
  const at = cursor.offset;
  const count = cursor.i16();
  if (count < 0) throw cursor.corrupt(`Number of states is negative: ${count}.`, at);
  const states: StateMeta[] = [];
  for (let i = 0; i < count; i++) {
    const from = cursor.position;
    const meta = form(cursor, serializers);
    states.push({ ...meta, bytes: cursor.bytes.slice(from, cursor.position) });
  }
  return states;
}

function nameTypeOptions(cursor: Cursor): { name: string; type: BackendStateType; options: [string, string][] } {
  const name = cursor.utf('state name');
  const type = ordinal(cursor, cursor.i32(), BACKEND_STATE_TYPES, 'state type');
  const count = cursor.count('options of a state', 4);
  const options: [string, string][] = [];
  for (let i = 0; i < count; i++) {
    const key = cursor.utf('option key');
    options.push([key, cursor.utf('option value')]);
  }
  return { name, type, options };
}

function descriptorType(cursor: Cursor): [string, string][] {
  return [[KEYED_STATE_TYPE, ordinal(cursor, cursor.i32(), STATE_DESCRIPTOR_TYPES, 'state type')]];
}

function distributionMode(cursor: Cursor): [string, string][] {
  return [[DISTRIBUTION_MODE, ordinal(cursor, cursor.i8(), MODE_ORDINALS, 'distribution mode')]];
}

function ordinal<T extends string>(cursor: Cursor, value: number, names: readonly T[], what: string): T {
  const name = names[value];
  if (name === undefined)
    throw cursor.corrupt(`A ${what} is 0 to ${names.length - 1}, found ${value}.`, cursor.offset - 1);
  return name;
}

function several(cursor: Cursor, serializers: SerializerReader, wanted?: number): Codec[] {
  const at = cursor.offset;
  const codecs = serializers.serializersAndConfigs(cursor);
  if (wanted !== undefined && codecs.length !== wanted) {
    throw cursor.corrupt(`${wanted} serializers are needed here, found ${codecs.length}.`, at);
  }
  return codecs;
}

function namespaceAndValue(namespace: Codec, value: Codec): StateSerializer[] {
  return [
    { key: NAMESPACE_SERIALIZER, codec: namespace },
    { key: VALUE_SERIALIZER, codec: value },
  ];
}

/**
 * The entry of a keyed header under another name. Since 1.6 the name stands first; before, keyed state has its type in front
 * of it.
 */
export function renamedMeta(meta: StateMeta, headerVersion: number, name: string): Uint8Array {
  return renamedAt(meta, headerVersion <= LAST_WITH_TYPE_FIRST ? 4 : 0, name);
}

/** The entry of a header of operator state under another name: it stands first in every version. */
export function renamedOperatorMeta(meta: StateMeta, name: string): Uint8Array {
  return renamedAt(meta, 0, name);
}

function renamedAt(meta: StateMeta, nameAt: number, name: string): Uint8Array {
  const old = new Sink();
  old.utf(meta.name);
  const sink = new Sink(meta.bytes.length);
  sink.raw(meta.bytes.subarray(0, nameAt));
  sink.utf(name);
  sink.raw(meta.bytes.subarray(nameAt + old.position));
  return sink.toBytes();
}

/** Last version of a keyed header whose states begin with their type. */
const LAST_WITH_TYPE_FIRST = 4;

/**
 * A state of any kind in the form since 1.7, which `anyV6` reads; its serializers are references in their own bytes.
 */
export function writeAnyV6(
  sink: Sink,
  { name, type, options }: Pick<StateMeta, 'name' | 'type' | 'options'>,
  serializers: readonly (readonly [key: string, reference: Uint8Array])[],
): void {
  sink.utf(name);
  sink.i32(BACKEND_STATE_TYPES.indexOf(type));
  sink.i32(options.length);
  for (const [key, value] of options) {
    sink.utf(key);
    sink.utf(value);
  }
  sink.i32(serializers.length);
  for (const [key, reference] of serializers) {
    sink.utf(key);
    sink.raw(reference);
  }
}
