import type { RawEntry } from '../../../src/engine/backends/part';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { Sink } from '../../../src/engine/bytes/sink';
import { snapshotEntries } from '../../../src/engine/entries';
import { toJson, writeJson } from '../../../src/engine/json/writeJson';
import type { Snapshot } from '../../../src/engine/snapshot';
import type { Codec } from '../../../src/engine/types/codec';
import { spellType } from '../../../src/engine/types/typeInfo';
import { printed } from '../types/printed';

/** How often each law was seen to hold, and every time that it did not. */
export interface LawBook {
  /** Values that were read, skipped and written. */
  checked: number;
  /** Of these, how many were also made from their JSON, and written. */
  fromJson: number;
  /** Values that only a class of the job could read: skipping them must be refused too. */
  unreadable: number;
  /** Of these, how many were written as other bytes, because the codec says that its JSON form leaves something out. */
  lossy: number;
  /** By type, values that cannot be made from JSON. */
  noJson: Map<string, number>;
  broken: string[];
}

export const emptyBook = (): LawBook => ({
  checked: 0,
  fromJson: 0,
  lossy: 0,
  unreadable: 0,
  noJson: new Map(),
  broken: [],
});

/** Examples of broken laws that are kept: more would say nothing more. */
const MAX_BROKEN = 20;

/** Holds every law against one value, which the bytes hold and nothing else. */
export function holdLaws(codec: Codec, bytes: Uint8Array, place: string, book: LawBook): void {
  const broken = (what: string): void => {
    if (book.broken.length < MAX_BROKEN) book.broken.push(`${place} (${spellType(codec.type)}): ${what}`);
  };
  const reading = new Cursor(bytes);
  const read = attempt(() => codec.read(reading));
  const skipping = new Cursor(bytes);
  const skipped = attempt(() => codec.skip(skipping));
  if ('error' in read) {
    if (read.error.code !== 'UNREADABLE') {
      broken(`read: ${read.error.message}`);
      return;
    }
    // To skip may need less than to read: a type may say its length and not its meaning.
    if ('error' in skipped ? skipped.error.code !== 'UNREADABLE' : skipping.position !== bytes.length) {
      broken(`read is refused, and skip ends at ${skipping.position} of ${bytes.length}`);
      return;
    }
    if (!('error' in attempt(() => printed(codec, bytes)))) broken('read is refused, and print is not');
    book.unreadable++;
    return;
  }
  book.checked++;
  if (reading.position !== bytes.length) broken(`read ends at ${reading.position} of ${bytes.length}`);
  if ('error' in skipped) broken(`skip: ${skipped.error.message}`);
  else if (skipping.position !== bytes.length) broken(`skip ends at ${skipping.position} of ${bytes.length}`);
  // VoidNamespaceSerializer says that it writes nothing, and writes a byte.
  if (codec.length >= 0 && codec.type.name !== 'void-namespace' && codec.length !== bytes.length)
    broken(`a length of ${codec.length} is declared`);
  const print = attempt(() => printed(codec, bytes));
  if ('error' in print) broken(`print: ${print.error.message}`);
  else if (print.value !== writeJson(read.value)) broken(`${writeJson(read.value)} is printed as ${print.value}`);
  const written = attempt(() => bytesOf(codec, read.value));
  if ('error' in written) broken(`write: ${written.error.message}`);
  else if (!same(written.value, bytes)) broken(`${hex(bytes)} is written as ${hex(written.value)}`);
  holdJsonLaw(codec, read.value, bytes, broken, book);
}

function holdJsonLaw(
  codec: Codec,
  value: unknown,
  bytes: Uint8Array,
  broken: (what: string) => void,
  book: LawBook,
): void {
  const json = attempt(() => toJson(value));
  if ('error' in json) {
    broken(`JSON: ${json.error.message}`);
    return;
  }
  const made = attempt(() => bytesOf(codec, codec.fromJson(json.value)));
  if ('error' in made) {
    if (made.error.code !== 'BAD_VALUE') {
      broken(`fromJson: ${made.error.code} ${made.error.message}`);
      return;
    }
    const type = spellType(codec.type);
    book.noJson.set(type, (book.noJson.get(type) ?? 0) + 1);
    return;
  }
  book.fromJson++;
  if (same(made.value, bytes)) return;
  if (!losesInJson(codec)) {
    broken(`${hex(bytes)} is made from its JSON as ${hex(made.value)}`);
    return;
  }
  book.lossy++;
  const text = writeJson(codec.read(new Cursor(made.value)));
  if (text !== writeJson(value)) broken(`${writeJson(value)} is made from its JSON as ${text}`);
}

const losesInJson = ({ jsonLoss, parts = [] }: Codec): boolean => jsonLoss !== undefined || parts.some(losesInJson);

/** An error of the engine as a value; any other is a defect, and comes through. */
function attempt<T>(run: () => T): { value: T } | { error: EngineError } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof EngineError) return { error };
    throw error;
  }
}

function bytesOf(codec: Codec, value: unknown): Uint8Array {
  const sink = new Sink();
  codec.write(sink, value);
  return sink.toBytes();
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
const hex = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes.subarray(0, 100)).toString('hex');
  return bytes.length > 100 ? `${text}…` : text;
};

/** Holds the laws against every key, namespace, user key and value of a snapshot. */
export async function holdLawsOfSnapshot(snapshot: Snapshot, book: LawBook): Promise<void> {
  const failed = ({ error }: { error: EngineError }): void => void book.broken.push(error.message);
  for await (const { entries, operator } of snapshotEntries(snapshot, {}, failed)) {
    for (const entry of entries) {
      for (const { codec, bytes, what } of codedParts(entry)) {
        holdLaws(codec, bytes, `${operator.id} ${entry.state.name} ${what}`, book);
      }
    }
  }
}

interface CodedPart {
  what: string;
  codec: Codec;
  bytes: Uint8Array;
}

/** The byte strings of an entry, each with the codec that is to read all of it. */
export function codedParts(entry: RawEntry): CodedPart[] {
  const { state, key, namespace, userKey, value, fault } = entry;
  if (fault !== null) return [];
  const parts: CodedPart[] = [];
  const add = (what: string, codec: Codec | null, bytes: Uint8Array | null): void => {
    if (codec !== null && bytes !== null) parts.push({ what, codec, bytes });
  };
  add('key', state.key, key);
  add('namespace', state.namespace, namespace);
  add('user key', state.userKey, userKey);
  if (value === null || state.value === null) return parts;
  if (state.layout === 'delimited') parts.push(...elements(state.value, value));
  else if (state.layout !== 'nullable') add('value', state.value, value);
  else if (userKey !== null && value[0] === 0) add('value', state.value, value.subarray(1));
  return parts;
}

/** The elements of a list of RocksDB, which have one byte between them. */
function elements(codec: Codec, bytes: Uint8Array): CodedPart[] {
  const found: CodedPart[] = [];
  const cursor = new Cursor(bytes);
  while (!cursor.atEnd) {
    const from = cursor.position;
    try {
      codec.skip(cursor);
    } catch {
      // Where the next element begins is not known; this one is judged with all that follows.
      return [...found, { what: 'element', codec, bytes: bytes.subarray(from) }];
    }
    found.push({ what: 'element', codec, bytes: bytes.subarray(from, cursor.position) });
    if (!cursor.atEnd) cursor.u8();
  }
  return found;
}
