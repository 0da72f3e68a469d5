import {
  AlternativeValue,
  BigIntegerValue,
  DecimalValue,
  EncodedValue,
  EnumValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
  MapValue,
  OpaqueValue,
  RawFloat,
  RecordValue,
  RowValue,
  SetValue,
  TtlValue,
} from '../types/values';
import { encodeBase64 } from './base64';
import { decimalText } from './decimalText';
import type { Json } from './jsonValue';
import { parseJson } from './parseJson';
import { numberText } from './printJson';
import { dateText, dateTimeText, instantText, timeText } from './temporalText';

/** A decoded value as JSON text on one line, in the form that dumps, exports and `Codec.fromJson` share. */
export function writeJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : numberText(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(value);
    default:
      throw new TypeError(`A decoded value cannot be of type ${typeof value}.`);
  }
}

/** The same as a `Json` value: read back from the text, so that there is one form and one place that makes it. */
export function toJson(value: unknown): Json {
  return parseJson(writeJson(value));
}

/** Characters that stand for themselves between quotes; most strings have no other, and need not be looked through by JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;

function stringText(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

function objectText(value: object): string {
  if (Array.isArray(value)) return itemsText(value);
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`;
  for (let type: object | null = Object.getPrototypeOf(value); type !== null; type = Object.getPrototypeOf(type)) {
    const write = WRITERS.get(type.constructor);
    if (write !== undefined) return write(value as never);
  }
  throw new TypeError(`A decoded value cannot be a ${value.constructor.name}.`);
}

function itemsText(items: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : ',') + writeJson(items[i]);
  return `${text}]`;
}

function fieldsText(names: readonly string[], values: readonly unknown[], first = ''): string {
  const quoted = quotedNames(names);
  let text = first === '' ? '{' : `{${first},`;
  for (let i = 0; i < quoted.length; i++) text += (i === 0 ? '' : ',') + quoted[i] + writeJson(values[i]);
  return `${quoted.length === 0 ? `{${first}` : text}}`;
}

/** Names as JSON, each with its colon. Records of a type share their names. */
function quotedNames(names: readonly string[]): readonly string[] {
  let quoted = QUOTED.get(names);
  if (quoted === undefined) {
    quoted = names.map((name) => [JSON.stringify(name), ':'].join(''));
    QUOTED.set(names, quoted);
  }
  return quoted;
}

const QUOTED = new WeakMap<readonly string[], readonly string[]>();

/** A map whose keys are all strings, none twice, is an object; any other a list of pairs. */
function mapText({ entries, stringsAreNames }: MapValue): string {
  const names = entries.map(([key]) => nameOf(key, stringsAreNames));
  if (names.every((name) => name !== null) && new Set(names).size === names.length)
    return `{${entries.map(([, value], i) => `${JSON.stringify(names[i])}:${writeJson(value)}`).join()}}`;
  return `{"$map":[${entries.map(([key, value]) => `[${writeJson(key)},${writeJson(value)}]`).join()}]}`;
}

function nameOf(key: unknown, stringsAreNames: boolean): string | null {
  if (key instanceof EncodedValue) return key.isText && typeof key.value === 'string' ? key.value : null;
  return stringsAreNames && typeof key === 'string' ? key : null;
}

function rowText({ kind, fields, names }: RowValue): string {
  const text = names === null ? itemsText(fields) : fieldsText(names, fields);
  return kind === '+I' ? text : `{"$kind":"${kind}","fields":${text}}`;
}

function recordText({ names, values, className }: RecordValue): string {
  return fieldsText(names, values, className === null ? '' : `"$class":${JSON.stringify(className)}`);
}

function alternativeText({ name, value }: AlternativeValue): string {
  return `{"${name}":${writeJson(value)}}`;
}

/** How each class of value is written. The argument of each is an instance of the class that it stands beside. */
const WRITERS = new Map<unknown, (value: never) => string>([
  [RecordValue, recordText],
  [RowValue, rowText],
  [MapValue, mapText],
  [SetValue, ({ items }: SetValue) => `{"$set":${itemsText(items)}}`],
  [EnumValue, ({ name }: EnumValue) => JSON.stringify(name)],
  [RawFloat, () => '"NaN"'],
  [BigIntegerValue, ({ value }: BigIntegerValue) => `"${value}"`],
  [DecimalValue, ({ unscaled, scale, plain }: DecimalValue) => `"${decimalText(unscaled, scale, plain)}"`],
  [InstantValue, (value: InstantValue) => `"${instantText(value)}"`],
  [LocalDateValue, (value: LocalDateValue) => `"${dateText(value)}"`],
  [LocalTimeValue, (value: LocalTimeValue) => `"${timeText(value)}"`],
  [LocalDateTimeValue, (value: LocalDateTimeValue) => `"${dateTimeText(value)}"`],
  [AlternativeValue, alternativeText],
  [TtlValue, ({ lastAccess, value }: TtlValue) => `{"$ttl":${lastAccess},"value":${writeJson(value)}}`],
  [EncodedValue, ({ value }: EncodedValue) => writeJson(value)],
  [OpaqueValue, opaqueText],
]);

function opaqueText({ bytes, why }: OpaqueValue): string {
  return `{"$bytes":"${encodeBase64(bytes)}","$why":${JSON.stringify(why)}}`;
}
