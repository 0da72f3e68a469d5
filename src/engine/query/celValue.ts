import { writeJson } from '../json/writeJson';
import type { TypeInfo } from '../types/typeInfo';
import {
  AlternativeValue,
  EncodedValue,
  EnumValue,
  MapValue,
  OpaqueValue,
  RawFloat,
  RecordValue,
  RowValue,
  SetValue,
  TtlValue,
} from '../types/values';

/** Types whose values are JavaScript numbers but integers to CEL, which does not mix the two. */
const INTEGERS: ReadonlySet<string> = new Set(['byte', 'short', 'int', 'tinyint', 'smallint', 'integer']);

/** Behind lists and maps that say less to CEL than the value does: a set, a row of another kind, an instance of a subclass. */
const full = new WeakMap<object, unknown>();

/** The decoded value that an expression passes on, where its form in CEL does not say all of it. */
export const fullValue = (form: object): unknown => full.get(form);

function remembered<F extends object>(form: F, value: unknown): F {
  full.set(form, value);
  return form;
}

/**
 * A decoded value as CEL sees it: integers as `bigint`, records and maps with string keys as objects, a value with a
 * time-to-live as the value itself, enums as their names, what has no form in CEL as the text that the dump shows.
 */
export function celValue(value: unknown, type?: TypeInfo): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return type !== undefined && INTEGERS.has(type.name) ? BigInt(value) : value;
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item, i) => celValue(item, itemType(type, i)));
  if (value instanceof EncodedValue) return celValue(value.value, type);
  if (value instanceof TtlValue) return celValue(value.value, type?.arguments?.[0]);
  if (value instanceof RecordValue) {
    const fields = record(value.names, value.values, type);
    return value.className === null ? fields : remembered(fields, value);
  }
  if (value instanceof RowValue) {
    const fields =
      value.names === null
        ? value.fields.map((item, i) => celValue(item, itemType(type, i)))
        : record(value.names, value.fields, type);
    return value.kind === '+I' ? fields : remembered(fields, value);
  }
  if (value instanceof MapValue) {
    return new Map(
      value.entries.map(([k, v]) => [celValue(k, type?.arguments?.[0]), celValue(v, type?.arguments?.[1])]),
    );
  }
  if (value instanceof SetValue) {
    return remembered(
      value.items.map((item) => celValue(item, type?.arguments?.[0])),
      value,
    );
  }
  if (value instanceof EnumValue) return value.name;
  if (value instanceof AlternativeValue) {
    return new Map([[value.name, celValue(value.value, type?.arguments?.[value.name === 'left' ? 0 : 1])]]);
  }
  if (value instanceof OpaqueValue) return value.bytes;
  if (value instanceof RawFloat) return Number.NaN;
  // Numbers beyond a long, decimals, dates: as the text of the dump.
  const text = writeJson(value);
  return text.startsWith('"') ? JSON.parse(text) : text;
}

function record(
  names: readonly string[],
  values: readonly unknown[],
  type: TypeInfo | undefined,
): Map<string, unknown> {
  return new Map(names.map((name, i) => [name, celValue(values[i], fieldType(type, name, i))]));
}

function fieldType(type: TypeInfo | undefined, name: string, index: number): TypeInfo | undefined {
  const field = type?.fields?.[index];
  return field?.name === name ? field.type : type?.fields?.find((f) => f.name === name)?.type;
}

/** Of a list's only argument, or of a tuple's own. */
function itemType(type: TypeInfo | undefined, index: number): TypeInfo | undefined {
  const { arguments: of, fields } = type ?? {};
  if (fields !== undefined) return fields[index]?.type;
  return of?.length === 1 ? of[0] : of?.[index];
}
