import type { PartState } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { Sink } from '../bytes/sink';
import { isVoid } from '../decodeEntry';
import { decodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import type { Codec } from '../types/codec';
import { pairsFrom } from '../types/families/collections';
import { arrayFrom, inside } from '../types/jsonInput';
import { spellType, whyUnreadable } from '../types/typeInfo';
import { CanonicalForm, joinElements, type KeyParts } from '../write/canonicalEntry';
import type { EntrySelection, NewEntryText } from './plan';
import { isTimed, stamped } from './timeToLive';
import type { ValueForm } from './valueForm';

/** An entry that a plan puts. */
export interface NewEntry {
  /** Equal for equal keys. */
  id: string;
  parts: KeyParts;
  keyValue: unknown;
  /** In the canonical layout. */
  value: Uint8Array;
}

/**
 * The entries that a put makes, all of whose parts fit their types (`BAD_VALUE` else): one, or for a whole map one for each of
 * its keys. `replaced`: under this key and namespace every other entry goes.
 */
export function newEntries(
  form: ValueForm,
  put: NewEntryText,
  now: bigint,
): { entries: NewEntry[]; replaced: KeyParts | null } {
  const { state } = form;
  expectAbsent(put, ['timestamp', 'subtask', 'index'], state);
  const { bytes: key, value: keyValue } = partBytes(state.key, needed(put, 'key', state), 'key');
  const parts: KeyParts = { key, namespace: namespaceBytes(state, put.namespace), userKey: null };
  const entry = (userKey: Uint8Array | null, value: Uint8Array): NewEntry => {
    const full = { ...parts, userKey };
    return { id: bytesToHex(new CanonicalForm().keyOf(full, state)), parts: full, keyValue, value };
  };
  const json = needed(put, 'value', state);
  const stamp = stampOf(put, state, now);
  if (state.kind === 'map') {
    const mapEntry = (userKey: Json, value: Json, where: string) =>
      inside(where, () =>
        entry(partBytes(state.userKey, userKey, 'mapKey').bytes, userValue(state.value, stamped(state, value, stamp))),
      );
    if (put.mapKey !== undefined) return { entries: [mapEntry(put.mapKey, json, 'value')], replaced: null };
    const entries = inside('value', () => pairsFrom(json).map(([k, v], i) => mapEntry(k, v, `entry ${i}`)));
    return { entries, replaced: parts };
  }
  if (put.mapKey !== undefined) {
    throw new EngineError('BAD_ARGUMENT', `${state.name} is no map, so that its entries have no mapKey.`, {
      where: 'mapKey',
    });
  }
  const value = form.bytes(stamped(state, json, stamp));
  return value === null ? { entries: [], replaced: parts } : { entries: [entry(null, value)], replaced: null };
}

/** A timer that a put makes. */
export function newTimer(
  state: PartState,
  put: NewEntryText,
): { parts: KeyParts; keyValue: unknown; timestamp: bigint } {
  expectAbsent(put, ['mapKey', 'subtask', 'index', 'value', 'ttl'], state);
  const { bytes: key, value: keyValue } = partBytes(state.key, needed(put, 'key', state), 'key');
  const namespace = namespaceBytes(state, put.namespace);
  return { parts: { key, namespace, userKey: null }, keyValue, timestamp: needed(put, 'timestamp', state) };
}

/** A part of a put without which it means nothing. */
export function needed<N extends 'key' | 'mapKey' | 'value' | 'timestamp'>(
  put: NewEntryText,
  name: N,
  { name: state, kind }: PartState,
): NonNullable<NewEntryText[N]> | (N extends 'timestamp' ? never : null) {
  const given = put[name];
  if (given !== undefined) return given as NonNullable<NewEntryText[N]>;
  throw new EngineError('BAD_ARGUMENT', `"${name}" is missing: ${state} has state of kind ${kind}.`);
}

/** What a state of this kind does not have must not be given. */
export function expectAbsent(
  given: Readonly<Record<string, unknown>> | NewEntryText | EntrySelection,
  names: readonly (keyof NewEntryText)[],
  { name: state, kind }: PartState,
): void {
  for (const name of names) {
    if ((given as Readonly<Record<string, unknown>>)[name] === undefined) continue;
    throw new EngineError('BAD_ARGUMENT', `Entries of ${state}, a state of kind ${kind}, have no ${name}.`, {
      where: name,
    });
  }
}

/** The stamp for values of a state with a time-to-live. */
export function stampOf({ ttl }: NewEntryText, state: PartState, now: bigint): bigint {
  if (ttl !== undefined && !isTimed(state)) {
    throw new EngineError('BAD_ARGUMENT', `The values of ${state.name} have no time-to-live.`, { where: 'ttl' });
  }
  return ttl ?? now;
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
      { where: what },
    );
  }
  return inside(what, () => {
    const given = whyUnreadable(codec.type) === null ? undefined : bytesFrom(json);
    if (given !== undefined) return { bytes: given, value: undefined };
    const value = named(codec, () => codec.fromJson(json));
    const sink = new Sink();
    codec.write(sink, value);
    const bytes = sink.toBytes();
    const cursor = new Cursor(bytes);
    codec.skip(cursor);
    cursor.expectEnd(`the ${what}`);
    return { bytes, value };
  });
}

/** The dump's form of what cannot be decoded: `{"$bytes": base64, "$why": …}`. */
function bytesFrom(json: Json): Uint8Array | undefined {
  if (!(json instanceof Map)) return undefined;
  const bytes = json.get('$bytes');
  const isForm = [...json.keys()].every((name) => name === '$bytes' || name === '$why');
  return typeof bytes === 'string' && isForm ? decodeBase64(bytes) : undefined;
}

/** An error of a value says what it was for. */
function named<T>({ type }: Codec, read: () => T): T {
  try {
    return read();
  } catch (e) {
    if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
    throw e.at({ hint: `The type is ${spellType(type)}.` });
  }
}

export function namespaceBytes({ name, namespace }: PartState, json: Json | undefined): Uint8Array {
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
