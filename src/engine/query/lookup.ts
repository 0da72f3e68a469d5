import { Sink } from '../bytes/sink';
import type { Json } from '../json/jsonValue';
import { keyGroupOf } from '../keyGroups';
import type { Codec } from '../types/codec';

/** A key that is looked for. */
export interface KeyLookup {
  /** Where it must lie; null where only a class of the job could tell. */
  keyGroup: number | null;
  /** Whether these are the key's bytes. */
  matches(key: Uint8Array): boolean;
}

/** The key as its serializer writes it; fails with `BAD_VALUE` where the JSON does not fit its type. */
export function lookupOf(codec: Codec, key: Json, maxParallelism: number): KeyLookup {
  const value = codec.fromJson(key);
  const sink = new Sink();
  codec.write(sink, value);
  const wanted = sink.toBytes();
  return {
    keyGroup: codec.hash === undefined ? null : keyGroupOf(codec.hash(value), maxParallelism),
    matches: (bytes) => bytes.length === wanted.length && bytes.every((b, i) => b === wanted[i]),
  };
}
