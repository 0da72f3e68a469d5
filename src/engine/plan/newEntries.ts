import type { PartState } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { isVoid } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import { pairsFrom } from '../types/families/collections';
import { inside } from '../types/jsonInput';
import { CanonicalForm, type KeyParts } from '../write/canonicalEntry';
import { codecBytes, isShownOnly, type PartBytes, partBytes, userValue } from './partBytes';
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
  const { bytes: key, value: keyValue } = keyBytes(state, put);
  const parts: KeyParts = { key, namespace: namespaceBytes(state, put.namespace), userKey: null };
  const entry = (userKey: Uint8Array | null, value: Uint8Array): NewEntry => {
    const full = { ...parts, userKey };
    return { id: bytesToHex(new CanonicalForm().keyOf(full, state)), parts: full, keyValue, value };
  };
  const json = needed(put, 'value', state);
  const stamp = stampOf(put, state, now);
  if (state.kind === 'map') {
    const mapEntry = (userKey: Uint8Array, value: Json) =>
      entry(userKey, userValue(state.value, stamped(state, value, stamp)));
    if (put.mapKey !== undefined) {
      const { bytes } = partBytes(state.userKey, put.mapKey, 'mapKey');
      return { entries: [inside('value', () => mapEntry(bytes, json))], replaced: null };
    }
    const entries = inside('value', () =>
      pairsFrom(json, state.userKey?.type).map(([k, v], i) =>
        inside(typeof k === 'string' ? k : `$map / [${i}]`, () =>
          mapEntry(codecBytes(state.userKey, k, 'mapKey').bytes, v),
        ),
      ),
    );
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
  const { bytes: key, value: keyValue } = keyBytes(state, put);
  const namespace = namespaceBytes(state, put.namespace);
  return { parts: { key, namespace, userKey: null }, keyValue, timestamp: needed(put, 'timestamp', state) };
}

/** Flink refuses keys that are null, whatever their serializer takes: `KeyGroupRangeAssignment.assignToKeyGroup`. */
function keyBytes(state: PartState, put: NewEntryText): PartBytes {
  const key = needed(put, 'key', state);
  if (key === null)
    throw new EngineError('BAD_VALUE', 'The key is null, which Flink takes for no key.', { where: 'key' });
  try {
    return partBytes(state.key, key, 'key');
  } catch (e) {
    if (!(e instanceof EngineError) || !isShownOnly(state.key)) throw e;
    const hint = 'Entries that are there get other values by "update", which finds them by their key.';
    throw new EngineError(e.code, e.message, { where: e.where, hint });
  }
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

export function namespaceBytes({ name, namespace }: PartState, json: Json | undefined): Uint8Array {
  if (isVoid(namespace)) return partBytes(namespace, json ?? null, 'namespace').bytes;
  if (json === undefined) {
    throw new EngineError('BAD_ARGUMENT', `The entries of ${name} have a namespace, which must be given.`, {
      hint: `Its type is ${namespace?.type.name ?? 'unknown'}.`,
    });
  }
  return partBytes(namespace, json, 'namespace').bytes;
}
