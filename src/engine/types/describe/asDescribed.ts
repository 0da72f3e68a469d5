import type { Json } from '../../json/jsonValue';
import type { Codec } from '../codec';
import { badValue, inside } from '../jsonInput';
import type { DescribedType } from './describedType';
import { withClasses } from './kryoElements';
import { fieldTypes } from './words/word';

/**
 * The snapshots of rows do not have the names of their fields, so that a codec takes a row as an array; those of Kryo do not have the
 * classes of elements. Who describes a row with names may give its values by name too, and who says what a collection of Kryo
 * holds gives its elements as they are: this is the same codec, which takes either.
 */
export function takingAsDescribed(codec: Codec, type: DescribedType): Codec {
  if (!saysMore(type)) return codec;
  const inner = partTypes(type);
  const parts = codec.parts?.map((part, i) => (inner[i] === undefined ? part : takingAsDescribed(part, inner[i])));
  return Object.create(codec, {
    fromJson: { value: (json: Json) => codec.fromJson(asSnapshotTakes(type, json)) },
    ...(parts !== undefined && { parts: { value: parts } }),
  });
}

/** The types of `Codec.parts`; of a value with time-to-live it has the value's alone, as a described one. */
function partTypes(type: DescribedType): readonly DescribedType[] {
  if (type.nullable !== true) return type.arguments ?? type.fields?.map((field) => field.type) ?? [];
  const { nullable, ...inner } = type;
  return [inner];
}

const isOfKryo = ({ name, arguments: inner }: DescribedType): boolean => name === 'kryo' && inner !== undefined;

const isRow = ({ name }: DescribedType): boolean => name === 'row' || name === 'rowData';

/** Whether the type says more than its snapshot. */
function saysMore(type: DescribedType): boolean {
  return (isRow(type) && type.fields !== undefined) || isOfKryo(type) || fieldTypes(type).some(saysMore);
}

/** JSON of a type with an array in the place of each row that is an object of its fields, and classes beside Kryo's elements. */
function asSnapshotTakes(type: DescribedType, json: Json): Json {
  if (json === null || !saysMore(type)) return json;
  if (isRow(type)) return rowAsArray(type, json);
  if (isOfKryo(type)) return withClasses(type, json);
  const inner = fieldTypes(type);
  switch (type.name) {
    case 'pojo':
      return perName(json, (name, value) => {
        const field = type.fields?.find((candidate) => candidate.name === name);
        return field === undefined ? value : asSnapshotTakes(field.type, value);
      });
    case 'tuple':
    case 'case-class':
      return perItem(json, (item, i) => (inner[i] === undefined ? item : asSnapshotTakes(inner[i], item)));
    case 'map':
      return mapAsArrays(inner[0], inner[1], json);
    case 'either':
    case 'scala-either':
      return perName(json, (name, value) => asSnapshotTakes(inner[name === 'left' ? 0 : 1], value));
    case 'ttl':
      return perName(json, (name, value) => (name === 'value' ? asSnapshotTakes(inner[0], value) : value));
    case 'set':
      return perName(json, (_name, items) => perItem(items, (item) => asSnapshotTakes(inner[0], item)));
    default:
      return inner.length === 1 ? perItem(json, (item) => asSnapshotTakes(inner[0], item)) : json;
  }
}

/** A row whose kind is not `+I` is `{"$kind": "-D", "fields": …}`. */
function rowAsArray(type: DescribedType, json: Json): Json {
  const types = fieldTypes(type);
  if (json instanceof Map && json.has('$kind'))
    return perName(json, (name, value) => (name === 'fields' ? rowAsArray(type, value) : value));
  const items = json instanceof Map && type.fields !== undefined ? inOrder(type.fields, json) : json;
  return perItem(items, (item, i) => (types[i] === undefined ? item : asSnapshotTakes(types[i], item)));
}

function inOrder(fields: NonNullable<DescribedType['fields']>, json: Map<string, Json>): Json[] {
  for (const name of json.keys())
    if (!fields.some((field) => field.name === name)) throw badValue(`The row has no field ${JSON.stringify(name)}.`);
  return fields.map(({ name }) => {
    const value = json.get(name);
    if (value === undefined) throw badValue(`The field ${name} of the row is missing.`);
    return value;
  });
}

function mapAsArrays(key: DescribedType, value: DescribedType, json: Json): Json {
  const pairs = json instanceof Map && json.size === 1 ? json.get('$map') : undefined;
  if (!Array.isArray(pairs)) return perName(json, (_name, item) => asSnapshotTakes(value, item));
  const convert = (item: Json, i: number) => asSnapshotTakes(i === 0 ? key : value, item);
  return new Map([['$map', pairs.map((pair) => perItem(pair, convert))]]);
}

function perItem(json: Json, convert: (item: Json, i: number) => Json): Json {
  return Array.isArray(json) ? json.map((item, i) => inside(`[${i}]`, () => convert(item, i))) : json;
}

function perName(json: Json, convert: (name: string, value: Json) => Json): Json {
  return json instanceof Map
    ? new Map([...json].map(([name, value]) => [name, inside(name, () => convert(name, value))]))
    : json;
}
