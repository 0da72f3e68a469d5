import type { StateDescription } from '../engine/description';
import type { TypeInfo } from '../engine/types/typeInfo';
import { jsonString } from './spell';

/** JSON that a value of a type can have, and the types of its parts. */

const TEXTS: Readonly<Record<string, string>> = {
  boolean: 'false',
  float: '0.0',
  double: '0.0',
  string: '""',
  char: '"a"',
  varchar: '""',
  'byte[]': '""',
  bigdecimal: '"0"',
  biginteger: '"0"',
  decimal: '"0"',
  instant: '"1970-01-01T00:00:00Z"',
  date: '"1970-01-01T00:00:00Z"',
  'sql-timestamp': '"1970-01-01T00:00:00Z"',
  localdate: '"1970-01-01"',
  localtime: '"00:00:00"',
  localdatetime: '"1970-01-01T00:00:00"',
  timestamp: '"1970-01-01T00:00:00"',
};
const INTEGERS: ReadonlySet<string> = new Set([
  ...['byte', 'short', 'int', 'long', 'tinyint', 'smallint', 'integer', 'bigint'],
]);
/** Types within types that are followed: a type can hold itself. */
const MAX_DEPTH = 6;

/** A value of the type, to be changed; null where only its own serializer knows how one looks. */
export function exampleOf(type: TypeInfo, depth = 0): string | null {
  const { name, fields, arguments: parts = [], constants } = type;
  if (depth > MAX_DEPTH || type.unreadable !== undefined) return null;
  if (type.nullable === true) return 'null';
  if (constants !== undefined) return constants[0] === undefined ? null : jsonString(constants[0]);
  if (INTEGERS.has(name)) return '0';
  const text = TEXTS[name];
  if (text !== undefined) return text;
  const inner = (of: TypeInfo | undefined): string | null => (of === undefined ? null : exampleOf(of, depth + 1));
  if (fields !== undefined) {
    const shown = fields.map(({ name: field, type: of }) => {
      const value = inner(of);
      return value === null ? null : `${jsonString(field)}: ${value}`;
    });
    return shown.includes(null) ? null : `{ ${shown.join(', ')} }`;
  }
  switch (name) {
    case 'ttl':
      return inner(parts[0]);
    case 'tuple':
    case 'row': {
      const shown = parts.map(inner);
      return shown.includes(null) ? null : `[${shown.join(', ')}]`;
    }
    case 'list':
    case 'array':
      return '[]';
    case 'set':
      return '{ "$set": [] }';
    case 'map':
      return parts[0]?.name === 'string' ? '{}' : '{ "$map": [] }';
    default:
      return name.endsWith('[]') ? '[]' : null;
  }
}

/** Type of what stands at a path below a value of `type`; null where the path leads nowhere. */
export function typeAt(type: TypeInfo | null, path: readonly (string | number)[]): TypeInfo | null {
  let at = type;
  for (const part of path) at = at === null ? null : partOf(withoutTtl(at), part);
  return at === null ? null : withoutTtl(at);
}

/** A value with a time-to-live is the value itself to whoever writes a plan. */
export const withoutTtl = (type: TypeInfo): TypeInfo => (type.name === 'ttl' ? (type.arguments?.[0] ?? type) : type);

function partOf({ name, fields, arguments: parts }: TypeInfo, part: string | number): TypeInfo | null {
  if (fields !== undefined) {
    const field = typeof part === 'number' ? fields[part] : fields.find((f) => f.name === part);
    return field?.type ?? null;
  }
  if (name === 'map') return typeof part === 'string' ? (parts?.[1] ?? null) : null;
  if (typeof part !== 'number') return null;
  return (name === 'list' || name === 'array' || name === 'set' ? parts?.[0] : parts?.[part]) ?? null;
}

/** Type of the value that a step names: with a map key it is that of one of the map's values. */
export function valueTypeOf(state: StateDescription, hasMapKey: boolean): TypeInfo {
  const { typeInfo } = state;
  return typeInfo.name === 'map' && hasMapKey ? (typeInfo.arguments?.[1] ?? typeInfo) : typeInfo;
}
