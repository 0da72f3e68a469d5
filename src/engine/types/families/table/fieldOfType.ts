import { Cursor } from '../../../bytes/cursor';
import { EngineError } from '../../../bytes/engineError';
import { Sink } from '../../../bytes/sink';
import type { JavaValue } from '../../../java/javaValue';
import type { Codec } from '../../codec';
import type { TypeInfo } from '../../typeInfo';
import { OpaqueValue } from '../../values';
import { ArrayLayout, MapLayout } from './binaryArray';
import { type BinaryField, scalarField, unreadableField } from './binaryField';
import type { BinaryRegion } from './binaryRegion';
import { RowLayout } from './binaryRow';
import { bitmapLayout } from './bitmap';
import { type DataType, type LogicalType, plainType } from './logicalType';
import { logicalTypeInfo } from './logicalTypeInfo';
import { scalarOf } from './sqlScalars';
import { variantLayout } from './variant';

/** A type of variable length inside binary rows: to and from the bytes that a slot points to. */
export interface Layout {
  read(region: BinaryRegion): unknown;
  write(value: unknown): Uint8Array;
  fromJson: BinaryField['fromJson'];
}

/** What is known of a type beside its logical type. */
export interface FieldContext {
  /** The codec of its own serializer; the codecs of its parts are taken from there. */
  readonly codec: Codec | null;
  /** Given where user code gets the values: they are shown in the classes that it names. */
  readonly external: DataType | null;
  /** Codec of a Java-serialized serializer. */
  serializer(value: JavaValue): Codec;
}

/** Internal data structures stay what they are, even where user code gets them. */
const INTERNAL_CLASSES = 'org.apache.flink.table.data.';

const INT = plainType('INTEGER');

/** How values of a logical type stand in binary rows and arrays (`BinaryWriter.write`, by type root). */
export function fieldOfType(type: LogicalType, context: FieldContext): BinaryField {
  const external = externalOf(context);
  const scalar = scalarOf(storedAs(type, context.codec), external);
  if (scalar !== null) return scalarField(logicalTypeInfo(type, []), scalar);
  if (type.root === 'RAW') return rawField(type, context);
  if (type.root === 'DISTINCT_TYPE' && type.children.length === 1)
    return fieldOfType(type.children[0], { ...context, external: external?.children[0] ?? null });
  const found = layoutOf(type, context);
  if (found.layout === null) return unreadableField(found.info, `SQL type ${type.root} has no binary form.`);
  return pointedField(found.info, found.layout);
}

/**
 * Flink 1.9 kept timestamps of every precision as milliseconds, which only the length of their serializer tells (8, not 12).
 */
export function storedAs(type: LogicalType, codec: Codec | null): LogicalType {
  const compact = codec?.length === 8 && type.root.startsWith('TIMESTAMP') && (type.precision ?? 0) > 3;
  return compact ? { ...type, precision: 3 } : type;
}

function externalOf(context: FieldContext): DataType | null {
  return context.external?.conversionClass?.startsWith(INTERNAL_CLASSES) ? null : context.external;
}

/** What stands behind the slot of a type with parts; null for a type that has no binary form. */
export function layoutOf(type: LogicalType, context: FieldContext): { info: TypeInfo; layout: Layout | null } {
  const external = externalOf(context);
  const parts = type.children.map((child, i) =>
    fieldOfType(child, {
      codec: context.codec?.parts?.[i] ?? null,
      external: external?.children[i] ?? null,
      serializer: context.serializer,
    }),
  );
  const info = logicalTypeInfo(
    type,
    parts.map((part) => part.type),
  );
  return { info, layout: layoutOfType(type, parts, external, context) };
}

function layoutOfType(
  type: LogicalType,
  parts: readonly BinaryField[],
  external: DataType | null,
  context: FieldContext,
): Layout | null {
  switch (type.root) {
    case 'ROW': {
      const byName = external?.conversionClass === 'org.apache.flink.types.Row';
      return new RowLayout(parts, byName ? type.names : null);
    }
    case 'STRUCTURED_TYPE':
      return new RowLayout(parts, external === null ? null : type.names);
    case 'ARRAY':
      return parts.length === 1 ? new ArrayLayout(parts[0]) : null;
    case 'MAP':
      return parts.length === 2 ? new MapLayout(parts[0], parts[1]) : null;
    case 'MULTISET':
      return parts.length === 1 ? new MapLayout(parts[0], fieldOfType(INT, { ...context, external: null })) : null;
    case 'VARIANT':
      return variantLayout;
    case 'BITMAP':
      return bitmapLayout;
    default:
      return null;
  }
}

function pointedField(type: TypeInfo, layout: Layout): BinaryField {
  return {
    type,
    width: 8,
    read: (region, slot) => layout.read(region.innerOf(slot)),
    write: (writer, slot, value) => writer.variable(slot, layout.write(value)),
    fromJson: layout.fromJson.bind(layout),
  };
}

/** A RAW value: the bytes that its serializer writes, which is known from the snapshot or from the type itself. */
function rawField(type: LogicalType, context: FieldContext): BinaryField {
  const inner = context.codec?.parts?.[0] ?? rawSerializer(type, context);
  if (inner === null) return unreadableField(logicalTypeInfo(type, []), 'A RAW type without a serializer.');
  return pointedField(logicalTypeInfo(type, [inner.type]), rawLayout(inner));
}

function rawSerializer(type: LogicalType, context: FieldContext): Codec | null {
  return type.serializer === null ? null : context.serializer(type.serializer);
}

export function rawLayout(inner: Codec): Layout {
  return {
    read: (region) => readRaw(inner, region.bytes(0, region.size)),
    write: (value) => writeRaw(inner, value),
    fromJson: (json) => inner.fromJson(json),
  };
}

/** The value that exactly these bytes make; kept as bytes with the reason where they do not. */
export function readRaw(inner: Codec, bytes: Uint8Array): unknown {
  const cursor = new Cursor(bytes);
  try {
    const value = inner.read(cursor);
    cursor.expectEnd('a RAW value');
    return value;
  } catch (e) {
    if (e instanceof EngineError) return new OpaqueValue(bytes.slice(), e.message);
    throw e;
  }
}

export function writeRaw(inner: Codec, value: unknown): Uint8Array {
  if (value instanceof OpaqueValue) return value.bytes;
  const sink = new Sink();
  inner.write(sink, value);
  return sink.toBytes();
}
