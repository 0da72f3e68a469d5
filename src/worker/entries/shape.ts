import { tupleField } from '../../engine/entryTypes';
import { decimalText } from '../../engine/json/decimalText';
import { dateText, dateTimeText, timeText } from '../../engine/json/temporalText';
import type { TypeInfo } from '../../engine/types/typeInfo';
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
} from '../../engine/types/values';
import type { Look } from '../../view/shownEntries';
import type { TimeZone } from './timeZone';

/** A decoded value, looked at from outside: a text, bytes, or a number of parts. */
export type Shape = Leaf | Bytes | Composite;

export interface Leaf {
  readonly is: 'leaf';
  readonly look: Exclude<Look, 'composite' | 'bytes' | 'opaque'>;
  readonly text: string;
  readonly hint: string | null;
}

export interface Bytes {
  readonly is: 'bytes';
  readonly bytes: Uint8Array;
  /** Why they are not decoded; null for a value that is a byte string. */
  readonly why: string | null;
}

export interface Composite {
  readonly is: 'list' | 'set' | 'map' | 'record';
  readonly count: number;
  readonly hint: string | null;
  part(index: number): Part;
}

/** A field, an element or an entry. The label of a map's entry is its key. */
export interface Part {
  readonly label: string | MapKey;
  readonly value: unknown;
  readonly type: TypeInfo | undefined;
}

export class MapKey {
  constructor(
    readonly key: unknown,
    readonly type: TypeInfo | undefined,
  ) {}
}

const LONG: TypeInfo = { name: 'long', serializer: '' };

const leaf = (look: Leaf['look'], text: string, hint: string | null = null): Leaf => ({
  is: 'leaf',
  look,
  text,
  hint,
});

export const MISSING = leaf('missing', '');

export const timestampLeaf = (millis: bigint, zone: TimeZone): Leaf =>
  leaf('number', String(millis), zone.millis(millis));

export function shapeOf(value: unknown, type: TypeInfo | undefined, zone: TimeZone): Shape {
  switch (typeof value) {
    case 'undefined':
      return MISSING;
    case 'string':
      return value === '' ? leaf('empty', '') : leaf('text', value);
    case 'number':
      return leaf('number', Object.is(value, -0) ? '-0.0' : String(value));
    case 'bigint':
      return bigintLeaf(value, zone);
    case 'boolean':
      return leaf('boolean', String(value));
    case 'object':
      return value === null ? leaf('null', 'null') : shapeOfObject(value, type, zone);
    default:
      throw new TypeError(`A decoded value cannot be of type ${typeof value}.`);
  }
}

/** Milliseconds since 1970 between these are more likely instants than anything else: 2001 to 2286. */
const FIRST_MILLIS = 1_000_000_000_000n;
const LAST_MILLIS = 9_999_999_999_999n;

/** A long that could be an instant in milliseconds says which. */
function bigintLeaf(value: bigint, zone: TimeZone): Leaf {
  const isLikely = value >= FIRST_MILLIS && value <= LAST_MILLIS;
  return leaf('number', String(value), isLikely ? zone.millis(value) : null);
}

function shapeOfObject(value: object, type: TypeInfo | undefined, zone: TimeZone): Shape {
  if (Array.isArray(value)) return shapeOfArray(value, type);
  if (value instanceof Uint8Array) return { is: 'bytes', bytes: value, why: null };
  if (value instanceof OpaqueValue) return { is: 'bytes', bytes: value.bytes, why: value.why };
  if (value instanceof RecordValue) return shapeOfRecord(value, type);
  if (value instanceof RowValue) return shapeOfRow(value, type);
  if (value instanceof MapValue) {
    const { entries } = value;
    const [keyType, valueType] = type?.arguments ?? [];
    return {
      is: 'map',
      count: entries.length,
      hint: null,
      part: (i) => ({ label: new MapKey(entries[i][0], keyType), value: entries[i][1], type: valueType }),
    };
  }
  if (value instanceof SetValue) {
    const { items } = value;
    return {
      is: 'set',
      count: items.length,
      hint: null,
      part: (i) => ({ label: String(i), value: items[i], type: type?.arguments?.[0] }),
    };
  }
  if (value instanceof TtlValue) {
    const parts: Part[] = [
      { label: 'value', value: value.value, type: type?.arguments?.[0] },
      { label: 'lastAccess', value: value.lastAccess, type: LONG },
    ];
    return { is: 'record', count: 2, hint: zone.millis(value.lastAccess), part: (i) => parts[i] };
  }
  if (value instanceof AlternativeValue) {
    const inner = type?.arguments?.length === 1 ? 0 : value.name === 'left' ? 0 : 1;
    const part: Part = { label: value.name, value: value.value, type: type?.arguments?.[inner] };
    return { is: 'record', count: 1, hint: null, part: () => part };
  }
  if (value instanceof EncodedValue) return shapeOf(value.value, type, zone);
  return leafOfObject(value, zone);
}

function leafOfObject(value: object, zone: TimeZone): Leaf {
  if (value instanceof EnumValue) return leaf('text', value.name);
  if (value instanceof RawFloat)
    return leaf('number', 'NaN', `0x${value.bits.toString(16).padStart(value.width / 4, '0')}`);
  if (value instanceof BigIntegerValue) return leaf('number', String(value.value));
  if (value instanceof DecimalValue) return leaf('number', decimalText(value.unscaled, value.scale, value.plain));
  if (value instanceof InstantValue) return leaf('time', zone.instant(value));
  if (value instanceof LocalDateValue) return leaf('time', dateText(value));
  if (value instanceof LocalTimeValue) return leaf('time', timeText(value));
  if (value instanceof LocalDateTimeValue) return leaf('time', dateTimeText(value));
  throw new TypeError(`A decoded value cannot be a ${value.constructor.name}.`);
}

/** Lists have one type for all elements; tuples and case classes one for each. */
function shapeOfArray(items: readonly unknown[], type: TypeInfo | undefined): Composite {
  const { fields, arguments: types } = type ?? {};
  if (isTuple(type)) {
    return {
      is: 'record',
      count: items.length,
      hint: null,
      part: (i) => ({
        label: fields?.[i]?.name ?? tupleField(i),
        value: items[i],
        type: fields?.[i]?.type ?? types?.[i],
      }),
    };
  }
  return {
    is: 'list',
    count: items.length,
    hint: null,
    part: (i) => ({ label: String(i), value: items[i], type: types?.[0] }),
  };
}

export function isTuple(type: TypeInfo | undefined): boolean {
  return type !== undefined && (type.fields !== undefined || type.name === 'tuple' || type.name === 'case-class');
}

function shapeOfRecord({ names, values, className }: RecordValue, type: TypeInfo | undefined): Composite {
  return {
    is: 'record',
    count: names.length,
    hint: className,
    part: (i) => ({ label: names[i], value: values[i], type: fieldType(type, names[i], i) }),
  };
}

function shapeOfRow({ kind, fields, names }: RowValue, type: TypeInfo | undefined): Composite {
  const label = (i: number): string => names?.[i] ?? type?.fields?.[i]?.name ?? tupleField(i);
  return {
    is: 'record',
    count: fields.length,
    hint: kind === '+I' ? null : kind,
    part: (i) => ({
      label: label(i),
      value: fields[i],
      type: fieldType(type, label(i), i) ?? (type?.fields === undefined ? type?.arguments?.[i] : undefined),
    }),
  };
}

function fieldType(type: TypeInfo | undefined, name: string, index: number): TypeInfo | undefined {
  if (type?.name === 'time-window') return LONG;
  const field = type?.fields?.[index];
  return field?.name === name ? field.type : type?.fields?.find((f) => f.name === name)?.type;
}
