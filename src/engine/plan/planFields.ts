import { hexToBytes } from '../bytes/hex';
import { decodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import { parseInstant } from '../json/temporalText';
import { MAX_MAX_PARALLELISM } from '../keyGroups';
import { isOperatorId } from '../metadata/operatorId';
import type { OperatorName } from './plan';
import type { PlanValue } from './planText';

const MIN_LONG = -(1n << 63n);
const MAX_LONG = (1n << 63n) - 1n;
const MAX_INT = (1n << 31n) - 1n;

/** The fields of one object of a plan, each asked for by its name. */
export class PlanFields {
  private readonly fields: ReadonlyMap<string, PlanValue>;

  constructor(
    readonly value: PlanValue,
    allowed: readonly string[],
  ) {
    this.fields = value.object(allowed);
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  field(name: string): PlanValue | undefined {
    return this.fields.get(name);
  }

  need(name: string): PlanValue {
    const found = this.fields.get(name);
    if (found === undefined) throw this.value.error(`"${name}" is missing.`);
    return found;
  }

  /** Names of the given fields that are there, with what `read` makes of them. */
  some<N extends string, T>(names: readonly N[], read: (value: PlanValue) => T): { [name in N]?: T } {
    const found: { [name in N]?: T } = {};
    for (const name of names) {
      const value = this.field(name);
      if (value !== undefined) found[name] = read(value);
    }
    return found;
  }
}

export const jsonOf = (value: PlanValue): Json => value.json;

/** A number of subtasks or key groups. */
export const parallelismOf = (value: PlanValue): number => Number(value.integer(1n, BigInt(MAX_MAX_PARALLELISM)));

/** Number of a subtask or an element. */
export const positionOf = (value: PlanValue): number => Number(value.integer(0n, MAX_INT));

/** Milliseconds since 1970, or the instant as text: `"2026-01-31T12:00:00Z"`. */
export function timeOf(value: PlanValue): bigint {
  if (!value.isString) return value.integer(MIN_LONG, MAX_LONG);
  try {
    const { seconds, nanos } = parseInstant(value.string());
    if (nanos % 1_000_000 === 0) return seconds * 1000n + BigInt(nanos / 1_000_000);
  } catch {
    // Said below, with the place.
  }
  throw value.error('Expected milliseconds since 1970, or an instant like "2026-01-31T12:00:00.000Z".');
}

/** Bytes as `hex` or as `base64`, of which one must be there. */
export function bytesOf(fields: PlanFields): Uint8Array {
  const [hex, base64] = [fields.field('hex'), fields.field('base64')];
  if ((hex === undefined) === (base64 === undefined)) throw fields.value.error('Either "hex" or "base64" is needed.');
  const given = hex ?? base64;
  const text = given?.json;
  if (given === undefined || typeof text !== 'string') throw (given ?? fields.value).error('Expected a string.');
  try {
    if (hex === undefined) return decodeBase64(text);
    const digits = text.replace(/\s+/g, '');
    if (digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits)) return hexToBytes(digits.toLowerCase());
  } catch (e) {
    throw given.error(e instanceof Error ? e.message : String(e));
  }
  throw given.error('Expected an even number of hex digits.');
}

/** One name, or a list of at least one. */
export function namesOf(value: PlanValue): string[] {
  if (value.isString) return [value.string()];
  const names = value.array().map((item) => item.string());
  if (names.length === 0) throw value.error('Expected at least one name.');
  return names;
}

export function operatorName(fields: PlanFields): OperatorName | null {
  const [uid, id] = [fields.field('uid'), fields.field('id')];
  if (uid !== undefined && id !== undefined)
    throw fields.value.error('"uid" and "id" are both given; the id follows from the uid.');
  if (uid !== undefined) return { uid: uid.string() };
  if (id === undefined) return null;
  const text = id.string();
  if (!isOperatorId(text)) throw id.error('An operator id is 32 hex digits in lower case.');
  return { id: text };
}
