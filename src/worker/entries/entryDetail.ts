import { decodeEntry } from '../../engine/decodeEntry';
import { writeJson } from '../../engine/json/writeJson';
import { ndjsonLine } from '../../engine/query/ndjson';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import type { EntryDetail, EntryPart, ShownBytes } from '../../view/shownEntries';
import { valueTypeOf } from './columns';
import { jsonLines } from './jsonLines';
import type { TimeZone } from './timeZone';
import { valueTree } from './valueTree';

/** What is told of an entry in full. */
export type DetailedEntry = Omit<KeptEntry, 'at' | 'size'>;

/** Bytes of a part that are shown. */
const MAX_BYTES = 4096;
/** Characters of JSON that are shown; what is copied is whole. */
const MAX_JSON = 200_000;

/** Everything about an entry, bounded where a person could not look at more. */
export function entryDetail(entry: DetailedEntry, zone: TimeZone): EntryDetail {
  const { raw, subtask, part, places } = entry;
  const { state, timestamp } = raw;
  const decoded = decodeEntry(raw);
  const parts: EntryDetail['parts'] = [];
  const add = (name: EntryPart, node: () => ReturnType<typeof valueTree>): void => {
    const of = name === 'mapKey' ? 'userKey' : name;
    const bytes = raw[of];
    if (bytes !== null)
      parts.push({
        part: name,
        node: node(),
        bytes: headOf(bytes),
        place: places[of],
        serializer: state[of]?.type.serializer ?? null,
      });
  };
  add('value', () => valueTree(decoded.value, valueTypeOf(entry, decoded.value), zone));
  add('key', () => valueTree(decoded.key, state.key?.type, zone));
  add('mapKey', () => valueTree(decoded.userKey, state.userKey?.type, zone));
  if (decoded.namespace !== undefined) {
    add('namespace', () => valueTree(decoded.namespace, state.namespace?.type, zone));
  }
  const main = decoded.value === undefined ? decoded.key : decoded.value;
  return {
    parts,
    json: main === undefined ? { text: '', cut: false } : jsonLines(writeJson(main), MAX_JSON),
    timestamp: timestamp === null ? null : { millis: String(timestamp), instant: zone.millis(timestamp) },
    keyGroup: raw.keyGroup < 0 ? null : raw.keyGroup,
    index: raw.index < 0 ? null : raw.index,
    subtask: subtask.index,
    file: part.file,
  };
}

/** The entry as a line of a dump. */
export function entryLine({ raw, operator, subtask }: DetailedEntry): string {
  return ndjsonLine({ operator, subtask }, raw);
}

/** A copy of its own size: what is sent is sent whole. */
function headOf(bytes: Uint8Array): ShownBytes {
  return { head: bytes.slice(0, MAX_BYTES), length: bytes.length };
}
