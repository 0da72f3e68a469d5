import type { PartState, RawEntry } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import type { DecodedEntry } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import { parseJson } from '../json/parseJson';
import { writeJson } from '../json/writeJson';
import { type EntryExpression, entryExpression } from '../query/filter';
import { inside } from '../types/jsonInput';
import { OpaqueValue } from '../types/values';
import { valueBytes } from './newEntries';
import type { NewValue } from './plan';

/**
 * A new value computed from the old one: as a whole, or some of its fields. It goes through the JSON form of the value, and
 * only where that form is proved to be exact for the value at hand.
 */
export class ValueUpdate {
  private readonly whole: EntryExpression | null;
  private readonly fields: { path: string[]; json: Json | EntryExpression }[];

  /** Fails with `BAD_ARGUMENT` where an expression is not CEL. */
  constructor(set: NewValue) {
    this.whole = set.kind === 'whole' ? entryExpression(set.expression) : null;
    this.fields =
      set.kind === 'whole'
        ? []
        : set.expressions.map(([path, json]) => ({
            path: path.split('.'),
            json: typeof json === 'string' ? entryExpression(json) : json,
          }));
  }

  /** The new value in the canonical layout; `REFUSED` with the key where it cannot be made. Null for an empty list. */
  apply(state: PartState, entry: RawEntry, decoded: DecodedEntry): Uint8Array | null {
    try {
      return this.compute(state, entry, decoded);
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      throw e.at({ where: `${state.name} / key ${writeJson(decoded.key)}` });
    }
  }

  private compute(state: PartState, entry: RawEntry, decoded: DecodedEntry): Uint8Array | null {
    const { value } = decoded;
    if (value instanceof OpaqueValue) throw refused(`The value cannot be read: ${value.why}`);
    if (this.whole !== null) return valueBytes(state, evaluate(this.whole, entry, decoded));
    if (state.value?.jsonLoss !== undefined)
      throw refused(`The value's JSON form is not all of it: ${state.value.jsonLoss}`);
    const json = parseJson(writeJson(value));
    const again = valueBytes(state, json);
    if (again === null || entry.value === null || !isSame(again, entry.value)) {
      throw refused('The value is not the same when it is written again, so that its other fields would change too.');
    }
    const isTimed = state.value?.type.name === 'ttl';
    for (const { path, json: wanted } of this.fields) {
      const next = typeof wanted === 'function' ? evaluate(wanted, entry, decoded) : wanted;
      setField(json, isTimed && path[0] !== '$ttl' ? ['value', ...path] : path, next);
    }
    return valueBytes(state, json);
  }
}

function evaluate(expression: EntryExpression, entry: RawEntry, decoded: DecodedEntry): Json {
  let result: unknown;
  try {
    result = expression(entry, decoded);
  } catch (e) {
    throw refused(`The expression has no value for this entry: ${e instanceof Error ? e.message : String(e)}`);
  }
  return jsonOf(result);
}

function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [String(k), jsonOf(v)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return new Map(Object.entries(value).map(([k, v]) => [k, jsonOf(v)]));
  }
  throw refused('The result of the expression is no number, text, truth value, list or map.');
}

function setField(json: Json, path: readonly string[], value: Json): void {
  const [name, ...rest] = path;
  if (!(json instanceof Map) || !json.has(name)) throw refused(`The value has no field ${name}.`);
  if (rest.length === 0) json.set(name, value);
  else inside(name, () => setField(json.get(name) ?? null, rest, value));
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const refused = (message: string): EngineError => new EngineError('REFUSED', message);
