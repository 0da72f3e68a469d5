import type { RawEntry, Unread } from '../backends/part';
import type { DecodedEntry } from '../decodeEntry';
import type { EntryBatch } from '../entries';
import { writeJson } from '../json/writeJson';

/** How the lines of a dump are written. Each line ends with its line break. */
export interface DumpFormat {
  /** What stands before the first line. */
  readonly header: string;
  entry(batch: EntryBatch, entry: RawEntry, decoded: DecodedEntry): string;
  unread(batch: EntryBatch, unread: Unread): string;
}

/** One JSON object a line. */
export const ndjson: DumpFormat = {
  header: '',
  entry(batch, { state, keyGroup, index, timestamp }, { key, namespace, userKey, value }) {
    let line = lineHead(batch, state.name, state.kind);
    if (keyGroup >= 0) line += `,"kg":${keyGroup}`;
    if (index >= 0) line += `,"index":${index}`;
    if (key !== undefined) line += `,"key":${writeJson(key)}`;
    if (namespace !== undefined) line += `,"ns":${writeJson(namespace)}`;
    if (userKey !== undefined) line += `,"ukey":${writeJson(userKey)}`;
    if (timestamp !== null) line += `,"timestamp":${timestamp}`;
    if (value !== undefined) line += `,"value":${writeJson(value)}`;
    return `${line}}\n`;
  },
  unread(batch, { state, keyGroup, bytes, reason }) {
    const group = keyGroup >= 0 ? `,"kg":${keyGroup}` : '';
    return `${lineHead(batch, state.name, 'unread')}${group},"bytes":${bytes},"reason":${JSON.stringify(reason)}}\n`;
  },
};

/** What neighbouring lines have in common at their beginning. */
let lastHead = { operator: '', subtask: -1, state: '', kind: '', text: '' };

function lineHead({ operator: { id }, subtask: { index } }: EntryBatch, state: string, kind: string): string {
  const last = lastHead;
  if (last.state === state && last.kind === kind && last.subtask === index && last.operator === id) return last.text;
  // Joined, it is one string and not a tree of them, which would be walked again for each line.
  const text = ['{"op":"', id, '","subtask":', index, ',"state":', JSON.stringify(state), ',"kind":"', kind, '"'].join(
    '',
  );
  lastHead = { operator: id, subtask: index, state, kind, text };
  return text;
}

/**
 * The same as a table (RFC 4180): a column for each field; keys, namespaces and values as their JSON, strings among them
 * with their quotes, so that a number and a string of digits stay apart.
 */
export const csv: DumpFormat = {
  header: 'op,subtask,state,kind,kg,index,key,ns,ukey,timestamp,value,bytes,reason\r\n',
  entry({ operator, subtask }, { state, keyGroup, index, timestamp }, { key, namespace, userKey, value }) {
    return row([
      operator.id,
      subtask.index,
      state.name,
      state.kind,
      keyGroup >= 0 ? keyGroup : '',
      index >= 0 ? index : '',
      json(key),
      json(namespace),
      json(userKey),
      timestamp ?? '',
      json(value),
      '',
      '',
    ]);
  },
  unread({ operator, subtask }, { state, keyGroup, bytes, reason }) {
    const group = keyGroup >= 0 ? keyGroup : '';
    return row([operator.id, subtask.index, state.name, 'unread', group, '', '', '', '', '', '', bytes, reason]);
  },
};

const json = (value: unknown): string => (value === undefined ? '' : writeJson(value));

function row(cells: readonly (string | number | bigint)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(content: string | number | bigint): string {
  const text = String(content);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
