import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { JsonBytes } from '../../json/jsonBytes';
import type { Json } from '../../json/jsonValue';
import type { Codec, PlainForm } from '../codec';
import type { SnapshotFactory, TypeFamily } from '../family';
import type { TypeInfo } from '../typeInfo';

/** A codec that does not know yet which class of serializer or snapshot it stands for. */
export interface Shape<T = unknown> {
  readonly type: Omit<TypeInfo, 'serializer'>;
  readonly length: number;
  readonly minimum?: number;
  readonly parts?: readonly Codec[];
  readonly plain?: PlainForm;
  read(cursor: Cursor): T;
  skip(cursor: Cursor): void;
  write(sink: Sink, value: T): void;
  print?(cursor: Cursor, out: JsonBytes): void;
  fromJson(json: Json): T;
  hash?(value: T): number;
  hashAt?(cursor: Cursor): number;
}

/** The codec of a shape, for the serializer (or snapshot) class that the file names. */
export function named<T>(shape: Shape<T>, serializer: string): Codec<T> {
  return { ...shape, type: { ...shape.type, serializer } };
}

/**
 * `SimpleTypeSerializerSnapshot`: version 3 (since 1.8) has no payload, version 2 (1.7) the class name of the serializer.
 */
export function readSimplePayload(cursor: Cursor, version: number): void {
  if (version === 2) cursor.utf('class name of a serializer');
  else if (version !== 3)
    throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of a simple serializer snapshot is not known.`);
}

export function simpleSnapshot(shape: Shape): SnapshotFactory {
  return ({ className, version, cursor }) => {
    readSimplePayload(cursor, version);
    return named(shape, className);
  };
}

/** `org.apache…base.LongSerializer` → `org.apache…base.LongSerializer$LongSerializerSnapshot`, as most of Flink's are named. */
export function innerSnapshotClass(serializerClass: string): string {
  return `${serializerClass}$${serializerClass.slice(serializerClass.lastIndexOf('.') + 1)}Snapshot`;
}

/** A family of serializers without parameters, by serializer class. */
export function simpleFamily(shapes: Readonly<Record<string, Shape>>): TypeFamily {
  const entries = Object.entries(shapes);
  return {
    snapshots: Object.fromEntries(
      entries.map(([serializerClass, shape]) => [innerSnapshotClass(serializerClass), simpleSnapshot(shape)]),
    ),
    serializers: Object.fromEntries(
      entries.map(([serializerClass, shape]) => [serializerClass, () => named(shape, serializerClass)]),
    ),
  };
}

/** One codec out of the nested ones of a composite snapshot that must have `count` of them. */
export function expectNested(cursor: Cursor, className: string, nested: readonly Codec[], count: number): void {
  if (nested.length !== count)
    throw cursor.corrupt(`${className} holds ${count} nested serializers, found ${nested.length}.`);
}
