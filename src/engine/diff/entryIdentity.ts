import type { RawEntry } from '../backends/part';
import { Sink } from '../bytes/sink';
import { decodeEntry } from '../decodeEntry';
import { writeJson } from '../json/writeJson';

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** What an entry is recognised by on the other side, and what is compared then. Good until the next entry is asked for. */
export interface Identified {
  id: Uint8Array;
  value: Uint8Array;
}

/** How the entries of one state are compared. */
export type How =
  /** Both sides serialize alike: byte for byte. */
  | 'bytes'
  /** They do not: by the JSON form of what the bytes mean. */
  | 'meaning';

/** Takes entries apart into what identifies them and what they say. */
export class EntryIdentity {
  private readonly sink = new Sink();

  of(entry: RawEntry, how: How): Identified {
    const isElement = entry.key === null && entry.userKey === null;
    const { sink } = this;
    sink.clear();
    if (how === 'bytes') {
      if (isElement) return { id: entry.value ?? NOTHING, value: NOTHING };
      for (const part of [entry.key, entry.namespace, entry.userKey]) sink.bytes4(part ?? NOTHING);
      sink.i64(entry.timestamp ?? 0n);
      return { id: sink.toBytes(), value: entry.value ?? NOTHING };
    }
    const { key, namespace, userKey, value } = decodeEntry(entry);
    const text = (part: unknown): Uint8Array => (part === undefined ? NOTHING : encoder.encode(writeJson(part)));
    if (isElement) return { id: text(value), value: NOTHING };
    for (const part of [key, namespace, userKey]) sink.bytes4(text(part));
    sink.i64(entry.timestamp ?? 0n);
    return { id: sink.toBytes(), value: text(value) };
  }
}
