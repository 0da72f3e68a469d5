import type { RawEntry } from '../backends/part';
import { ABSENT, SlicedEntry } from '../backends/slicedEntry';
import { mixed } from '../bytes/byteHash';
import { EntryText } from './entryText';
import type { StatePair } from './statePair';

const NOTHING = new Uint8Array(0);
/** Bytes of a timer's time. */
const TIME = 8;

/**
 * What an entry is recognised by on the other side, and what is compared then, as stretches of bytes: nothing is copied. Each
 * entry takes the place of the one before.
 *
 * A timer's time stands for a map key, which timers do not have; an element of a list is its own key and has no value.
 */
export class EntryIdentity {
  /** -1 in operator state. */
  keyGroup = -1;
  keyBytes: Uint8Array = NOTHING;
  keyFrom = 0;
  /** Lengths are -1 for a part that is not there. */
  keyLength = -1;
  namespaceBytes: Uint8Array = NOTHING;
  namespaceFrom = 0;
  namespaceLength = -1;
  mapKeyBytes: Uint8Array = NOTHING;
  mapKeyFrom = 0;
  mapKeyLength = -1;
  valueBytes: Uint8Array = NOTHING;
  valueFrom = 0;
  valueLength = -1;
  /** Of everything but the value, and of the state. Spread over all 32 bits. */
  hash = 0;
  /** Bytes of everything but the value. */
  idBytes = 0;

  private readonly time = new Uint8Array(TIME);
  private readonly timeView = new DataView(this.time.buffer);
  private readonly text = new EntryText();

  set(raw: RawEntry, { number, id }: StatePair): void {
    const entry = SlicedEntry.of(raw);
    this.keyGroup = entry.keyGroup;
    const isElement = entry.keyFrom === ABSENT && entry.userKeyFrom === ABSENT;
    if (id === 'bytes') this.ofBytes(entry, isElement);
    else this.ofMeaning(entry, isElement);
    if (isElement) this.valueLength = -1;
    else {
      this.valueBytes = entry.bytes;
      this.valueFrom = entry.valueFrom;
      this.valueLength = lengthOf(entry.valueFrom, entry.valueTo);
    }
    if (entry.timestamp !== null) {
      this.timeView.setBigInt64(0, entry.timestamp);
      this.mapKeyBytes = this.time;
      this.mapKeyFrom = 0;
      this.mapKeyLength = TIME;
    }
    this.finish(number);
  }

  private ofBytes(entry: SlicedEntry, isElement: boolean): void {
    const { bytes } = entry;
    this.keyBytes = bytes;
    this.keyFrom = isElement ? entry.valueFrom : entry.keyFrom;
    this.keyLength = lengthOf(this.keyFrom, isElement ? entry.valueTo : entry.keyTo);
    this.namespaceBytes = entry.namespaceBytes;
    this.namespaceFrom = entry.namespaceFrom;
    this.namespaceLength = lengthOf(entry.namespaceFrom, entry.namespaceTo);
    this.mapKeyBytes = bytes;
    this.mapKeyFrom = entry.userKeyFrom;
    this.mapKeyLength = lengthOf(entry.userKeyFrom, entry.userKeyTo);
  }

  /** The parts as JSON. */
  private ofMeaning(entry: SlicedEntry, isElement: boolean): void {
    const { text } = this;
    const { printer } = text;
    if (isElement) printer.value(entry, NOTHING);
    else printer.key(entry, NOTHING);
    const keyTo = text.length;
    printer.namespace(entry, NOTHING);
    const namespaceTo = text.length;
    printer.userKey(entry, NOTHING);
    const mapKeyTo = text.length;
    this.keyBytes = this.namespaceBytes = this.mapKeyBytes = text.take();
    this.keyFrom = 0;
    this.keyLength = keyTo === 0 ? -1 : keyTo;
    this.namespaceFrom = keyTo;
    this.namespaceLength = namespaceTo === keyTo ? -1 : namespaceTo - keyTo;
    this.mapKeyFrom = namespaceTo;
    this.mapKeyLength = mapKeyTo === namespaceTo ? -1 : mapKeyTo - namespaceTo;
  }

  private finish(state: number): void {
    const { keyLength, namespaceLength, mapKeyLength } = this;
    let h = 0x811c9dc5 ^ state;
    h = mix(h, this.keyBytes, this.keyFrom, keyLength);
    // The lengths tell parts apart whose bytes, one behind the other, are the same.
    h = Math.imul(h ^ keyLength, 0x01000193);
    // A namespace of one byte is no namespace (VoidNamespace), which all entries of the state have in common.
    if (namespaceLength > 1) h = mix(h, this.namespaceBytes, this.namespaceFrom, namespaceLength);
    h = mix(h, this.mapKeyBytes, this.mapKeyFrom, mapKeyLength);
    this.hash = mixed(h);
    this.idBytes = Math.max(0, keyLength) + Math.max(0, namespaceLength) + Math.max(0, mapKeyLength);
  }
}

const lengthOf = (from: number, to: number): number => (from === ABSENT ? -1 : to - from);

function mix(start: number, bytes: Uint8Array, from: number, length: number): number {
  let h = start;
  for (let at = from; at < from + length; at++) h = Math.imul(h ^ bytes[at], 0x01000193);
  return h;
}
