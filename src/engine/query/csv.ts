import type { RawEntry, Unread } from '../backends/part';
import { EntryDecoder } from '../decodeEntry';
import type { JsonBytes } from '../json/jsonBytes';
import { writeJson } from '../json/writeJson';
import type { DumpFormat, LineOwner, LineWriter } from './dumpFormat';

/**
 * A dump as a table (RFC 4180): a column for each field; keys, namespaces and values as their JSON, strings among them with
 * their quotes, so that a number and a string of digits stay apart.
 */
export const csv: DumpFormat = {
  header: 'op,subtask,state,kind,kg,index,key,ns,ukey,timestamp,value,bytes,reason\r\n',
  lines: (out) => new CsvRows(out),
};

class CsvRows implements LineWriter {
  private readonly decoder = new EntryDecoder();

  constructor(private readonly out: JsonBytes) {}

  entry({ operator, subtask }: LineOwner, entry: RawEntry): void {
    const { state, keyGroup, index, timestamp } = entry;
    const { key, namespace, userKey, value } = this.decoder.decode(entry);
    this.row([
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
  }

  unread({ operator, subtask }: LineOwner, { state, keyGroup, bytes, reason }: Unread): void {
    const group = keyGroup >= 0 ? keyGroup : '';
    this.row([operator.id, subtask.index, state.name, 'unread', group, '', '', '', '', '', '', bytes, reason]);
  }

  private row(cells: readonly (string | number | bigint)[]): void {
    this.out.text(`${cells.map(cell).join(',')}\r\n`);
  }
}

const json = (value: unknown): string => (value === undefined ? '' : writeJson(value));

function cell(content: string | number | bigint): string {
  const text = String(content);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
