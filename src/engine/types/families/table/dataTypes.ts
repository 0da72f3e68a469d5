import { Sink } from '../../../bytes/sink';
import { javaField } from '../../../java/javaValue';
import { type Codec, VARIABLE } from '../../codec';
import type { SerializerInput, SnapshotInput, TypeFamily } from '../../family';
import type { TypeInfo } from '../../typeInfo';
import { composite, serializerWith, simple } from '../snapshotForms';
import { bitmapBytesOf, bitmapFrom, shownBitmap } from './bitmap';
import { readRaw, writeRaw } from './fieldOfType';
import { expectVersion } from './rowData';
import { scalarCodec } from './scalarCodec';
import { decimalScalar, localTimestamp, STRING } from './sqlScalars';
import { encodedBytes, shownVariant } from './variant';
import { buildVariant } from './variantBuilder';

/** SQL's own classes for single values: StringData, DecimalData, TimestampData, RawValueData; and Variant and Bitmap. */

function stringData(serializer: string): Codec {
  return scalarCodec({ name: 'varchar', serializer }, STRING);
}

function decimalData(precision: number, scale: number, serializer: string): Codec {
  return scalarCodec({ name: 'decimal', parameters: [precision, scale], serializer }, decimalScalar(precision, scale));
}

function timestampData(precision: number, serializer: string): Codec {
  return scalarCodec({ name: 'timestamp', parameters: [precision], serializer }, localTimestamp(precision));
}

/** `i4 precision, i4 scale`. */
function decimalSnapshot(input: SnapshotInput): Codec {
  expectVersion(input, 3, 3);
  return decimalData(input.cursor.i32(), input.cursor.i32(), input.className);
}

/** `i4 precision`. */
function timestampSnapshot(input: SnapshotInput): Codec {
  expectVersion(input, 1, 1);
  return timestampData(input.cursor.i32(), input.className);
}

function intField({ object }: SerializerInput, name: string): number {
  const value = javaField(object, name);
  return typeof value === 'number' ? value : 0;
}

/** `RawValueDataSerializer`: `i4 length`, and what the serializer of the RAW type writes. */
function rawValue(inner: Codec, serializer: string): Codec {
  return {
    type: { name: 'raw', arguments: [inner.type], serializer },
    length: VARIABLE,
    minimum: 4,
    parts: [inner],
    read: (cursor) => readRaw(inner, cursor.bytes4('RAW value')),
    skip: (cursor) => void cursor.bytes4('RAW value'),
    write: (sink, value) => sink.bytes4(writeRaw(inner, value)),
    fromJson: (json) => inner.fromJson(json),
  };
}

/** `VariantSerializer` (2.1): `i4` bytes of the value, `i4` bytes of the metadata, value, metadata; kept from the value on. */
function variant(serializer: string): Codec {
  const type: TypeInfo = { name: 'variant', serializer };
  return {
    type,
    length: VARIABLE,
    minimum: 8,
    read: (cursor) => {
      const at = cursor.position;
      const valueLength = cursor.count('bytes of a variant');
      const metadataLength = cursor.count('bytes of metadata');
      const value = cursor.take(valueLength, 'variant').slice();
      const metadata = cursor.take(metadataLength, 'metadata of a variant').slice();
      return shownVariant(cursor.bytes.slice(at, cursor.position), value, metadata);
    },
    skip: (cursor) => {
      const valueLength = cursor.count('bytes of a variant');
      const metadataLength = cursor.count('bytes of metadata');
      cursor.skip(valueLength, 'variant');
      cursor.skip(metadataLength, 'metadata of a variant');
    },
    write: (sink, value) => sink.raw(encodedBytes(value, 'variant')),
    jsonLoss:
      'JSON does not tell the widths of numbers, nor dates from texts, nor the order of the names in the metadata.',
    fromJson: (json) => {
      const { value, metadata } = buildVariant(json);
      const sink = new Sink();
      sink.i32(value.length);
      sink.i32(metadata.length);
      sink.raw(value);
      sink.raw(metadata);
      return shownVariant(sink.toBytes(), value, metadata);
    },
  };
}

/** `BitmapSerializer` (2.3): `i4 length`, RoaringBitmap's portable format. */
function bitmap(serializer: string): Codec {
  return {
    type: { name: 'bitmap', serializer },
    length: VARIABLE,
    minimum: 4,
    read: (cursor) => shownBitmap(cursor.bytes4('bitmap').slice()),
    skip: (cursor) => void cursor.bytes4('bitmap'),
    write: (sink, value) => sink.bytes4(bitmapBytesOf(value)),
    fromJson: bitmapFrom,
  };
}

const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';
const BASE = 'org.apache.flink.api.common.typeutils.base.';

const raw = composite(1, 0, ([inner], name) => rawValue(inner, name));

export const dataTypesFamily: TypeFamily = {
  snapshots: {
    [`${TYPEUTILS}StringDataSerializer$StringDataSerializerSnapshot`]: simple(stringData),
    [`${TYPEUTILS}BinaryStringSerializer$BinaryStringSerializerSnapshot`]: simple(stringData),
    [`${TYPEUTILS}DecimalDataSerializer$DecimalSerializerSnapshot`]: decimalSnapshot,
    [`${TYPEUTILS}DecimalSerializer$DecimalSerializerSnapshot`]: decimalSnapshot,
    [`${TYPEUTILS}TimestampDataSerializer$TimestampDataSerializerSnapshot`]: timestampSnapshot,
    [`${TYPEUTILS}SqlTimestampSerializer$SqlTimestampSerializerSnapshot`]: timestampSnapshot,
    [`${TYPEUTILS}RawValueDataSerializer$RawValueDataSerializerSnapshot`]: raw,
    [`${TYPEUTILS}BinaryGenericSerializer$BinaryGenericSerializerSnapshot`]: raw,
    [`${BASE}VariantSerializer$VariantSerializerSnapshot`]: simple(variant),
    [`${BASE}BitmapSerializer$BitmapSerializerSnapshot`]: simple(bitmap),
  },
  serializers: {
    [`${TYPEUTILS}StringDataSerializer`]: (input) => stringData(input.className),
    [`${TYPEUTILS}BinaryStringSerializer`]: (input) => stringData(input.className),
    [`${TYPEUTILS}DecimalDataSerializer`]: (input) =>
      decimalData(intField(input, 'precision'), intField(input, 'scale'), input.className),
    [`${TYPEUTILS}DecimalSerializer`]: (input) =>
      decimalData(intField(input, 'precision'), intField(input, 'scale'), input.className),
    [`${TYPEUTILS}TimestampDataSerializer`]: (input) => timestampData(intField(input, 'precision'), input.className),
    [`${TYPEUTILS}SqlTimestampSerializer`]: (input) => timestampData(intField(input, 'precision'), input.className),
    [`${TYPEUTILS}RawValueDataSerializer`]: serializerWith(['serializer'], ([inner], name) => rawValue(inner, name)),
    [`${TYPEUTILS}BinaryGenericSerializer`]: serializerWith(['serializer'], ([inner], name) => rawValue(inner, name)),
    [`${BASE}VariantSerializer`]: (input) => variant(input.className),
    [`${BASE}BitmapSerializer`]: (input) => bitmap(input.className),
  },
};
