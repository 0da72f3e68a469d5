import type { Json } from './jsonValue';

/** JSON text on one line, without spaces: integers with all their digits, other numbers so that they read back the same. */
export function printJson(json: Json): string {
  if (json === null || typeof json === 'boolean' || typeof json === 'bigint') return String(json);
  if (typeof json === 'number') return numberText(json);
  if (typeof json === 'string') return JSON.stringify(json);
  if (Array.isArray(json)) return `[${json.map(printJson).join()}]`;
  return `{${[...json].map(([name, value]) => `${JSON.stringify(name)}:${printJson(value)}`).join()}}`;
}

/**
 * A double: the shortest number that any parser reads back to it, always with a fraction or an exponent, so that it is not
 * taken for an integer; `"NaN"`, `"Infinity"` and `"-Infinity"` as strings, because JSON has no such numbers.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}
