import { EngineError } from '../../../bytes/engineError';
import type { JavaValue } from '../../../java/javaValue';
import { javaField } from '../../../java/javaValue';
import { readJavaObject } from '../../../java/objectStream';
import { type Codec, VARIABLE } from '../../codec';
import { readNestedBlock } from '../../compositeSnapshot';
import type { SerializerInput, SnapshotInput, TypeFamily } from '../../family';
import type { TypeInfo } from '../../typeInfo';
import { OpaqueValue, type RowKind } from '../../values';
import { ArrayLayout, MapLayout } from './binaryArray';
import { BASE_ROW_KINDS, ROW_KINDS, RowLayout } from './binaryRow';
import { fieldOfType } from './fieldOfType';
import { framedCodec } from './framedCodec';
import { type LogicalType, logicalType } from './logicalType';
import { hashBytes, hashByWords } from './murmurHash';

/** SQL's rows, arrays and maps (`org.apache.flink.table.runtime.typeutils`, since 1.11; blink's names in 1.9 and 1.10). */

interface RowParts {
  readonly types: readonly LogicalType[];
  /** Codecs of the fields' own serializers. */
  readonly nested: readonly Codec[];
  readonly names: readonly string[] | null;
  readonly kinds: readonly RowKind[];
  readonly serializer: string;
  serializerOf(value: JavaValue): Codec;
}

function rowCodec({ types, nested, names, kinds, serializer, serializerOf }: RowParts): Codec {
  const fields = types.map((type, i) =>
    fieldOfType(type, { codec: nested[i] ?? null, external: null, serializer: serializerOf }),
  );
  const infos = fields.map((field) => field.type);
  const type: TypeInfo = {
    name: 'row',
    serializer,
    ...(names === null
      ? { arguments: infos }
      : { fields: infos.map((info, i) => ({ name: names[i] ?? `f${i}`, type: info })) }),
  };
  return framedCodec(type, new RowLayout(fields, null, kinds), nested, hashByWords);
}

/**
 * Version 3: `i4 n, n x Java object LogicalType`, nested block of the fields' serializers. Version 4 (2.4) adds `bool` and, if
 * it is set, n x `UTF` field name.
 */
function rowSnapshot(kinds: readonly RowKind[]): (input: SnapshotInput) => Codec {
  return (input) => {
    const { cursor, version, className } = input;
    expectVersion(input, 3, 4);
    const n = cursor.count('fields of a row', 5);
    const types: LogicalType[] = [];
    for (let i = 0; i < n; i++) types.push(logicalType(readJavaObject(cursor)));
    const nested = readNestedBlock(cursor, () => input.nested());
    const names = version >= 4 && cursor.bool('flag of field names') ? types.map(() => cursor.utf('field name')) : null;
    return rowCodec({ types, nested, names, kinds, serializer: className, serializerOf: input.serializer });
  };
}

function rowSerializer(kinds: readonly RowKind[]): (input: SerializerInput) => Codec {
  return ({ object, className, nested }) => {
    const types = arrayItems(javaField(object, 'types'), className).map(logicalType);
    const codecs = arrayItems(javaField(object, 'fieldSerializers'), className).map(nested);
    return rowCodec({ types, nested: codecs, names: null, kinds, serializer: className, serializerOf: nested });
  };
}

function arrayItems(value: JavaValue | undefined, className: string): readonly JavaValue[] {
  if (typeof value !== 'object' || value === null || value.kind !== 'array' || value.items instanceof Uint8Array)
    throw new EngineError('CORRUPT', `${className} does not hold the arrays of its class.`);
  return value.items;
}

/** Java object LogicalType, Java object TypeSerializer. */
function arraySnapshot(input: SnapshotInput): Codec {
  expectVersion(input, 3, 3);
  const element = logicalType(readJavaObject(input.cursor));
  const codec = input.serializer(readJavaObject(input.cursor));
  return arrayDataCodec(element, codec, input.className, input.serializer);
}

function arrayDataCodec(
  element: LogicalType,
  codec: Codec,
  serializer: string,
  serializerOf: (value: JavaValue) => Codec,
): Codec {
  const field = fieldOfType(element, { codec, external: null, serializer: serializerOf });
  return framedCodec(
    { name: 'array', arguments: [field.type], serializer },
    new ArrayLayout(field),
    [codec],
    hashByWords,
  );
}

function arraySerializer({ object, className, nested }: SerializerInput): Codec {
  const codec = nested(javaField(object, 'eleSer') ?? null);
  return arrayDataCodec(logicalType(javaField(object, 'eleType')), codec, className, nested);
}

/** Java objects: LogicalType of the key, of the value, TypeSerializer of the key, of the value. */
function mapSnapshot(input: SnapshotInput): Codec {
  expectVersion(input, 3, 3);
  const { cursor } = input;
  const types = [logicalType(readJavaObject(cursor)), logicalType(readJavaObject(cursor))] as const;
  const codecs = [input.serializer(readJavaObject(cursor)), input.serializer(readJavaObject(cursor))] as const;
  return mapDataCodec(types, codecs, input.className, input.serializer);
}

function mapDataCodec(
  types: readonly [LogicalType, LogicalType],
  codecs: readonly [Codec, Codec],
  serializer: string,
  serializerOf: (value: JavaValue) => Codec,
): Codec {
  const [key, value] = types.map((type, i) =>
    fieldOfType(type, { codec: codecs[i], external: null, serializer: serializerOf }),
  );
  const type = { name: 'map', arguments: [key.type, value.type], serializer };
  return framedCodec(type, new MapLayout(key, value), codecs, hashBytes);
}

function mapSerializer({ object, className, nested }: SerializerInput): Codec {
  const field = (name: string) => javaField(object, name);
  const types = [logicalType(field('keyType')), logicalType(field('valueType'))] as const;
  const codecs = [nested(field('keySerializer') ?? null), nested(field('valueSerializer') ?? null)] as const;
  return mapDataCodec(types, codecs, className, nested);
}

/** Rows whose types the snapshot does not give: `i4` number of fields is all that it holds. */
function binaryRowCodec(arity: number, serializer: string): Codec {
  const why = `A binary row of ${arity} fields, whose types the snapshot does not give.`;
  const fail = (): never => {
    throw new EngineError('BAD_VALUE', why);
  };
  return {
    type: { name: 'row', parameters: [arity], serializer, unreadable: why },
    length: VARIABLE,
    minimum: 4,
    read: (cursor) => new OpaqueValue(cursor.bytes4('binary row').slice(), why),
    skip: (cursor) => void cursor.bytes4('binary row'),
    write: (sink, value) => sink.bytes4(value instanceof OpaqueValue ? value.bytes : fail()),
    fromJson: fail,
    hash: (value) => (value instanceof OpaqueValue ? hashByWords(value.bytes) : fail()),
  };
}

function binaryRowSnapshot(input: SnapshotInput): Codec {
  expectVersion(input, 3, 3);
  return binaryRowCodec(input.cursor.i32(), input.className);
}

function binaryRowSerializer({ object, className }: SerializerInput): Codec {
  const arity = javaField(object, 'numFields');
  return binaryRowCodec(typeof arity === 'number' ? arity : 0, className);
}

export function expectVersion({ cursor, className, version }: SnapshotInput, oldest: number, newest: number): void {
  if (version < oldest || version > newest)
    throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of ${className} is not known.`);
}

const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';

export const rowDataFamily: TypeFamily = {
  snapshots: {
    [`${TYPEUTILS}RowDataSerializer$RowDataSerializerSnapshot`]: rowSnapshot(ROW_KINDS),
    [`${TYPEUTILS}BaseRowSerializer$BaseRowSerializerSnapshot`]: rowSnapshot(BASE_ROW_KINDS),
    [`${TYPEUTILS}ArrayDataSerializer$ArrayDataSerializerSnapshot`]: arraySnapshot,
    [`${TYPEUTILS}BaseArraySerializer$BaseArraySerializerSnapshot`]: arraySnapshot,
    [`${TYPEUTILS}MapDataSerializer$MapDataSerializerSnapshot`]: mapSnapshot,
    [`${TYPEUTILS}BaseMapSerializer$BaseMapSerializerSnapshot`]: mapSnapshot,
    [`${TYPEUTILS}BinaryRowDataSerializer$BinaryRowDataSerializerSnapshot`]: binaryRowSnapshot,
    [`${TYPEUTILS}BinaryRowSerializer$BinaryRowSerializerSnapshot`]: binaryRowSnapshot,
  },
  serializers: {
    [`${TYPEUTILS}RowDataSerializer`]: rowSerializer(ROW_KINDS),
    [`${TYPEUTILS}BaseRowSerializer`]: rowSerializer(BASE_ROW_KINDS),
    [`${TYPEUTILS}ArrayDataSerializer`]: arraySerializer,
    [`${TYPEUTILS}BaseArraySerializer`]: arraySerializer,
    [`${TYPEUTILS}MapDataSerializer`]: mapSerializer,
    [`${TYPEUTILS}BaseMapSerializer`]: mapSerializer,
    [`${TYPEUTILS}BinaryRowDataSerializer`]: binaryRowSerializer,
    [`${TYPEUTILS}BinaryRowSerializer`]: binaryRowSerializer,
  },
};
