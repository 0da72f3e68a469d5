import { joinBytes, sameStretch } from '../bytes/byteStrings';
import type { PartState, RawEntry } from './part';

/** Stands for the beginning of a part that an entry does not have. */
export const ABSENT = -1;

/**
 * An entry as places in a window of bytes. A view of a part is made when somebody asks for it, because making four for every
 * entry costs more than reading the entry.
 */
export class SlicedEntry implements RawEntry {
  /** Where the namespace lies, should it not be `bytes`. */
  namespaceBytes: Uint8Array;
  keyFrom = ABSENT;
  keyTo = ABSENT;
  namespaceFrom = ABSENT;
  namespaceTo = ABSENT;
  userKeyFrom = ABSENT;
  userKeyTo = ABSENT;
  valueFrom = ABSENT;
  valueTo = ABSENT;
  index = -1;
  timestamp: bigint | null = null;
  fault: string | null = null;

  constructor(
    readonly state: PartState,
    readonly keyGroup: number,
    readonly bytes: Uint8Array,
  ) {
    this.namespaceBytes = bytes;
  }

  /** Any entry in this form; its parts are copied together unless there is only a value. */
  static of(entry: RawEntry): SlicedEntry {
    if (entry instanceof SlicedEntry) return entry;
    const { key, namespace, userKey, value } = entry;
    const parts = [key, namespace, userKey, value].filter((part) => part !== null);
    const sliced = new SlicedEntry(entry.state, entry.keyGroup, parts.length === 1 ? parts[0] : joinBytes(parts));
    let end = 0;
    const next = (part: Uint8Array | null): [from: number, to: number] => {
      if (part === null) return [ABSENT, ABSENT];
      const from = end;
      end += part.length;
      return [from, end];
    };
    [sliced.keyFrom, sliced.keyTo] = next(key);
    [sliced.namespaceFrom, sliced.namespaceTo] = next(namespace);
    [sliced.userKeyFrom, sliced.userKeyTo] = next(userKey);
    [sliced.valueFrom, sliced.valueTo] = next(value);
    sliced.index = entry.index;
    sliced.timestamp = entry.timestamp;
    sliced.fault = entry.fault;
    return sliced;
  }

  get key(): Uint8Array | null {
    return this.keyFrom === ABSENT ? null : this.bytes.subarray(this.keyFrom, this.keyTo);
  }

  get namespace(): Uint8Array | null {
    return this.namespaceFrom === ABSENT ? null : this.namespaceBytes.subarray(this.namespaceFrom, this.namespaceTo);
  }

  get userKey(): Uint8Array | null {
    return this.userKeyFrom === ABSENT ? null : this.bytes.subarray(this.userKeyFrom, this.userKeyTo);
  }

  get value(): Uint8Array | null {
    return this.valueFrom === ABSENT ? null : this.bytes.subarray(this.valueFrom, this.valueTo);
  }

  /** Whether the key's bytes are these. */
  hasKey(wanted: Uint8Array): boolean {
    return sameStretch(this.bytes, this.keyFrom, this.keyTo, wanted, 0, wanted.length);
  }

  /** Whether the namespace's bytes are those of `other`. */
  hasNamespaceOf(other: SlicedEntry): boolean {
    const { namespaceBytes: a, namespaceFrom: aFrom, namespaceTo: aTo } = this;
    return sameStretch(a, aFrom, aTo, other.namespaceBytes, other.namespaceFrom, other.namespaceTo);
  }

  /** Whether the key's bytes are those of `other`. */
  hasKeyOf(other: SlicedEntry): boolean {
    return sameStretch(this.bytes, this.keyFrom, this.keyTo, other.bytes, other.keyFrom, other.keyTo);
  }
}
