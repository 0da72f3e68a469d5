import type { Cursor } from '../../bytes/cursor';
import { type Codec, minimumBytes, VARIABLE } from '../codec';
import type { TypeFamily } from '../family';
import { arrayFrom, badValue, inside, itemsFrom } from '../jsonInput';
import { printerOf, printFields } from '../printer';
import { hashOf } from './collections';
import { classNameOf, compositeWith, fieldOf, serializerWithArray } from './snapshotForms';
import { named, type Shape, simpleSnapshot } from './support';

const TUPLE_PACKAGE = 'org.apache.flink.api.java.tuple.Tuple';

/**
 * `TupleSerializer` for `Tuple1` to `Tuple25` (and subclasses of them): the fields in order, none of them null.
 * The length is fixed only if every field's is more than 0 (`TupleSerializerBase.getLength`).
 */
export function tupleCodec(fields: readonly Codec[], tupleClass: string | null, serializer: string): Codec<unknown[]> {
  const isFixed = fields.every((field) => field.length > 0);
  const isFlinks = tupleClass === null || tupleClass.startsWith(TUPLE_PACKAGE);
  const printers = fields.map(printerOf);
  const hashes = fields.map((field) => field.hash?.bind(field));
  return {
    type: {
      name: 'tuple',
      arguments: fields.map((field) => field.type),
      ...(!isFlinks && tupleClass !== null && { className: tupleClass }),
      serializer,
    },
    length: isFixed ? fields.reduce((sum, field) => sum + field.length, 0) : VARIABLE,
    minimum: fields.reduce((sum, field) => sum + minimumBytes(field), 0),
    parts: fields,
    read: (cursor) => {
      const values: unknown[] = [];
      for (const field of fields) values.push(field.read(cursor));
      return values;
    },
    skip: (cursor) => {
      for (const field of fields) field.skip(cursor);
    },
    write: (sink, value) => {
      fields.forEach((field, i) => {
        field.write(sink, value[i]);
      });
    },
    print: (cursor, out) => printFields(cursor, out, printers),
    fromJson: (json) => {
      const items = itemsFrom(json, fields.length, `a tuple of ${fields.length} fields`);
      if (items.length !== fields.length)
        throw badValue(`A tuple of ${fields.length} fields is wanted, found ${items.length}.`);
      return fields.map((field, i) => inside(`f${i}`, () => field.fromJson(items[i])));
    },
    ...(isFlinks &&
      hashes.every((hash) => hash !== undefined) && {
        hash: (value: unknown[]) => tupleHash(hashes, value),
        hashAt: (cursor: Cursor) => tupleHashAt(fields, hashes, cursor),
      }),
  };
}

function tupleHashAt(
  fields: readonly Codec[],
  hashes: readonly (((value: unknown) => number) | undefined)[],
  cursor: Cursor,
): number {
  let sum = 0;
  for (let i = 0; i < fields.length; i++) {
    const [field, hash] = [fields[i], hashes[i]];
    const own = field.hashAt?.(cursor) ?? (hash === undefined ? 0 : hashOf(hash, field.read(cursor)));
    sum = (Math.imul(sum, 31) + own) | 0;
  }
  return sum;
}

/** `TupleN.hashCode`: the first field's hash, then `31 * h + hash` for each other; null counts as 0. */
function tupleHash(hashes: readonly (((value: unknown) => number) | undefined)[], value: readonly unknown[]): number {
  return hashes.reduce<number>((sum, hash, i) => {
    const own = hash === undefined ? 0 : hashOf(hash, value[i]);
    return i === 0 ? own : (Math.imul(sum, 31) + own) | 0;
  }, 0);
}

/** One byte 42. */
const TUPLE_0_BYTE = 42;

const tuple0Shape: Shape<unknown[]> = {
  type: { name: 'tuple', arguments: [] },
  length: 1,
  read: (cursor) => {
    const byte = cursor.u8();
    if (byte !== TUPLE_0_BYTE) throw cursor.corrupt(`A Tuple0 is written as 42, found ${byte}.`, cursor.offset - 1);
    return [];
  },
  skip: (cursor) => cursor.skip(1, 'Tuple0'),
  write: (sink) => sink.u8(TUPLE_0_BYTE),
  fromJson: (json) => {
    if (arrayFrom(json).length > 0) throw badValue('A tuple without fields is an empty array.');
    return [];
  },
  hash: () => 0,
};

const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';

export const tuplesFamily: TypeFamily = {
  snapshots: {
    [`${JAVA}Tuple0SerializerSnapshot`]: simpleSnapshot(tuple0Shape),
    /** Composite, outer version 2: `UTF tuple class`. */
    [`${JAVA}TupleSerializerSnapshot`]: compositeWith(
      2,
      null,
      (_version: number, cursor: Cursor) => cursor.utf('tuple class'),
      (fields, tupleClass, name) => tupleCodec(fields, tupleClass, name),
    ),
  },
  serializers: {
    [`${JAVA}Tuple0Serializer`]: () => named(tuple0Shape, `${JAVA}Tuple0Serializer`),
    [`${JAVA}TupleSerializer`]: serializerWithArray('fieldSerializers', null, (fields, input) =>
      tupleCodec(fields, classNameOf(fieldOf(input, 'tupleClass'), input.className), input.className),
    ),
  },
};
