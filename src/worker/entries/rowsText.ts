import { type DecodedEntry, EntryDecoder } from '../../engine/decodeEntry';
import { writeJson } from '../../engine/json/writeJson';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import { type CopyFormat, MOST_COPIED, MOST_ROWS, type RowSelection, type RowsCopied } from '../../view/shownRows';
import type { Column, Columns } from './columns';
import { entryLine } from './entryDetail';
import type { StateSession } from './stateSession';
import { TimeZone } from './timeZone';
import { wholeText } from './wholeText';

/** Characters that a copy takes. */
const MOST_CHARACTERS = 64 << 20;

/** Rows as text, JSON or CSV, as far as a copy takes them. */
export async function rowsText(
  session: StateSession,
  selection: RowSelection,
  signal: AbortSignal,
): Promise<RowsCopied & { text: string }> {
  const { ranges, columns: ids, format, zone } = selection;
  const shown = await session.columns(selection.expand, signal);
  const columns = shown === null ? [] : chosen(shown, ids);
  const whole = ids === null && format === 'json';
  const writer = new RowWriter(columns, format, whole, TimeZone.named(zone));
  let cut = false;
  for (const range of ranges) {
    for await (const entry of entriesOf(session, selection, range, signal)) {
      cut = writer.rows >= MOST_COPIED || writer.characters >= MOST_CHARACTERS;
      if (cut) break;
      writer.add(entry);
    }
    if (cut) break;
  }
  return { text: writer.text(), rows: writer.rows, cut };
}

function chosen(columns: Columns, ids: readonly string[] | null): readonly Column[] {
  if (ids === null) return columns.all;
  return ids.flatMap((id) => columns.find(id) ?? []);
}

/** Entries from one place to another, in the order of the query. */
async function* entriesOf(
  session: StateSession,
  query: RowSelection,
  { from, to }: RowSelection['ranges'][number],
  signal: AbortSignal,
): AsyncGenerator<KeptEntry> {
  const list = await session.list(query, signal);
  let at = from;
  for (;;) {
    const window = await list.window({ at: { place: at }, before: 0, count: MOST_ROWS }, signal);
    for (const [i, entry] of window.entries.entries()) {
      // The last of a window is the first of the next.
      if (i === window.entries.length - 1 && i > 0 && !window.isEnd) break;
      yield entry;
      if (entry.at.block === to.block && entry.at.index === to.index) return;
    }
    const last = window.entries.at(-1);
    if (last === undefined || window.isEnd || window.entries.length === 1) return;
    at = last.at;
  }
}

class RowWriter {
  rows = 0;
  characters = 0;
  private readonly lines: string[] = [];
  private readonly decoder = new EntryDecoder();

  constructor(
    private readonly columns: readonly Column[],
    private readonly format: CopyFormat,
    private readonly whole: boolean,
    private readonly zone: TimeZone,
  ) {
    if (format === 'csv') this.lines.push(columns.map((column) => csvCell(nameOf(column))).join(','));
  }

  add(entry: KeptEntry): void {
    this.rows++;
    const line = this.whole ? entryLine(entry) : this.line(entry, this.decoder.decode(entry.raw));
    this.lines.push(line);
    this.characters += line.length;
  }

  text(): string {
    const { lines, format } = this;
    if (format === 'json') return lines.length === 1 ? (lines[0] ?? '') : `[\n${lines.join(',\n')}\n]`;
    if (format === 'csv') return `${lines.join('\r\n')}\r\n`;
    return lines.join('\n');
  }

  private line(entry: KeptEntry, decoded: DecodedEntry): string {
    const { columns, format, zone } = this;
    const values = columns.map((column) => column.value(entry, decoded));
    if (format === 'json') {
      const jsons = values.map((value) => (value === undefined ? 'null' : writeJson(value)));
      if (jsons.length === 1) return jsons[0] ?? '';
      return `{${jsons.map((json, i) => `${JSON.stringify(nameOf(columns[i]))}:${json}`).join(',')}}`;
    }
    const texts = values.map((value, i) => wholeText(value, columns[i]?.type, zone));
    if (format === 'csv') return texts.map(csvCell).join(',');
    return texts.length === 1 ? (texts[0] ?? '') : texts.map(tabbedCell).join('\t');
  }
}

/** `value.amount`; what has no fields is named by its part. */
function nameOf(column: Column | undefined): string {
  if (column === undefined) return '';
  const { part, field } = column.shown;
  return field === null ? part : `${part}.${field}`;
}

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** As spreadsheets take it. */
const tabbedCell = (text: string): string => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
