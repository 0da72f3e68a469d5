import type { PartState } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { decodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import type { Codec } from '../types/codec';
import { arrayFrom, inside } from '../types/jsonInput';
import { spellType } from '../types/typeInfo';
import { joinElements } from '../write/canonicalEntry';

/** Bytes of a part of an entry, and the value that they mean; undefined where only bytes were given. */
export interface PartBytes {
  bytes: Uint8Array;
  value: unknown;
}

/** The value of one entry in the canonical layout; null for an empty list, which is one that is not there. */
export function valueBytes({ kind, value }: PartState, json: Json): Uint8Array | null {
  return inside('value', () => {
    if (kind === 'map') return userValue(value, json);
    if (kind !== 'list') return codecBytes(value, json, 'value').bytes;
    // A list with an element that cannot be decoded is shown as bytes as a whole.
    const given = bytesFrom(json);
    if (given !== undefined) return given.length === 0 ? null : given;
    const elements = arrayFrom(json).map((item, i) => inside(`[${i}]`, () => codecBytes(value, item, 'value').bytes));
    return elements.length === 0 ? null : joinElements(elements);
  });
}

/** The value under one key of a map: `boolean isNull`, then the value unless it is null. */
export function userValue(codec: Codec | null, json: Json): Uint8Array {
  if (json === null) return Uint8Array.of(1);
  const { bytes, value } = codecBytes(codec, json, 'value');
  // The dump shows the flag with the value where that cannot be decoded.
  if (value === undefined) return bytes;
  const flagged = new Uint8Array(bytes.length + 1);
  flagged.set(bytes, 1);
  return flagged;
}

/** A part of an entry as its serializer writes it; an error names the part. */
export function partBytes(codec: Codec | null, json: Json, what: string): PartBytes {
  return inside(what, () => codecBytes(codec, json, what));
}

/** The same, where the error is told of a part of the part. */
export function codecBytes(codec: Codec | null, json: Json, what: string): PartBytes {
  if (codec === null) {
    throw new EngineError(
      'BAD_ARGUMENT',
      `The state has no ${what}, or the snapshot does not say how it is serialized.`,
    );
  }
  const given = bytesFrom(json);
  let value: unknown;
  try {
    value = codec.fromJson(json);
  } catch (e) {
    if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
    if (given !== undefined) return { bytes: given, value: undefined };
    throw e.at({ hint: `The type is ${spellType(codec.type)}.` });
  }
  const sink = new Sink();
  codec.write(sink, value);
  const bytes = sink.toBytes();
  // Read back to be sure.
  const cursor = new Cursor(bytes);
  codec.skip(cursor);
  cursor.expectEnd(`the ${what}`);
  return { bytes, value };
}

/** Values of Kryo and of Java's own serialization: one may be written in several ways, which the value does not say. */
export const isShownOnly = (codec: Codec | null): boolean => codec?.type.name === 'kryo' || codec?.type.name === 'java';

/** The dump's form of what cannot be decoded: `{"$bytes": base64, "$why": …}`. */
function bytesFrom(json: Json): Uint8Array | undefined {
  if (!(json instanceof Map)) return undefined;
  const bytes = json.get('$bytes');
  const isForm = [...json.keys()].every((name) => name === '$bytes' || name === '$why');
  return typeof bytes === 'string' && isForm ? decodeBase64(bytes) : undefined;
}
