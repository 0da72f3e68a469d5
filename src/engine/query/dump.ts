import type { RawEntry, StatePart } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import { EngineError } from '../bytes/engineError';
import { EntryDecoder } from '../decodeEntry';
import { type EntryFailure, isOperator, snapshotEntries } from '../entries';
import { JsonBytes } from '../json/jsonBytes';
import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';
import { writeJson } from '../json/writeJson';
import type { Share } from '../shares';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import type { DumpFormat } from './dumpFormat';
import type { EntryFilter } from './filter';
import { KeyLookups } from './lookup';
import { ndjson } from './ndjson';

export interface DumpOptions {
  /** Id, uid or name. */
  operator?: string | undefined;
  state?: string | undefined;
  /** Only entries under this key; only its key group is read. */
  key?: Json | undefined;
  namespace?: Json | undefined;
  where?: EntryFilter | undefined;
  limit?: number | undefined;
  format?: DumpFormat | undefined;
  /** Only this share of everything, without the format's header. A key or a limit is asked of all shares at once. */
  share?: Share | undefined;
  /** Where the lines are put, so that the receiver may keep what it gets; two buffers in turn where it is absent. */
  buffers?: LineBuffers | undefined;
}

/** Bytes that are yielded at once; one batch more may come on top. */
const CHUNK = 512 * 1024;
/** Of a buffer: what a chunk has, and mostly the batch on top. */
export const LINE_BUFFER = CHUNK + 256 * 1024;
/** Milliseconds after which lines are yielded, however few they are. */
const PATIENCE = 200;

/** Buffers of `LINE_BUFFER` bytes for the lines of a dump, for whoever hands them on and gets them back. */
export interface LineBuffers {
  take(): Uint8Array<ArrayBuffer>;
}

/** Two buffers in turn: one is written to while somebody looks at the other. */
function twoBuffers(): LineBuffers {
  let next = new Uint8Array(LINE_BUFFER);
  let other = new Uint8Array(LINE_BUFFER);
  return {
    take() {
      [next, other] = [other, next];
      return other;
    },
  };
}

const NO_BUFFER = new Uint8Array(0);

/**
 * The snapshot as lines in UTF-8, one an entry (of JSON unless another format is asked for), many lines in each piece, each with
 * its line break. A piece is good until the next is asked for, unless the buffers are the caller's own. What cannot be read
 * becomes an `unread` line where its state is known; anything else that fails is given to `failed`.
 */
export async function* dump(
  snapshot: Snapshot,
  options: DumpOptions,
  failed: (failure: EntryFailure) => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { operator, state, key, where, limit, format = ndjson, buffers = twoBuffers() } = options;
  if (operator !== undefined && !snapshot.operators.some((o) => isOperator(o, operator))) {
    throw notFound(
      'operator',
      operator,
      snapshot.operators.map((o) => o.uid ?? o.id),
    );
  }
  const namespace = options.namespace === undefined ? null : printJson(options.namespace);
  const keys = key === undefined ? null : new KeyLookups(key);
  const query = {
    ...(operator !== undefined && { operator: (o: SnapshotOperator) => isOperator(o, operator) }),
    ...(options.share !== undefined && { share: options.share }),
    ...(state !== undefined && { states: new Set([state]) }),
    ...(keys !== null && {
      keyGroup: (o: SnapshotOperator, part: StatePart) => keys.keyGroup(o, part),
      key: (o: SnapshotOperator, part: StatePart) => keys.of(o, part)?.bytes ?? null,
    }),
  };
  const decoder = new EntryDecoder();
  const isWanted = (entry: RawEntry, subtask: number): boolean => {
    if (namespace === null && where === undefined) return true;
    const decoded = decoder.decode(entry);
    if (namespace !== null && (decoded.namespace === undefined || writeJson(decoded.namespace) !== namespace))
      return false;
    return where?.(entry, decoded, subtask) !== false;
  };
  const out = new JsonBytes(buffers.take());
  const lines = format.lines(out);
  let left = limit ?? Number.POSITIVE_INFINITY;
  let yielded = performance.now();
  if (options.share === undefined) out.text(format.header);
  for await (const batch of snapshotEntries(snapshot, query, failed, signal)) {
    const wanted = keys === null ? null : keys.of(batch.operator, batch.part);
    for (const entry of batch.entries) {
      if (left <= 0) break;
      if (wanted !== null && !SlicedEntry.of(entry).hasKey(wanted.bytes)) continue;
      if (!isWanted(entry, batch.subtask.index)) continue;
      lines.entry(batch, entry);
      left--;
    }
    for (const unread of batch.unread) {
      if (left <= 0) break;
      lines.unread(batch, unread);
      left--;
    }
    if (left <= 0) break;
    if (out.length >= CHUNK || (out.length > 0 && performance.now() - yielded > PATIENCE)) {
      yield out.take(buffers.take());
      yielded = performance.now();
    }
  }
  lines.end?.();
  if (out.length > 0) yield out.take(NO_BUFFER);
  if (left <= 0) return;
  keys?.expectFit();
}

function notFound(what: string, wanted: string, names: readonly string[]): EngineError {
  const some = names.slice(0, 10).join(', ');
  return new EngineError('NOT_FOUND', `The snapshot has no ${what} ${wanted}.`, { hint: `It has: ${some}` });
}
