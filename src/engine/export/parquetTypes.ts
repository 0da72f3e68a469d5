import type { SchemaElement } from 'hyparquet';
import { fieldsOf } from '../entryTypes';
import { writeJson } from '../json/writeJson';
import type { TypeInfo } from '../types/typeInfo';
import { EncodedValue, MapValue, RecordValue, RowValue, SetValue, TtlValue } from '../types/values';
import { Misfit } from './misfit';
import { leafOf } from './parquetLeaves';

/** How values of a type stand in a column of Parquet. */
export interface ParquetType {
  /** The column's elements, itself first, its children behind it. */
  elements(name: string): SchemaElement[];
  /** What the writer takes for a value; throws `Misfit` where the column cannot hold it. Null stays null. */
  convert(value: unknown): unknown;
  /** Floats must not be kept in a dictionary, which takes 0.0 and -0.0 for one. */
  readonly hasFloats: boolean;
}

/** Types within types that get columns of their own; what lies deeper stands as JSON. */
const MAX_DEPTH = 8;
/** Fields of a type, all levels together. */
const MAX_FIELDS = 1000;

/**
 * The natural column for a type: numbers, texts, bytes, times and decimals as such; records, rows and tuples as groups with
 * their fields, lists and sets as LIST, maps as MAP; everything else as its JSON, in a string.
 */
export function parquetType(type: TypeInfo | undefined): ParquetType {
  return typeWithin(type, { fields: MAX_FIELDS }, 0);
}

function typeWithin(type: TypeInfo | undefined, left: { fields: number }, depth: number): ParquetType {
  if (type === undefined || type.unreadable !== undefined || depth > MAX_DEPTH) return JSON_TEXT;
  const leaf = leafOf(type);
  if (leaf !== null) return leafType(leaf.element, leaf.convert);
  // An array of primitives is named after them: `int[]`.
  if (type.name.endsWith('[]')) return list(typeWithin({ name: type.name.slice(0, -2), serializer: '' }, left, depth));
  const inner = (of: TypeInfo | undefined): ParquetType => typeWithin(of, left, depth + 1);
  const [first, second] = type.arguments ?? [];
  switch (type.name) {
    case 'ttl':
      return group([
        { name: 'ttl', type: parquetType(LONG), of: (v) => ttl(v).lastAccess },
        { name: 'value', type: inner(first), of: (v) => ttl(v).value },
      ]);
    case 'list':
    case 'array':
    case 'set':
      return first === undefined ? JSON_TEXT : list(inner(first));
    case 'map':
      return first === undefined || second === undefined ? JSON_TEXT : map(inner(first), inner(second));
    default: {
      const fields = fieldsOf(type);
      left.fields -= fields.length;
      if (fields.length === 0 || left.fields < 0 || new Set(fields.map(({ name }) => name)).size < fields.length) {
        return JSON_TEXT;
      }
      return group(
        fields.map((field, i) => ({ name: field.name, type: inner(field.type), of: fieldAt(field.name, i) })),
      );
    }
  }
}

const LONG: TypeInfo = { name: 'long', serializer: '' };

function leafType(element: Omit<SchemaElement, 'name'>, convert: (value: unknown) => unknown): ParquetType {
  return {
    elements: (name) => [{ ...element, name, repetition_type: 'OPTIONAL' }],
    convert: (value) => (value === null || value === undefined ? null : convert(plain(value))),
    hasFloats: element.type === 'FLOAT' || element.type === 'DOUBLE',
  };
}

/** A value as JSON text. */
export const JSON_TEXT: ParquetType = leafType({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, (value) =>
  writeJson(value),
);

interface GroupField {
  readonly name: string;
  readonly type: ParquetType;
  of(value: unknown): unknown;
}

function group(fields: readonly GroupField[]): ParquetType {
  return {
    elements: (name) => [
      { name, repetition_type: 'OPTIONAL', num_children: fields.length },
      ...fields.flatMap((field) => field.type.elements(field.name)),
    ],
    convert: (value) => {
      if (value === null || value === undefined) return null;
      const record = plain(value);
      // Without a prototype, whatever the fields' names are.
      const converted: Record<string, unknown> = Object.create(null);
      for (const { name, type, of } of fields) converted[name] = type.convert(of(record));
      return converted;
    },
    hasFloats: fields.some(({ type }) => type.hasFloats),
  };
}

function list(element: ParquetType): ParquetType {
  return {
    elements: (name) => [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...element.elements('element'),
    ],
    convert: (value) => {
      if (value === null || value === undefined) return null;
      const items = plain(value);
      if (items instanceof SetValue) return items.items.map(element.convert);
      if (!Array.isArray(items)) throw new Misfit();
      return items.map(element.convert);
    },
    hasFloats: element.hasFloats,
  };
}

function map(key: ParquetType, value: ParquetType): ParquetType {
  return {
    elements: (name) => {
      const [keyElement, ...more] = key.elements('key');
      return [
        { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        { ...keyElement, repetition_type: 'REQUIRED' },
        ...more,
        ...value.elements('value'),
      ];
    },
    convert: (of) => {
      if (of === null || of === undefined) return null;
      const entries = plain(of);
      if (!(entries instanceof MapValue)) throw new Misfit();
      return entries.entries.map(([k, v]) => {
        const converted = key.convert(k);
        // A key of MAP may not be null.
        if (converted === null) throw new Misfit();
        return { key: converted, value: value.convert(v) };
      });
    },
    hasFloats: key.hasFloats || value.hasFloats,
  };
}

const plain = (value: unknown): unknown => (value instanceof EncodedValue ? plain(value.value) : value);

function ttl(value: unknown): TtlValue {
  if (value instanceof TtlValue) return value;
  throw new Misfit();
}

/** A field of a record, a row or a tuple. A subclass and a row that is no insertion say more than their fields. */
function fieldAt(name: string, index: number): (value: unknown) => unknown {
  return (value) => {
    if (Array.isArray(value)) return value[index];
    if (value instanceof RecordValue && value.className === null) {
      const at = value.names[index] === name ? index : value.names.indexOf(name);
      if (at >= 0) return value.values[at];
    }
    if (value instanceof RowValue && value.kind === '+I') return value.fields[index];
    throw new Misfit();
  };
}
