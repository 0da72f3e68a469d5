import type { PartState } from '../../engine/backends/part';
import { decodeEntry } from '../../engine/decodeEntry';
import { writeJson } from '../../engine/json/writeJson';
import { ndjsonLine } from '../../engine/query/ndjson';
import { copyOf, type KeptEntry } from '../../engine/rows/keptEntry';
import type { CodecTrace } from '../../engine/types/codecTrace';
import type { TypeInfo } from '../../engine/types/typeInfo';
import type { EntryDetail, EntryPart, ShownBytes } from '../../view/shownEntries';
import { valueTypeOf } from './columns';
import { jsonLines } from './jsonLines';
import type { TimeZone } from './timeZone';
import { valueTree } from './valueTree';

/** What is told of an entry in full. */
export type DetailedEntry = Omit<KeptEntry, 'at' | 'size'>;

/** A state whose codecs are traced. */
export interface TracedState {
  readonly state: PartState;
  readonly trace: CodecTrace;
}

/** Bytes of a part that are shown. */
const MAX_BYTES = 4096;
/** Characters of JSON that are shown; what is copied is whole. */
const MAX_JSON = 200_000;

/**
 * Everything about an entry, bounded where a person could not look at more. `traced` is its state with codecs that say which
 * bytes they read; without it no field has a place.
 */
export function entryDetail(entry: DetailedEntry, zone: TimeZone, traced: TracedState | null = null): EntryDetail {
  const { raw, subtask, part, places } = entry;
  const { state, timestamp } = raw;
  const sliced = traced === null ? raw : copyOf(raw, traced.state);
  const read = () => decodeEntry(sliced);
  const { value: decoded, spans } = traced === null ? { value: read(), spans: [] } : traced.trace.trace(read);
  const parts: EntryDetail['parts'] = [];
  const add = (name: EntryPart, value: unknown, type: TypeInfo | undefined): void => {
    const of = name === 'mapKey' ? 'userKey' : name;
    const bytes = raw[of];
    if (bytes === null) return;
    const from = sliced[`${of}From`];
    const own = spans.filter((span) => span.from >= from && span.to <= from + bytes.length);
    const span = traced === null ? null : { value, from, to: from + bytes.length, children: own };
    parts.push({
      part: name,
      node: valueTree(value, type, zone, span, from),
      bytes: headOf(bytes),
      place: places[of],
      serializer: state[of]?.type.serializer ?? null,
    });
  };
  add('value', decoded.value, valueTypeOf(entry, decoded.value));
  add('key', decoded.key, state.key?.type);
  add('mapKey', decoded.userKey, state.userKey?.type);
  if (decoded.namespace !== undefined) add('namespace', decoded.namespace, state.namespace?.type);
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
