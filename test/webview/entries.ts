import { EngineError } from '../../src/engine/bytes/engineError';
import type {
  EntryCell,
  EntryColumn,
  EntryDetail,
  EntryPage,
  EntryProgress,
  EntryQuery,
  EntryRow,
  Look,
  ValueNode,
} from '../../src/view/shownEntries';
import { problem } from './samples';

/** Entries as the engine's thread hands them out, by hand: those of the shop's users, with all that a value can be. */

const cell = (look: Look, text: string, more: Partial<EntryCell> = {}): EntryCell => ({
  look,
  text,
  cut: false,
  hint: null,
  ...more,
});

const column = (id: string, more: Partial<EntryColumn>): EntryColumn => ({
  id,
  part: 'value',
  field: null,
  type: null,
  numeric: false,
  ...more,
});

export const columns: EntryColumn[] = [
  column('key', { part: 'key', type: 'string' }),
  column('value.0', { field: 'amount', type: 'double', numeric: true }),
  column('value.1', { field: 'id', type: 'long', numeric: true }),
  column('value.2', { field: 'name', type: 'string' }),
  column('value.3', { field: 'tags', type: 'list<string>?' }),
  column('lastAccess', { part: 'lastAccess', type: 'long', numeric: true }),
  column('keyGroup', { part: 'keyGroup', numeric: true }),
  column('subtask', { part: 'subtask', numeric: true }),
];

const AMOUNTS = ['-65528.81', 'NaN', '-0.0', '-Infinity', '9007199254740993.5', '0', '1.0E-5'];
const WHY = 'The value is a com.acme.shop.Guest, a subclass that the snapshot does not describe.';

export function row(index: number): EntryRow {
  const key = cell('text', `user-${String(index * 7919).padStart(9, '0')}`);
  const ends = [
    cell('number', String(1_700_000_000_000 + index), { hint: '2023-11-14T22:13:20Z' }),
    cell('number', String(Math.floor(index / 20))),
    cell('number', String(index % 4)),
  ];
  const gap = cell('missing', '');
  if (index % 9 === 5) return [key, cell('opaque', '[12] 00 01 ff', { hint: WHY }), gap, gap, gap, ...ends];
  if (index % 9 === 6) return [key, cell('null', 'null'), gap, gap, gap, ...ends];
  return [
    key,
    cell('number', AMOUNTS[index % AMOUNTS.length] ?? ''),
    cell('number', String(9223372036854775807n - BigInt(index))),
    index % 9 === 2
      ? cell('empty', '')
      : index % 9 === 3
        ? cell('text', `${'Long name '.repeat(20)}…`, { cut: true })
        : index % 9 === 4
          ? cell('text', '<img src=x onerror=alert(1)>')
          : cell('text', `Ada ${index}`),
    index % 9 === 7 ? cell('null', 'null') : cell('composite', '[3] vip, us, beta'),
    ...ends,
  ];
}

const leaf = (label: string, look: Look, text: string, type: string, more: Partial<ValueNode> = {}): ValueNode => ({
  label,
  look,
  text,
  type,
  cut: false,
  hint: null,
  children: [],
  more: 0,
  ...more,
});

export function detail(index: number): EntryDetail {
  const cells = row(index);
  const [key, amount, id, name] = cells;
  const isOpaque = amount?.look === 'opaque';
  const head = Uint8Array.from({ length: isOpaque ? 12 : 4096 }, (_, i) => (i * 7 + 65) & 0xff);
  const tags = ['vip', 'us', 'beta'].map((text, i) => leaf(String(i), 'text', text, 'string'));
  const value: ValueNode = isOpaque
    ? leaf('', 'opaque', amount.text, 'pojo com.acme.shop.User', { label: null, hint: WHY })
    : leaf('', 'composite', '', 'pojo com.acme.shop.User', {
        label: null,
        children: [
          leaf('amount', 'number', amount?.text ?? '', 'double'),
          leaf('id', 'number', id?.text ?? '', 'long'),
          leaf('name', name?.look ?? 'text', name?.text ?? '', 'string', { cut: name?.cut ?? false }),
          leaf('nothing', 'null', 'null', 'string?'),
          leaf('tags', 'composite', '[3]', 'list<string>?', { children: tags }),
        ],
      });
  return {
    parts: [
      { part: 'value', node: value, bytes: { head, length: isOpaque ? 12 : 70_000 }, place: null },
      {
        part: 'key',
        node: leaf('', 'text', key?.text ?? '', 'string', { label: null }),
        bytes: { head: new TextEncoder().encode(key?.text ?? ''), length: key?.text.length ?? 0 },
        place: { file: '/snapshots/part-1', offset: 4096, form: 'unpacked', inside: 17 },
      },
    ],
    json: { text: `{\n  "amount": ${amount?.text ?? ''},\n  "id": ${id?.text ?? ''}\n}`, cut: false },
    timestamp: null,
    keyGroup: Math.floor(index / 20),
    index: null,
    subtask: index % 4,
    file: '/home/ada/jobs/shop/savepoints/savepoint-9f31c2-4be07d/fdc4525c-9d1f-4e55-b6d3-6d8e7f7a2c10',
  };
}

const TOTAL = 230;

/** A page of the 230 users. A filter matches every tenth; the key `nobody` is not there, and `{` is no key. */
export function entryPage({ key, filter, page }: EntryQuery & { page: number }): EntryPage {
  if (key === '{') throw new EngineError('BAD_VALUE', 'The key does not fit its type, string: expected a string.');
  if (filter === 'value.') {
    throw new EngineError('BAD_ARGUMENT', 'The filter cannot be understood: unexpected end.', {
      hint: "Filters are CEL, for example: key.startsWith('user-')",
    });
  }
  const all = Array.from({ length: TOTAL }, (_, i) => row(i))
    .filter((cells) => key === null || cells[0]?.text === key)
    .filter((_, i) => filter === null || i % 10 === 0);
  const first = Math.min(page * 100, all.length);
  const rows = all.slice(first, first + 100);
  return {
    page,
    first,
    columns: rows.length === 0 ? [] : columns,
    rows,
    read: filter === null ? Math.min(TOTAL, first + 100) : TOTAL,
    ended: first + rows.length >= all.length,
    stopped: false,
    keyGroup: key === null ? null : 42,
    problems: [],
    moreProblems: 0,
  };
}

/** The same with state that could not be read. */
export function partlyRead(query: EntryQuery & { page: number }): EntryPage {
  const where = 'subtask 2';
  return {
    ...entryPage(query),
    problems: [problem('error', 'FILE_NOT_FOUND', 'There is no file fdc4525c.', { where })],
    moreProblems: 3,
  };
}

/** Finds a row now and then until told to stop, and goes on when asked again. */
export class SlowEntries {
  private found = 0;
  stops = 0;

  async page(
    query: EntryQuery & { page: number },
    signal: AbortSignal,
    progress: (progress: EntryProgress) => void,
  ): Promise<EntryPage> {
    let told = 0;
    while (!signal.aborted && this.found < 100) {
      this.found++;
      const rows = Array.from({ length: this.found - told }, (_, i) => row(told + i));
      progress({ read: this.found * 1000, columns, first: 0, from: told, rows });
      told = this.found;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    if (signal.aborted) this.stops++;
    const rows = Array.from({ length: this.found }, (_, i) => row(i));
    return {
      ...entryPage({ ...query, filter: null }),
      rows,
      read: this.found * 1000,
      ended: false,
      stopped: signal.aborted,
    };
  }
}
