import { sameBytes } from '../../bytes/byteStrings';
import { Cursor } from '../../bytes/cursor';
import { Sink } from '../../bytes/sink';
import { suggestion } from '../../json/closest';
import type { Json } from '../../json/jsonValue';
import { badValue, inside, intFrom, stringFrom } from '../../types/jsonInput';
import { BUCKET_STATE_FORMATS, REMAINING_REQUESTS } from './fileSink';
import { envelope, type PayloadFormat, writtenAs } from './reading';
import { COMMITTABLE_FORMATS, COMMITTER_FORMATS, WRITER_FORMATS } from './sinks';
import { SPLIT_FORMATS } from './splits';

/**
 * Operator list states into whose byte arrays Flink's own operators put versioned payloads: SourceOperator, SinkWriterOperator and
 * CommitterOperator, StreamingFileSinkHelper, CompactCoordinator, CompactorOperator.
 */
const STATES = new Map<string, readonly PayloadFormat[]>([
  ['SourceReaderState', SPLIT_FORMATS],
  ['writer_raw_states', WRITER_FORMATS],
  ['streaming_committer_raw_states', COMMITTER_FORMATS],
  ['bucket-states', BUCKET_STATE_FORMATS],
  ['remaining_compact_commit_raw_state', COMMITTABLE_FORMATS],
  ['remaining_requests_raw_state', [REMAINING_REQUESTS]],
]);

export const PAYLOAD_STATES: ReadonlySet<string> = new Set(STATES.keys());

/** One element of such a state: a versioned payload that takes all the bytes. */
export function readPayload(state: string, bytes: Uint8Array): Json {
  const cursor = new Cursor(bytes);
  const payload = envelope(cursor, STATES.get(state) ?? []);
  cursor.expectEnd('the payload');
  return payload;
}

const FORMAT = '$format';
const VERSION = '$version';

/**
 * A payload with its format and version beside its fields, `{"$format": "KafkaSource split", "$version": 0, "topic": …}`: the
 * form in which it is changed. Null where the format is not certain, or cannot be written.
 */
export function editablePayload(state: string, bytes: Uint8Array): Map<string, Json> | null {
  const payload = readPayload(state, bytes);
  if (!(payload instanceof Map)) return null;
  const [version, readings] = [payload.get('version'), payload.get('is')];
  if (version === undefined || !Array.isArray(readings) || readings.length !== 1) return null;
  const [reading] = readings;
  if (!(reading instanceof Map)) return null;
  const [format, value] = [reading.get('format'), reading.get('value')];
  if (format === undefined || !(value instanceof Map)) return null;
  const editable = new Map<string, Json>([[FORMAT, format], [VERSION, version], ...value]);
  const again = STATES.get(state)?.some(({ name, write }) => name === format && write !== undefined);
  return again === true && sameBytes(writeEditablePayload(state, editable), bytes) ? editable : null;
}

/** The bytes of the form of `editablePayload`; `BAD_VALUE` with the field where they cannot be made. */
export function writeEditablePayload(state: string, editable: ReadonlyMap<string, Json>): Uint8Array {
  const formats = (STATES.get(state) ?? []).filter(({ write }) => write !== undefined);
  const names = [...new Set(formats.map(({ name }) => name))];
  const name = inside(FORMAT, () => stringFrom(editable.get(FORMAT) ?? null, `one of ${names.join(', ')}`));
  const known = formats.filter((format) => format.name === name);
  if (known.length === 0) throw badValue(`${name} cannot be written. ${suggestion(name, names)}`).at({ where: FORMAT });
  const given = editable.get(VERSION);
  const version =
    given === undefined
      ? Math.max(...known.flatMap(({ versions }) => versions))
      : inside(VERSION, () => intFrom(given));
  const value = new Map([...editable].filter(([field]) => field !== FORMAT && field !== VERSION));
  const bytes = writtenAs(formats, name, version, value);
  const sink = new Sink();
  sink.i32(version);
  sink.bytes4(bytes);
  return sink.toBytes();
}
