import { EngineError } from '../../bytes/engineError';
import type { Json } from '../../json/jsonValue';
import { parseJson } from '../../json/parseJson';

export type AvroPrimitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** An Avro schema, its references resolved: a record may lead back to itself. */
export type AvroSchema =
  | { readonly kind: AvroPrimitive }
  | { readonly kind: 'record'; readonly name: string; readonly fields: readonly AvroField[] }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: readonly string[] }
  | { readonly kind: 'fixed'; readonly name: string; readonly size: number }
  | { readonly kind: 'array'; readonly items: AvroSchema }
  | { readonly kind: 'map'; readonly values: AvroSchema }
  | { readonly kind: 'union'; readonly branches: readonly AvroSchema[] };

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
}

const PRIMITIVES: readonly string[] = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];

/** Types in types are followed this deep. */
const MAX_NESTING = 200;
/** Most bytes of a fixed. */
const MAX_FIXED = 0x7fffffff;

/**
 * Parses a schema declaration (Avro specification 1.11, "Schema Declaration"). Logical types are what they are stored as;
 * documentation, defaults, aliases and sort orders say nothing of the bytes. `CORRUPT` for what is no schema.
 */
export function parseAvroSchema(text: string): AvroSchema {
  let json: Json;
  try {
    json = parseJson(text);
  } catch (e) {
    if (e instanceof EngineError) throw bad(`not JSON: ${e.message}`);
    throw e;
  }
  return new SchemaParser().schema(json, '', 0);
}

class SchemaParser {
  private readonly named = new Map<string, AvroSchema>();

  schema(json: Json, namespace: string, depth: number): AvroSchema {
    if (depth > MAX_NESTING) throw bad(`nested deeper than ${MAX_NESTING} levels`);
    if (typeof json === 'string') return this.byName(json, namespace);
    if (Array.isArray(json)) return { kind: 'union', branches: json.map((b) => this.schema(b, namespace, depth + 1)) };
    if (!(json instanceof Map)) throw bad('a type is a name, an object or an array');
    const type = json.get('type');
    switch (type) {
      case 'record':
      case 'error':
        return this.record(json, namespace, depth);
      case 'enum': {
        const symbols = listOf(json, 'symbols').map((symbol) => textOf(symbol, 'symbol'));
        return this.define({ kind: 'enum', name: fullName(json, namespace).name, symbols });
      }
      case 'fixed': {
        const size = json.get('size');
        if (typeof size !== 'bigint' || size < 0n || size > MAX_FIXED) throw bad('a fixed has no size');
        return this.define({ kind: 'fixed', name: fullName(json, namespace).name, size: Number(size) });
      }
      case 'array':
        return { kind: 'array', items: this.schema(json.get('items') ?? null, namespace, depth + 1) };
      case 'map':
        return { kind: 'map', values: this.schema(json.get('values') ?? null, namespace, depth + 1) };
      default:
        return this.schema(type ?? null, namespace, depth + 1);
    }
  }

  private record(json: Map<string, Json>, namespace: string, depth: number): AvroSchema {
    const full = fullName(json, namespace);
    const fields: AvroField[] = [];
    const record = this.define({ kind: 'record', name: full.name, fields });
    for (const field of listOf(json, 'fields')) {
      if (!(field instanceof Map)) throw bad('a field is an object');
      const name = textOf(field.get('name') ?? null, 'name of a field');
      fields.push({ name, type: this.schema(field.get('type') ?? null, full.namespace, depth + 1) });
    }
    return record;
  }

  private define(schema: AvroSchema & { readonly name: string }): AvroSchema {
    if (this.named.has(schema.name)) throw bad(`two types are called ${schema.name}`);
    this.named.set(schema.name, schema);
    return schema;
  }

  private byName(name: string, namespace: string): AvroSchema {
    if (PRIMITIVES.includes(name)) return { kind: name as AvroPrimitive };
    const found = this.named.get(qualified(name, namespace)) ?? this.named.get(name);
    if (found === undefined) throw bad(`no type is called ${name}`);
    return found;
  }
}

/** A name with dots is complete; any other is in the namespace given beside it, or in that around it. */
function fullName(json: Map<string, Json>, around: string): { name: string; namespace: string } {
  const name = textOf(json.get('name') ?? null, 'name of a type');
  const given = json.get('namespace');
  const full = qualified(name, typeof given === 'string' ? given : around);
  return { name: full, namespace: full.slice(0, Math.max(0, full.lastIndexOf('.'))) };
}

function qualified(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function listOf(json: Map<string, Json>, name: string): Json[] {
  const list = json.get(name);
  if (!Array.isArray(list)) throw bad(`${name} are not an array`);
  return list;
}

function textOf(json: Json, what: string): string {
  if (typeof json !== 'string') throw bad(`a ${what} is not a string`);
  return json;
}

function bad(why: string): EngineError {
  return new EngineError('CORRUPT', `The Avro schema cannot be used: ${why}.`);
}
