import { EngineError } from '../../bytes/engineError';
import type { JavaValue } from '../../java/javaValue';
import { javaField } from '../../java/javaValue';
import type { Codec } from '../codec';
import type { SerializerFactory, SerializerInput, SnapshotFactory, SnapshotInput } from '../family';
import { expectNested, readSimplePayload } from './support';

/** The recurring shapes of serializer snapshots and of Java-serialized serializers. */

/** `SimpleTypeSerializerSnapshot` of a type without parameters. */
export function simple(make: (snapshotClass: string) => Codec): SnapshotFactory {
  return ({ cursor, version, className }) => {
    readSimplePayload(cursor, version);
    return make(className);
  };
}

/** A composite snapshot without an outer payload, with exactly `count` nested ones. */
export function composite(
  count: number,
  newestOuterVersion: number,
  make: (nested: Codec[], snapshotClass: string) => Codec,
): SnapshotFactory {
  return compositeWith(
    newestOuterVersion,
    count,
    () => undefined,
    (nested, _outer, name) => make(nested, name),
  );
}

/** A composite snapshot; `count` is null where any number may be nested. */
export function compositeWith<T>(
  newestOuterVersion: number,
  count: number | null,
  readOuter: (version: number, cursor: SnapshotInput['cursor']) => T,
  make: (nested: Codec[], outer: T, snapshotClass: string) => Codec,
): SnapshotFactory {
  return (input) => {
    const { nested, outer } = input.composite((version, cursor) => {
      if (version > newestOuterVersion) throw unknownVersion(input, version);
      return readOuter(version, cursor);
    });
    if (count !== null) expectNested(input.cursor, input.className, nested, count);
    return make(nested, outer, input.className);
  };
}

function unknownVersion(input: SnapshotInput, version = input.version): EngineError {
  return input.cursor.error('UNSUPPORTED_VERSION', `Version ${version} of ${input.className} is not known.`);
}

/** A serializer object whose nested serializers are the fields `names`. */
export function serializerWith(
  names: readonly string[],
  make: (nested: Codec[], serializerClass: string) => Codec,
): SerializerFactory {
  return (input) =>
    make(
      names.map((name) => input.nested(fieldOf(input, name))),
      input.className,
    );
}

/** A serializer object that keeps its nested serializers in the array field `name`. */
export function serializerWithArray(
  name: string,
  count: number | null,
  make: (nested: Codec[], input: SerializerInput) => Codec,
): SerializerFactory {
  return (input) => {
    const array = fieldOf(input, name);
    if (array === null || typeof array !== 'object' || array.kind !== 'array' || array.items instanceof Uint8Array)
      throw new EngineError('CORRUPT', `Field ${name} of ${input.className} is not an array of serializers.`);
    if (count !== null && array.items.length !== count)
      throw new EngineError('CORRUPT', `${input.className} has ${count} serializers, found ${array.items.length}.`);
    return make(
      array.items.map((item) => input.nested(item)),
      input,
    );
  };
}

export function fieldOf(input: SerializerInput, name: string): JavaValue {
  const value = javaField(input.object, name);
  if (value === undefined) throw new EngineError('CORRUPT', `${input.className} has no field ${name}.`);
  return value;
}

/** The class that a field of type `Class` names. */
export function classNameOf(value: JavaValue, owner: string): string {
  if (value === null || typeof value !== 'object' || value.kind !== 'class')
    throw new EngineError('CORRUPT', `${owner} does not name the class of its values.`);
  return value.description.name;
}
