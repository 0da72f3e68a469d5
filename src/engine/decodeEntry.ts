import { LIST_DELIMITER } from './backends/canonicalMarks';
import type { PartState, RawEntry, ValueLayout } from './backends/part';
import { ABSENT, SlicedEntry } from './backends/slicedEntry';
import { serializerOf, VALUE_SERIALIZER } from './backends/stateMeta';
import { Cursor } from './bytes/cursor';
import { EngineError } from './bytes/engineError';
import { misfitOf } from './types/chosenDecoder';
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

const NOTHING = new Uint8Array(0);

/** Told of each part of an entry that cannot be decoded. */
export type DecodeFailure = (what: keyof DecodedEntry, error: EngineError) => void;

export function decodeEntry(entry: RawEntry, failed?: DecodeFailure): DecodedEntry {
  return new EntryDecoder(failed).decode(entry);
}

/**
 * Decodes entry after entry. What it gives belongs to the receiver, but values that are byte strings are views of the entry's
 * window, as its parts are.
 */
export class EntryDecoder {
  private readonly cursor = new Cursor(NOTHING);
  /** The last entry under a key of many entries, and that key. */
  private mapEntry: SlicedEntry | null = null;
  private mapKey: unknown;

  constructor(private readonly failed?: DecodeFailure) {}

  decode(entry: RawEntry): DecodedEntry {
    const sliced = SlicedEntry.of(entry);
    return {
      key: this.key(sliced),
      namespace: this.namespace(sliced),
      userKey: this.userKey(sliced),
      value: this.value(sliced),
    };
  }

  private key(entry: SlicedEntry): unknown {
    const { bytes, keyFrom, keyTo, state } = entry;
    if (keyFrom === ABSENT) return undefined;
    if (entry.fault !== null) return new OpaqueValue(bytes.slice(keyFrom, keyTo), entry.fault);
    if (entry.userKeyFrom === ABSENT) return this.read(state.key, bytes, keyFrom, keyTo, 'key');
    const last = this.mapEntry;
    this.mapEntry = entry;
    if (last === null || last.state !== state || !entry.hasKeyOf(last)) {
      this.mapKey = this.read(state.key, bytes, keyFrom, keyTo, 'key');
    }
    return this.mapKey;
  }

  private namespace({ state, namespaceBytes, namespaceFrom, namespaceTo }: SlicedEntry): unknown {
    if (namespaceFrom === ABSENT || isVoid(state.namespace)) return undefined;
    return this.read(state.namespace, namespaceBytes, namespaceFrom, namespaceTo, 'namespace');
  }

  private userKey({ state, bytes, userKeyFrom, userKeyTo }: SlicedEntry): unknown {
    return userKeyFrom === ABSENT ? undefined : this.read(state.userKey, bytes, userKeyFrom, userKeyTo, 'userKey');
  }

  private value(entry: SlicedEntry): unknown {
    const { state, bytes, valueFrom, valueTo } = entry;
    if (valueFrom === ABSENT) return undefined;
    // A map of a heap backend that could not be split into its entries is there as a whole.
    const isWholeMap = state.layout === 'nullable' && entry.userKeyFrom === ABSENT && entry.fault === null;
    const layout = isWholeMap ? 'whole' : state.layout;
    return this.read(isWholeMap ? wholeCodec(state) : state.value, bytes, valueFrom, valueTo, 'value', layout);
  }

  /** What the codec reads if it takes all of `[from, to)`; else the bytes, and why not. */
  private read(
    codec: Codec | null,
    bytes: Uint8Array,
    from: number,
    to: number,
    what: keyof DecodedEntry,
    layout: ValueLayout = 'whole',
  ): unknown {
    const { cursor } = this;
    cursor.turnTo(bytes, from, to);
    try {
      const value = readLayout(cursor, codec, layout);
      if (cursor.position !== to) cursor.expectEnd(`the ${what}`);
      return value;
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      this.failed?.(what, e);
      // What other codecs cannot read says nothing of what was chosen.
      const isMisfit = codec !== null && e.code !== 'UNREADABLE';
      return new OpaqueValue(bytes.slice(from, to), isMisfit ? misfitOf([codec.type], e.message) : e.message);
    }
  }
}

export function isVoid(namespace: Codec | null): boolean {
  return namespace?.type.name === 'void-namespace';
}

function readLayout(cursor: Cursor, codec: Codec | null, layout: ValueLayout): unknown {
  if (layout === 'nullable' && cursor.bool('null flag')) {
    cursor.skip(cursor.remaining);
    return null;
  }
  if (codec === null) throw cursor.error('UNREADABLE', 'The snapshot does not say how this is serialized.');
  return layout === 'delimited' ? readDelimited(cursor, codec) : codec.read(cursor);
}

/** Elements with one byte between them: `ListDelimitedSerializer`. */
function readDelimited(cursor: Cursor, element: Codec): unknown[] {
  const elements: unknown[] = [];
  while (!cursor.atEnd) {
    elements.push(element.read(cursor));
    if (cursor.atEnd) break;
    const at = cursor.offset;
    const delimiter = cursor.u8();
    if (delimiter !== LIST_DELIMITER)
      throw cursor.corrupt(`Elements have ',' between them, found byte ${delimiter}.`, at);
  }
  return elements;
}

function wholeCodec(state: PartState): Codec | null {
  return state.meta === null ? null : (serializerOf(state.meta, VALUE_SERIALIZER) ?? null);
}
