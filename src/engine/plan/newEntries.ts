import type { PartState } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { Sink } from '../bytes/sink';
import { isVoid } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import type { Codec } from '../types/codec';
import { pairsFrom } from '../types/families/collections';
import { arrayFrom, inside } from '../types/jsonInput';
import { CanonicalForm, joinElements, type KeyParts } from '../write/canonicalEntry';

export type PartCodecs = Pick<PartState, 'key' | 'namespace' | 'userKey'>;

/** An entry that a plan puts. */
export interface NewEntry {
  /** Equal for equal keys. */
  id: string;
  parts: KeyParts;
  keyValue: unknown;
  /** In the canonical layout. */
  value: Uint8Array;
}

export interface Put {
  key: Json;
  namespace?: Json;
  mapKey?: Json;
  value: Json;
}

/**
 * The entries that a put makes, all of whose parts fit their types (`BAD_VALUE` else): one, or for a whole map one for each of
 * its keys. `replaced`: under this key and namespace every other entry goes.
 */
export function newEntries(state: PartState, put: Put): { entries: NewEntry[]; replaced: KeyParts | null } {
  const { bytes: key, value: keyValue } = partBytes(state.key, put.key, 'key');
  const parts: KeyParts = { key, namespace: namespaceBytes(state, put.namespace), userKey: null };
  const entry = (userKey: Uint8Array | null, value: Uint8Array): NewEntry => {
    const full = { ...parts, userKey };
    return { id: bytesToHex(new CanonicalForm().keyOf(full, state)), parts: full, keyValue, value };
  };
  if (state.kind === 'map') {
    const mapEntry = (userKey: Json, value: Json, where: string) =>
      inside(where, () => entry(partBytes(state.userKey, userKey, 'mapKey').bytes, userValue(state.value, value)));
    if (put.mapKey !== undefined) return { entries: [mapEntry(put.mapKey, put.value, 'value')], replaced: null };
    const entries = inside('value', () => pairsFrom(put.value).map(([k, v], i) => mapEntry(k, v, `entry ${i}`)));
    return { entries, replaced: parts };
  }
  if (put.mapKey !== undefined) {
    throw new EngineError('BAD_ARGUMENT', `${state.name} is no map, so that its entries have no mapKey.`);
  }
  const value = valueBytes(state, put.value);
  return value === null ? { entries: [], replaced: parts } : { entries: [entry(null, value)], replaced: null };
}

/** The value of one entry in the canonical layout; null for an empty list, which is one that is not there. */
export function valueBytes(state: PartState, json: Json): Uint8Array | null {
  if (state.kind === 'map') return userValue(state.value, json);
  if (state.kind !== 'list') return partBytes(state.value, json, 'value').bytes;
  const elements = inside('value', () =>
    arrayFrom(json).map((item, i) => inside(`[${i}]`, () => partBytes(state.value, item, 'element').bytes)),
  );
  return elements.length === 0 ? null : joinElements(elements);
}

/** A part of an entry as its serializer writes it, read back to be sure. */
export function partBytes(codec: Codec | null, json: Json, what: string): { bytes: Uint8Array; value: unknown } {
  if (codec === null) {
    throw new EngineError(
      'BAD_ARGUMENT',
      `The state has no ${what}, or the snapshot does not say how it is serialized.`,
    );
  }
  return inside(what, () => {
    const value = codec.fromJson(json);
    const sink = new Sink();
    codec.write(sink, value);
    const bytes = sink.toBytes();
    const cursor = new Cursor(bytes);
    codec.skip(cursor);
    cursor.expectEnd(`the ${what}`);
    return { bytes, value };
  });
}

function namespaceBytes({ name, namespace }: PartState, json: Json | undefined): Uint8Array {
  if (isVoid(namespace)) return partBytes(namespace, null, 'namespace').bytes;
  if (json === undefined) {
    throw new EngineError('BAD_ARGUMENT', `The entries of ${name} have a namespace, which must be given.`, {
      hint: `Its type is ${namespace?.type.name ?? 'unknown'}.`,
    });
  }
  return partBytes(namespace, json, 'namespace').bytes;
}

/** The value under one key of a map: `boolean isNull`, then the value unless it is null. */
function userValue(codec: Codec | null, json: Json): Uint8Array {
  if (json === null) return Uint8Array.of(1);
  const { bytes } = partBytes(codec, json, 'value');
  const value = new Uint8Array(bytes.length + 1);
  value.set(bytes, 1);
  return value;
}
