import type { RawEntry } from './backends/part';
import { type BytePlace, placeOf } from './storage/bytePlaces';

/** Where the parts of an entry are stored; null for a part that it does not have, or that no file holds in one piece. */
export interface EntryPlaces {
  readonly key: BytePlace | null;
  readonly namespace: BytePlace | null;
  readonly userKey: BytePlace | null;
  readonly value: BytePlace | null;
}

/** To be asked while the entry is good: a copy of its bytes does not know where they are from. */
export function placesOf({ key, namespace, userKey, value }: RawEntry): EntryPlaces {
  const of = (part: Uint8Array | null): BytePlace | null => (part === null ? null : placeOf(part));
  return { key: of(key), namespace: of(namespace), userKey: of(userKey), value: of(value) };
}
