import { Cursor } from '../../bytes/cursor';
import type { Json } from '../../json/jsonValue';
import { BUCKET_STATE_FORMATS, REMAINING_REQUESTS } from './fileSink';
import { envelope, type PayloadFormat } from './reading';
import { COMMITTABLE_FORMATS, COMMITTER_FORMATS, WRITER_FORMATS } from './sinks';
import { SPLIT_FORMATS } from './sources';

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
