import { type Cursor, MAX_EMPTY_ITEMS } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import type { Sink } from '../../bytes/sink';
import { decodeBase64 } from '../../json/base64';
import type { Json } from '../../json/jsonValue';
import { VARIABLE } from '../codec';
import { arrayFrom, badValue, inside, notA, objectFrom, stringFrom } from '../jsonInput';
import { EnumValue, MapValue, OpaqueValue, RawFloat, RecordValue } from '../values';
import type { AvroSchema } from './avroSchema';
import { booleanShape, doubleShape, floatShape, intShape, longShape } from './basic';
import type { Part } from './fields';

/**
 * Values as Flink's `DataOutputEncoder` writes them (since 1.0), which is **not** Avro's binary encoding: numbers have their
 * fixed width, big-endian, also the index of an enum's symbol and of a union's branch (`i4`); strings and bytes are
 * `i4 length` and the bytes; an array or map is, unless empty, its number of items as an unsigned LEB128 and the items, then
 * one byte 0.
 */
export class AvroParts {
  private readonly made = new Map<AvroSchema, Part>();
  /** A union has branches whose values look alike: the bytes say more than the value does. */
  ambiguous = false;

  part(schema: AvroSchema): Part {
    const known = this.made.get(schema);
    if (known !== undefined) return known;
    switch (schema.kind) {
      case 'null':
        return NULL;
      case 'boolean':
        return booleanShape as Part;
      case 'int':
        return intShape as Part;
      case 'long':
        return longShape as Part;
      case 'float':
        return floatShape as Part;
      case 'double':
        return doubleShape as Part;
      case 'string':
        return STRING as Part;
      case 'bytes':
        return BYTES as Part;
      case 'fixed':
        return fixed(schema.size) as Part;
      case 'enum':
        return enumeration(schema.name, schema.symbols) as Part;
      case 'array':
        return array(this.part(schema.items)) as Part;
      case 'map':
        return map(this.part(schema.values)) as Part;
      case 'union':
        return this.union(schema.branches);
      case 'record':
        return this.record(schema);
    }
  }

  private record(schema: AvroSchema & { kind: 'record' }): Part {
    const fields: { name: string; part: Part }[] = [];
    const part = record(schema.name, fields) as Part;
    // Known before its fields are: one of them may lead back here.
    this.made.set(schema, part);
    for (const field of schema.fields) fields.push({ name: field.name, part: this.part(field.type) });
    return part;
  }

  private union(branches: readonly AvroSchema[]): Part {
    const shapes = branches.map(shapeOf);
    if (new Set(shapes).size < shapes.length) this.ambiguous = true;
    return union(branches.map((branch, i) => ({ shape: shapes[i], part: this.part(branch) })));
  }
}

const NULL: Part = {
  length: 0,
  read: () => null,
  skip: () => {},
  write: () => {},
  fromJson: (json) => {
    if (json !== null) throw notA('null', json);
    return null;
  },
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Java's encoder writes a lone surrogate as a question mark; bytes that are not UTF-8 are kept as they are. */
const STRING: Part<string | OpaqueValue> = {
  length: VARIABLE,
  read: (cursor) => {
    const bytes = cursor.bytes4('Avro string');
    try {
      return decoder.decode(bytes);
    } catch {
      return new OpaqueValue(bytes.slice(), 'The string is not UTF-8.');
    }
  },
  skip: (cursor) => void cursor.bytes4('Avro string'),
  write: (sink, value) => sink.bytes4(value instanceof OpaqueValue ? value.bytes : encoder.encode(value)),
  fromJson: (json) => {
    const text = stringFrom(json);
    if (/\p{Surrogate}/u.test(text)) throw badValue('An Avro string cannot hold a lone surrogate.');
    return text;
  },
};

const BYTES: Part<Uint8Array> = {
  length: VARIABLE,
  read: (cursor) => cursor.bytes4('Avro bytes').slice(),
  skip: (cursor) => void cursor.bytes4('Avro bytes'),
  write: (sink, value) => sink.bytes4(value),
  fromJson: (json) => decodeBase64(stringFrom(json, 'bytes as base64')),
};

function fixed(size: number): Part<Uint8Array> {
  return {
    length: size,
    read: (cursor) => cursor.take(size, 'Avro fixed').slice(),
    skip: (cursor) => cursor.skip(size, 'Avro fixed'),
    write: (sink, value) => sink.raw(value),
    fromJson: (json) => {
      const bytes = decodeBase64(stringFrom(json, 'bytes as base64'));
      if (bytes.length !== size) throw notA(`${size} bytes`, json);
      return bytes;
    },
  };
}

function enumeration(name: string, symbols: readonly string[]): Part<EnumValue> {
  return {
    length: 4,
    read: (cursor) => {
      const at = cursor.offset;
      const index = cursor.i32();
      const symbol = symbols[index];
      if (symbol === undefined) throw cursor.corrupt(`${name} has ${symbols.length} symbols and none at ${index}.`, at);
      return new EnumValue(symbol, index);
    },
    skip: (cursor) => cursor.skip(4, 'Avro enum'),
    write: (sink, value) => sink.i32(value.ordinal),
    fromJson: (json) => {
      const symbol = stringFrom(json);
      const index = symbols.indexOf(symbol);
      if (index < 0) throw notA(`one of ${symbols.join(', ')}`, json);
      return new EnumValue(symbol, index);
    },
  };
}

/** The one block of an array or map. Avro's readers would take several; Flink's encoder makes one. */
function readItems(cursor: Cursor, read: () => void): void {
  const at = cursor.offset;
  const n = readCount(cursor);
  if (n > cursor.remaining && n > MAX_EMPTY_ITEMS)
    throw cursor.error('TRUNCATED', `${n} items are announced, but only ${cursor.remaining} bytes are left.`, at);
  if (n === 0) return;
  cursor.nested(() => {
    for (let i = 0; i < n; i++) read();
  });
  if (cursor.u8() !== 0)
    throw cursor.corrupt('An array or map of Avro does not end behind its items.', cursor.offset - 1);
}

function readCount(cursor: Cursor): number {
  const at = cursor.offset;
  let value = 0;
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw cursor.corrupt('The number of items of an Avro array or map does not end.', at);
}

function writeItems<T>(sink: Sink, items: readonly T[], write: (item: T) => void): void {
  if (items.length > 0) {
    sink.varint(items.length);
    for (const item of items) write(item);
  }
  sink.u8(0);
}

function array(item: Part): Part<unknown[]> {
  return {
    length: VARIABLE,
    read: (cursor) => {
      const items: unknown[] = [];
      readItems(cursor, () => items.push(item.read(cursor)));
      return items;
    },
    skip: (cursor) => readItems(cursor, () => item.skip(cursor)),
    write: (sink, items) => writeItems(sink, items, (one) => item.write(sink, one)),
    fromJson: (json) => arrayFrom(json).map((one, i) => inside(`[${i}]`, () => item.fromJson(one))),
  };
}

function map(value: Part): Part<MapValue> {
  return {
    length: VARIABLE,
    read: (cursor) => {
      const entries: (readonly [unknown, unknown])[] = [];
      readItems(cursor, () => entries.push([STRING.read(cursor), value.read(cursor)]));
      return new MapValue(entries);
    },
    skip: (cursor) =>
      readItems(cursor, () => {
        STRING.skip(cursor);
        value.skip(cursor);
      }),
    write: (sink, { entries }) =>
      writeItems(sink, entries, ([k, v]) => {
        STRING.write(sink, k as string);
        value.write(sink, v);
      }),
    fromJson: (json) =>
      new MapValue(
        [...objectFrom(json, 'a map as an object')].map(
          ([k, v]) => [STRING.fromJson(k), inside(k, () => value.fromJson(v))] as const,
        ),
      ),
  };
}

function record(name: string, fields: readonly { name: string; part: Part }[]): Part<RecordValue> {
  let names: readonly string[] | null = null;
  // The fields are complete only when the whole schema is.
  const allNames = () => {
    names ??= fields.map((field) => field.name);
    return names;
  };
  return {
    length: VARIABLE,
    read: (cursor) =>
      cursor.nested(
        () =>
          new RecordValue(
            allNames(),
            fields.map(({ part }) => part.read(cursor)),
          ),
      ),
    skip: (cursor) =>
      cursor.nested(() => {
        for (const { part } of fields) part.skip(cursor);
      }),
    write: (sink, { values }) =>
      fields.forEach(({ part }, i) => {
        part.write(sink, values[i]);
      }),
    fromJson: (json) => {
      const object = objectFrom(json, `a ${name}`);
      for (const given of object.keys())
        if (!allNames().includes(given)) throw badValue(`${name} has no field ${given}.`);
      const values = fields.map((field) =>
        inside(field.name, () => {
          const given = object.get(field.name);
          if (given === undefined) throw badValue(`${name} needs the field ${field.name}.`);
          return field.part.fromJson(given);
        }),
      );
      return new RecordValue(allNames(), values);
    },
  };
}

/** What a value of a schema looks like when it is decoded: by this a union's branch is found again. */
function shapeOf(schema: AvroSchema): string {
  switch (schema.kind) {
    case 'int':
    case 'float':
    case 'double':
      return 'number';
    case 'fixed':
      return 'bytes';
    default:
      return schema.kind;
  }
}

function shapeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'long';
  if (value instanceof RawFloat) return 'number';
  if (value instanceof OpaqueValue) return 'string';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof EnumValue) return 'enum';
  if (value instanceof MapValue) return 'map';
  if (value instanceof RecordValue) return 'record';
  return Array.isArray(value) ? 'array' : typeof value;
}

function union(branches: readonly { shape: string; part: Part }[]): Part {
  const branchAt = (cursor: Cursor) => {
    const at = cursor.offset;
    const index = cursor.i32();
    const branch = branches[index];
    if (branch === undefined) throw cursor.corrupt(`A union of ${branches.length} branches has none at ${index}.`, at);
    return branch.part;
  };
  return {
    length: VARIABLE,
    read: (cursor) => branchAt(cursor).read(cursor),
    skip: (cursor) => branchAt(cursor).skip(cursor),
    write: (sink, value) => {
      const shape = shapeOfValue(value);
      const index = branches.findIndex((branch) => branch.shape === shape);
      if (index < 0) throw badValue(`No branch of the union takes a ${shape}.`);
      sink.i32(index);
      branches[index].part.write(sink, value);
    },
    fromJson: (json: Json) => {
      for (const { part } of branches) {
        try {
          return part.fromJson(json);
        } catch (e) {
          if (!(e instanceof EngineError)) throw e;
        }
      }
      throw notA('a value that one branch of the union takes', json);
    },
  };
}
