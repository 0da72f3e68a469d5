import type { Json } from '../../../json/jsonValue';
import { parseJson } from '../../../json/parseJson';
import { printJson } from '../../../json/printJson';
import { parseAvroSchema } from '../../families/avroSchema';

/**
 * The text of a schema as `Schema.toString(false)` of Avro prints it, which is what Flink stores (`AvroSerializerSnapshot`): no
 * blanks, the fields of each object in a fixed order, further properties behind them in their own, a named type once and its
 * name from then on. Source: org.apache.avro.Schema 1.11. `CORRUPT` for a text that is no schema.
 */
export function normalSchemaText(text: string): string {
  parseAvroSchema(text);
  return new SchemaPrinter().schema(parseJson(text), null);
}

const PRIMITIVES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);
/** Fields of a schema that mean something to Avro; any other is a property. */
const RESERVED = ['doc', 'fields', 'items', 'name', 'namespace', 'size', 'symbols', 'values', 'type', 'aliases'];
const RESERVED_OF_FIELD = ['default', 'doc', 'name', 'order', 'type', 'aliases'];

/** A name and the namespace that it is in; null is none. */
interface FullName {
  readonly name: string;
  readonly space: string | null;
}

type Entry = readonly [name: string, text: string];

class SchemaPrinter {
  /** Full names of the types that were met. */
  private readonly defined = new Set<string>();

  /** `space` is the namespace around, in which names need not say theirs. */
  schema(json: Json, space: string | null): string {
    if (typeof json === 'string') return this.reference(json, space);
    if (Array.isArray(json)) return `[${json.map((branch) => this.schema(branch, space)).join()}]`;
    if (!(json instanceof Map)) return printJson(json);
    const type = json.get('type') ?? null;
    switch (type) {
      case 'record':
      case 'error':
        return this.record(json, type, space);
      case 'enum':
        return this.named(json, 'enum', space, ['symbols', 'default'], [...RESERVED, 'default']);
      case 'fixed':
        return this.named(json, 'fixed', space, ['size'], RESERVED);
      case 'array':
        return this.collection(json, 'array', 'items', space);
      case 'map':
        return this.collection(json, 'map', 'values', space);
    }
    const properties = propertiesOf(json, RESERVED);
    if (typeof type !== 'string' || properties.length === 0 || !PRIMITIVES.has(type)) return this.schema(type, space);
    return object([['type', printJson(type)], ...properties]);
  }

  /** A name as it stands in another type: that of a type in the same namespace is short. */
  private reference(name: string, space: string | null): string {
    if (PRIMITIVES.has(name)) return printJson(name);
    const full = fullName(name, undefined, space);
    // A name that the namespace around does not have is one of no namespace.
    return printJson(this.defined.has(qualified(full, null)) ? qualified(full, space) : name);
  }

  private define(json: Map<string, Json>, around: string | null): FullName {
    const name = nameOf(json, around);
    this.defined.add(qualified(name, null));
    return name;
  }

  private record(json: Map<string, Json>, type: string, around: string | null): string {
    const name = this.define(json, around);
    const fields = (json.get('fields') as Json[]).map((field) => this.field(field as Map<string, Json>, name.space));
    return object([
      ['type', printJson(type)],
      ...nameEntries(name, around),
      ...entry(json, 'doc'),
      ['fields', `[${fields.join()}]`],
      ...propertiesOf(json, RESERVED),
      ...aliases(json, name.space),
    ]);
  }

  private field(field: Map<string, Json>, space: string | null): string {
    const order = field.get('order');
    return object([
      ['name', printJson(field.get('name') ?? null)],
      ['type', this.schema(field.get('type') ?? null, space)],
      ...entry(field, 'doc'),
      ...entry(field, 'default'),
      ...(order === undefined || order === 'ascending' ? [] : entry(field, 'order')),
      ...entry(field, 'aliases'),
      ...propertiesOf(field, RESERVED_OF_FIELD),
    ]);
  }

  private named(
    json: Map<string, Json>,
    type: string,
    around: string | null,
    parts: readonly string[],
    reserved: readonly string[],
  ): string {
    const name = this.define(json, around);
    return object([
      ['type', printJson(type)],
      ...nameEntries(name, around),
      ...entry(json, 'doc'),
      ...parts.flatMap((part) => entry(json, part)),
      ...propertiesOf(json, reserved),
      ...aliases(json, name.space),
    ]);
  }

  private collection(json: Map<string, Json>, type: string, part: string, space: string | null): string {
    return object([
      ['type', printJson(type)],
      [part, this.schema(json.get(part) ?? null, space)],
      ...propertiesOf(json, RESERVED),
    ]);
  }
}

function object(entries: readonly Entry[]): string {
  return `{${entries.map(([name, text]) => `${printJson(name)}:${text}`).join()}}`;
}

function entry(json: Map<string, Json>, name: string): Entry[] {
  const value = json.get(name);
  return value === undefined ? [] : [[name, printJson(value)]];
}

function propertiesOf(json: Map<string, Json>, reserved: readonly string[]): Entry[] {
  return [...json].filter(([name]) => !reserved.includes(name)).map(([name, value]) => [name, printJson(value)]);
}

function nameOf(json: Map<string, Json>, around: string | null): FullName {
  return fullName(String(json.get('name')), json.get('namespace'), around);
}

/** A name with dots is complete; any other is in the namespace given beside it, or in that around it. */
function fullName(name: string, given: Json | undefined, around: string | null): FullName {
  const dot = name.lastIndexOf('.');
  if (dot >= 0) return { name: name.slice(dot + 1), space: name.slice(0, dot) || null };
  return { name, space: typeof given === 'string' ? given || null : around };
}

/** `Name.getQualified`: without the namespace where that is the one around. */
function qualified({ name, space }: FullName, around: string | null): string {
  return space === null || space === around ? name : `${space}.${name}`;
}

/** `Name.writeName`: the namespace only where it is not the one around. */
function nameEntries({ name, space }: FullName, around: string | null): Entry[] {
  if (space === around) return [['name', printJson(name)]];
  return [
    ['name', printJson(name)],
    ['namespace', printJson(space ?? '')],
  ];
}

function aliases(json: Map<string, Json>, space: string | null): Entry[] {
  const given = json.get('aliases');
  if (!Array.isArray(given) || given.length === 0) return [];
  const names = given.map((alias) => printJson(qualified(fullName(String(alias), undefined, space), space)));
  return [['aliases', `[${names.join()}]`]];
}
