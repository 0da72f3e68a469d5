import { Packr } from 'msgpackr/index-no-eval';

/**
 * Bodies of messages to and from a page. VS Code's own channel is JSON: a `bigint` throws there, and NaN becomes null.
 * MessagePack keeps 64-bit integers exact. It does not keep -0 and does not tell 1 from 1.0, so a float that must survive
 * travels as text. The build without `eval` is the one that a strict content security policy admits, and it has no native part.
 * Objects are records: the names of their fields stand once in a message, which makes tables of many rows a fraction of the
 * size. Each message holds its own definitions.
 */
const packr = new Packr({ useRecords: true, moreTypes: false });

/** The packer hands out views into a pool of its own; posting one would ship the pool, so the bytes are copied to their size. */
export function pack(value: unknown): Uint8Array {
  return Uint8Array.from(packr.pack(value));
}

export function unpack(bytes: Uint8Array): unknown {
  return packr.unpack(bytes);
}
