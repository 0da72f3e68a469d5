import type { PartState, RawEntry, StatePart, Unread } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import { type DecodedEntry, decodeEntry } from '../decodeEntry';
import { type EntryBatch, type EntryFailure, isOperator, snapshotEntries } from '../entries';
import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';
import { writeJson } from '../json/writeJson';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import { type KeyLookup, lookupOf } from './lookup';

export interface DumpOptions {
  /** Id, uid or name. */
  operator?: string | undefined;
  state?: string | undefined;
  /** Only entries under this key; only its key group is read. */
  key?: Json | undefined;
  namespace?: Json | undefined;
  limit?: number | undefined;
}

/**
 * The snapshot as lines of JSON, one an entry, several lines in each string, each with its line break. What cannot be read
 * becomes an `unread` line where its state is known; anything else that fails is given to `failed`.
 */
export async function* dump(
  snapshot: Snapshot,
  options: DumpOptions,
  failed: (failure: EntryFailure) => void,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const { operator, state, key, limit } = options;
  if (operator !== undefined && !snapshot.operators.some((o) => isOperator(o, operator))) {
    throw notFound(
      'operator',
      operator,
      snapshot.operators.map((o) => o.uid ?? o.id),
    );
  }
  const namespace = options.namespace === undefined ? null : printJson(options.namespace);
  const lookups = new Map<string, KeyLookup>();
  const lookup = (of: SnapshotOperator, part: StatePart): KeyLookup | null => {
    if (key === undefined || part.key === null) return null;
    const known = lookups.get(of.id) ?? lookupOf(part.key, key, of.state.maxParallelism);
    lookups.set(of.id, known);
    return known;
  };
  const query = {
    ...(operator !== undefined && { operator: (o: SnapshotOperator) => isOperator(o, operator) }),
    ...(state !== undefined && { states: new Set([state]) }),
    ...(key !== undefined && { keyGroup: (o: SnapshotOperator, part: StatePart) => lookup(o, part)?.keyGroup ?? null }),
  };
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const batch of snapshotEntries(snapshot, query, failed, signal)) {
    const wanted = lookup(batch.operator, batch.part);
    const head = lineHead(batch);
    let text = '';
    for (const entry of batch.entries) {
      if (left <= 0) break;
      if (wanted !== null && (entry.key === null || !wanted.matches(entry.key))) continue;
      const decoded = decodeEntry(entry);
      if (namespace !== null && (decoded.namespace === undefined || writeJson(decoded.namespace) !== namespace))
        continue;
      text += entryLine(head, entry, decoded);
      left--;
    }
    for (const unread of batch.unread) {
      if (left <= 0) break;
      text += unreadLine(head, unread);
      left--;
    }
    if (text !== '') yield text;
    if (left <= 0) return;
  }
}

function lineHead({ operator, subtask }: EntryBatch): string {
  return `{"op":${JSON.stringify(operator.id)},"subtask":${subtask.index}`;
}

/** One line: the fields that all kinds have, then those of the kind. */
function entryLine(head: string, entry: RawEntry, { key, namespace, userKey, value }: DecodedEntry): string {
  let line = head + stateField(entry.state, entry.state.kind);
  if (entry.keyGroup >= 0) line += `,"kg":${entry.keyGroup}`;
  if (entry.index >= 0) line += `,"index":${entry.index}`;
  if (key !== undefined) line += `,"key":${writeJson(key)}`;
  if (namespace !== undefined) line += `,"ns":${writeJson(namespace)}`;
  if (userKey !== undefined) line += `,"ukey":${writeJson(userKey)}`;
  if (entry.timestamp !== null) line += `,"timestamp":${entry.timestamp}`;
  if (value !== undefined) line += `,"value":${writeJson(value)}`;
  return `${line}}\n`;
}

function unreadLine(head: string, { state, keyGroup, bytes, reason }: Unread): string {
  const group = keyGroup >= 0 ? `,"kg":${keyGroup}` : '';
  return `${head}${stateField(state, 'unread')}${group},"bytes":${bytes},"reason":${JSON.stringify(reason)}}\n`;
}

function stateField(state: PartState, kind: string): string {
  return `,"state":${JSON.stringify(state.name)},"kind":"${kind}"`;
}

function notFound(what: string, wanted: string, names: readonly string[]): EngineError {
  const some = names.slice(0, 10).join(', ');
  return new EngineError('NOT_FOUND', `The snapshot has no ${what} ${wanted}.`, { hint: `It has: ${some}` });
}
