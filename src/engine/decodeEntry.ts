import type { PartState, RawEntry } from './backends/part';
import { serializerOf, VALUE_SERIALIZER } from './backends/stateMeta';
import { Cursor } from './bytes/cursor';
import { EngineError } from './bytes/engineError';
import type { Codec } from './types/codec';
import { OpaqueValue } from './types/values';

/** What an entry says. A part that it does not have is undefined; one that cannot be decoded is an `OpaqueValue`. */
export interface DecodedEntry {
  key: unknown;
  /** Undefined for `VoidNamespace` too. */
  namespace: unknown;
  userKey: unknown;
  value: unknown;
}

const DELIMITER = 0x2c;

/** Told of each part of an entry that cannot be decoded. */
export type DecodeFailure = (what: keyof DecodedEntry, error: EngineError) => void;

export function decodeEntry(entry: RawEntry, failed?: DecodeFailure): DecodedEntry {
  const { state, key, namespace, userKey, value, fault } = entry;
  return {
    key:
      key === null
        ? undefined
        : fault !== null
          ? new OpaqueValue(key.slice(), fault)
          : decodeWith(state.key, key, 'key', failed),
    namespace:
      namespace === null || isVoid(state.namespace)
        ? undefined
        : decodeWith(state.namespace, namespace, 'namespace', failed),
    userKey: userKey === null ? undefined : decodeWith(state.userKey, userKey, 'userKey', failed),
    value: value === null ? undefined : decodeValue(entry, value, failed),
  };
}

export function isVoid(namespace: Codec | null): boolean {
  return namespace?.type.name === 'void-namespace';
}

function decodeValue(entry: RawEntry, bytes: Uint8Array, failed: DecodeFailure | undefined): unknown {
  const { state } = entry;
  switch (state.layout) {
    case 'delimited':
      return guarded(bytes, (cursor) => readDelimited(cursor, state), 'value', failed);
    case 'nullable': {
      // A map of a heap backend that could not be split into its entries is there as a whole.
      if (entry.userKey === null && entry.fault === null) return decodeWith(wholeCodec(state), bytes, 'value', failed);
      const read = (cursor: Cursor) => (cursor.bool('null flag') ? null : codecOf(cursor, state.value).read(cursor));
      return guarded(bytes, read, 'value', failed);
    }
    default:
      return decodeWith(state.value, bytes, 'value', failed);
  }
}

/** Elements with one byte between them: `ListDelimitedSerializer`. */
function readDelimited(cursor: Cursor, state: PartState): unknown[] {
  const element = codecOf(cursor, state.value);
  const elements: unknown[] = [];
  while (!cursor.atEnd) {
    elements.push(element.read(cursor));
    if (cursor.atEnd) break;
    const at = cursor.offset;
    const delimiter = cursor.u8();
    if (delimiter !== DELIMITER) throw cursor.corrupt(`Elements have ',' between them, found byte ${delimiter}.`, at);
  }
  return elements;
}

function decodeWith(
  codec: Codec | null,
  bytes: Uint8Array,
  what: keyof DecodedEntry,
  failed: DecodeFailure | undefined,
): unknown {
  return guarded(bytes, (cursor) => codecOf(cursor, codec).read(cursor), what, failed);
}

/** What `read` gives if it takes all the bytes; else the bytes, and why not. */
function guarded(
  bytes: Uint8Array,
  read: (cursor: Cursor) => unknown,
  what: keyof DecodedEntry,
  failed: DecodeFailure | undefined,
): unknown {
  const cursor = new Cursor(bytes);
  try {
    const value = read(cursor);
    cursor.expectEnd(`the ${what}`);
    return value;
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    failed?.(what, e);
    return new OpaqueValue(bytes.slice(), e.message);
  }
}

function wholeCodec(state: PartState): Codec | null {
  return state.meta === null ? null : (serializerOf(state.meta, VALUE_SERIALIZER) ?? null);
}

function codecOf(cursor: Cursor, codec: Codec | null): Codec {
  if (codec === null) throw cursor.error('UNREADABLE', 'The snapshot does not say how this is serialized.');
  return codec;
}
