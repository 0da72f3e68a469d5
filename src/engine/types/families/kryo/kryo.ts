import { EngineError } from '../../../bytes/engineError';
import { type JavaObject, type JavaValue, javaField } from '../../../java/javaValue';
import { javaClassName } from '../../../java/jdk';
import { mapEntries, setItems } from '../../../java/jdkCollections';
import type { SerializerInput, TypeFamily } from '../../family';
import { type KryoConfig, type Registration, readSnapshotConfig, serializerOf } from './config';
import { KryoCodec } from './kryoCodec';

const PACKAGE = 'org.apache.flink.api.java.typeutils.runtime.kryo.';

/** `KryoSerializer`, which takes every type that Flink has no serializer of its own for. */
export const kryoFamily: TypeFamily = {
  snapshots: {
    [`${PACKAGE}KryoSerializerSnapshot`]: ({ cursor, version, className, options }) => {
      if (version !== 2) throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of ${className} is not known.`);
      return new KryoCodec(readSnapshotConfig(cursor, options.kryo), className);
    },
  },
  serializers: {
    [`${PACKAGE}KryoSerializer`]: (input) => new KryoCodec(configOf(input), input.className),
  },
};

/**
 * A Java-serialized KryoSerializer. Since 1.3 `kryoRegistrations` has all registrations in order; in 1.2 they are in
 * `registeredTypes`, `registeredTypesWithSerializerClasses` and `registeredTypesWithSerializers`, behind the type itself.
 */
function configOf({ object, className, options }: SerializerInput): KryoConfig {
  const typeClass = javaClassName(javaField(object, 'type'));
  if (typeClass === null) throw new EngineError('CORRUPT', `${className} does not name its class.`);
  const all = mapEntries(javaField(object, 'kryoRegistrations'));
  const registrations =
    all === null ? registrationsOf12(object, typeClass) : all.map(([, value]) => registrationOf(value));
  return { dialect: options.kryo, typeClass, registrations, defaults: defaultsOf(object) };
}

function registrationOf(value: JavaValue): Registration {
  if (value === null || typeof value !== 'object' || value.kind !== 'object') return UNKNOWN;
  const className = javaClassName(javaField(value, 'registeredClass'));
  if (className === null) return UNKNOWN;
  const byClass = javaClassName(javaField(value, 'serializerClass'));
  const instance = javaField(value, 'serializableSerializerInstance') ?? null;
  return { className, serializer: byClass ?? (instance === null ? null : serializerOf(instance)) };
}

/** A registration that takes an id, whatever it is. */
const UNKNOWN: Registration = { className: '(unknown class)', serializer: '(unknown serializer)' };

function registrationsOf12(object: JavaObject, typeClass: string): Registration[] {
  const byName = new Map<string, Registration>([[typeClass, { className: typeClass, serializer: null }]]);
  for (const item of setItems(javaField(object, 'registeredTypes')) ?? []) {
    const className = javaClassName(item);
    if (className !== null) byName.set(className, { className, serializer: null });
  }
  for (const entry of pairsOf(object, ['registeredTypesWithSerializerClasses', 'registeredTypesWithSerializers']))
    byName.set(entry.className, entry);
  const avro = 'org.apache.avro.generic.GenericData$Array';
  byName.set(avro, {
    className: avro,
    serializer: `${PACKAGE}Serializers$SpecificInstanceCollectionSerializerForArrayList`,
  });
  return [...byName.values()];
}

function defaultsOf(object: JavaObject): { className: string; serializer: string }[] {
  return pairsOf(object, ['defaultSerializers', 'defaultSerializerClasses']);
}

/** Entries of maps from class to serializer class or to serializer, one map behind the other. */
function pairsOf(object: JavaObject, maps: readonly string[]): { className: string; serializer: string }[] {
  const pairs: { className: string; serializer: string }[] = [];
  for (const field of maps) {
    for (const [key, value] of mapEntries(javaField(object, field)) ?? []) {
      const className = javaClassName(key);
      if (className !== null) pairs.push({ className, serializer: javaClassName(value) ?? serializerOf(value) });
    }
  }
  return pairs;
}
