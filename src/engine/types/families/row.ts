import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import { javaField } from '../../java/javaValue';
import type { Json } from '../../json/jsonValue';
import { type Codec, VARIABLE } from '../codec';
import type { TypeFamily } from '../family';
import { badValue, inside, itemsFrom, notA } from '../jsonInput';
import { CLOSE_LIST, CLOSE_OBJECT, COMMA, NULL, OPEN_LIST, printerOf } from '../printer';
import { type RowKind, RowValue } from '../values';
import { fromJsonOrNull } from './collections';
import { rowHasher } from './rowHash';
import { compositeWith, serializerWithArray } from './snapshotForms';

/** By the number that `RowKind.toByteValue` gives. */
export const ROW_KINDS: readonly RowKind[] = ['+I', '-U', '+U', '-D'];
const KIND_BITS = 2;

/**
 * `RowSerializer`: a mask of bits, the first bit of each byte being its highest, rounded up to bytes; then the fields that are
 * not null. With `hasKind` (since 1.11) the mask starts with the low and the high bit of the row kind; then comes one bit for each field,
 * 1 for null. The hash is what the releases of that time compute: see `rowHasher`.
 */
export function rowCodec(fields: readonly Codec[], hasKind: boolean, serializer: string): Codec<RowValue> {
  const hash = rowHasher(fields, hasKind);
  const kindBits = hasKind ? KIND_BITS : 0;
  const bits = kindBits + fields.length;
  const maskLength = Math.ceil(bits / 8);
  const printers = fields.map(printerOf);
  const unusedBits = maskLength * 8 - bits;

  const readMask = (cursor: Cursor): Uint8Array => {
    const mask = cursor.take(maskLength, 'mask of a row');
    if (maskLength > 0 && (mask[maskLength - 1] & ((1 << unusedBits) - 1)) !== 0)
      throw cursor.corrupt('The mask of a row has bits beyond its last field.', cursor.offset - 1);
    return mask;
  };

  const kindOf = (mask: Uint8Array): RowKind =>
    ROW_KINDS[hasKind ? (isSet(mask, 0) ? 1 : 0) + (isSet(mask, 1) ? 2 : 0) : 0];

  return {
    type: { name: 'row', arguments: fields.map((field) => field.type), serializer },
    length: VARIABLE,
    minimum: maskLength,
    parts: fields,
    read: (cursor) => {
      const mask = readMask(cursor);
      const values = fields.map((field, i) => (isSet(mask, kindBits + i) ? null : field.read(cursor)));
      return new RowValue(kindOf(mask), values);
    },
    skip: (cursor) => {
      const mask = readMask(cursor);
      fields.forEach((field, i) => {
        if (!isSet(mask, kindBits + i)) field.skip(cursor);
      });
    },
    write: (sink: Sink, row) => {
      const mask = new Uint8Array(maskLength);
      const kind = ROW_KINDS.indexOf(row.kind);
      if (!hasKind && kind !== 0) throw badValue(`This row type has no kinds: ${row.kind} cannot be written.`);
      if ((kind & 1) !== 0) set(mask, 0);
      if ((kind & 2) !== 0) set(mask, 1);
      row.fields.forEach((value, i) => {
        if (value === null) set(mask, kindBits + i);
      });
      sink.raw(mask);
      fields.forEach((field, i) => {
        if (row.fields[i] !== null) field.write(sink, row.fields[i]);
      });
    },
    print: (cursor, out) => {
      const mask = readMask(cursor);
      const kind = kindOf(mask);
      if (kind !== '+I') out.text(`{"$kind":"${kind}","fields":`);
      out.byte(OPEN_LIST);
      for (let i = 0; i < printers.length; i++) {
        if (i > 0) out.byte(COMMA);
        if (isSet(mask, kindBits + i)) out.raw(NULL);
        else printers[i](cursor, out);
      }
      out.byte(CLOSE_LIST);
      if (kind !== '+I') out.byte(CLOSE_OBJECT);
    },
    fromJson: (json) => {
      const { kind, fields: items } = rowFrom(json, fields.length);
      if (kind !== '+I' && !hasKind) throw badValue(`This row type has no kinds: ${kind} cannot be written.`);
      if (items.length !== fields.length)
        throw badValue(`A row of ${fields.length} fields is wanted, found ${items.length}.`);
      return new RowValue(
        kind,
        fields.map((field, i) => inside(`f${i}`, () => fromJsonOrNull(field, items[i]))),
      );
    },
    ...(hash !== undefined && { hash }),
  };
}

function isSet(mask: Uint8Array, bit: number): boolean {
  return (mask[bit >> 3] & (0x80 >> (bit & 7))) !== 0;
}

function set(mask: Uint8Array, bit: number): void {
  mask[bit >> 3] |= 0x80 >> (bit & 7);
}

/** `[…]`, `{"f0": …}`, or `{"$kind": "-D", "fields": […]}`. */
function rowFrom(json: Json, count: number): { kind: RowKind; fields: Json[] } {
  if (!(json instanceof Map) || !json.has('$kind'))
    return { kind: '+I', fields: itemsFrom(json, count, `a row of ${count} fields`) };
  const name = json.get('$kind');
  const kind = ROW_KINDS.find((known) => known === name);
  if (kind === undefined || json.size !== 2) throw notA('{"$kind": "-D", "fields": […]}', json);
  return { kind, fields: itemsFrom(json.get('fields') ?? null, count, `a row of ${count} fields`) };
}

const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';
/** Outer version of 1.11 to 1.14, in which every row has a kind; before there was none, since then a flag says it. */
const FIRST_VERSION_WITH_KIND = 3;
const NEWEST_VERSION = 4;

export const rowFamily: TypeFamily = {
  snapshots: {
    [`${JAVA}RowSerializer$RowSerializerSnapshot`]: compositeWith(
      NEWEST_VERSION,
      null,
      (version, cursor) =>
        version > FIRST_VERSION_WITH_KIND ? cursor.bool('flag of row kinds') : version === FIRST_VERSION_WITH_KIND,
      (fields, hasKind, name) => rowCodec(fields, hasKind, name),
    ),
  },
  serializers: {
    /** Field `boolean supportsRowKind` since 1.11. */
    [`${JAVA}RowSerializer`]: serializerWithArray('fieldSerializers', null, (fields, input) =>
      rowCodec(fields, javaField(input.object, 'supportsRowKind') === true, input.className),
    ),
  },
};
