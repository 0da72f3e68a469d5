import type { StatePart } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import { EngineError } from '../bytes/engineError';
import { EntryDecoder } from '../decodeEntry';
import { type EntryFailure, isOperator, snapshotEntries } from '../entries';
import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';
import { writeJson } from '../json/writeJson';
import type { Share } from '../shares';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import { type DumpFormat, ndjson } from './dumpFormat';
import type { EntryFilter } from './filter';
import { KeyLookups } from './lookup';

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
}

/**
 * The snapshot as lines, one an entry (of JSON unless another format is asked for), several lines in each string, each with its line break. What cannot be read
 * becomes an `unread` line where its state is known; anything else that fails is given to `failed`.
 */
export async function* dump(
  snapshot: Snapshot,
  options: DumpOptions,
  failed: (failure: EntryFailure) => void,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const { operator, state, key, where, limit, format = ndjson } = options;
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
  let left = limit ?? Number.POSITIVE_INFINITY;
  if (format.header !== '' && options.share === undefined) yield format.header;
  for await (const batch of snapshotEntries(snapshot, query, failed, signal)) {
    const wanted = keys === null ? null : keys.of(batch.operator, batch.part);
    let text = '';
    for (const entry of batch.entries) {
      if (left <= 0) break;
      if (wanted !== null && !SlicedEntry.of(entry).hasKey(wanted.bytes)) continue;
      const decoded = decoder.decode(entry);
      if (namespace !== null && (decoded.namespace === undefined || writeJson(decoded.namespace) !== namespace))
        continue;
      if (where?.(entry, decoded) === false) continue;
      text += format.entry(batch, entry, decoded);
      left--;
    }
    for (const unread of batch.unread) {
      if (left <= 0) break;
      text += format.unread(batch, unread);
      left--;
    }
    if (text !== '') yield text;
    if (left <= 0) return;
  }
  keys?.expectFit();
}

function notFound(what: string, wanted: string, names: readonly string[]): EngineError {
  const some = names.slice(0, 10).join(', ');
  return new EngineError('NOT_FOUND', `The snapshot has no ${what} ${wanted}.`, { hint: `It has: ${some}` });
}
