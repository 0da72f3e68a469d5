import type { EntryCell, EntryColumn, EntryDetail, Look, ShownPart, ValueNode } from '../../../src/view/shownEntries';

/** Entries as the engine's thread hands them out, by hand: those of the shop's users, with all that a value can be. */

export const cell = (look: Look, text: string, more: Partial<EntryCell> = {}): EntryCell => ({
  look,
  text,
  cut: false,
  hint: null,
  ...more,
});

export const column = (id: string, more: Partial<EntryColumn>): EntryColumn => ({
  id,
  part: 'value',
  field: null,
  type: null,
  numeric: false,
  expandable: false,
  parent: null,
  ...more,
});

export const columns: EntryColumn[] = [
  column('key', { part: 'key', type: 'string' }),
  column('value.0', { field: 'amount', type: 'double', numeric: true }),
  column('value.1', { field: 'id', type: 'long', numeric: true }),
  column('value.2', { field: 'name', type: 'string' }),
  column('value.3', { field: 'tags', type: 'list<string>?' }),
  column('value.4', {
    field: 'address',
    type: 'pojo com.acme.shop.Address {city: string, zip: string?}',
    expandable: true,
  }),
  column('lastAccess', { part: 'lastAccess', type: 'long', numeric: true }),
  column('keyGroup', { part: 'keyGroup', numeric: true }),
  column('subtask', { part: 'subtask', numeric: true }),
];

const AMOUNTS = ['-65528.81', 'NaN', '-0.0', '-Infinity', '9007199254740993.5', '0', '1.0E-5'];
const WHY = 'The value is a com.acme.shop.Guest, a subclass that the snapshot does not describe.';

export function row(index: number): EntryCell[] {
  const key = cell('text', `user-${String(index * 7919).padStart(9, '0')}`);
  const ends = [
    cell('number', String(1_700_000_000_000 + index), { hint: '2023-11-14T22:13:20Z' }),
    cell('number', String(Math.floor(index / 20))),
    cell('number', String(index % 4)),
  ];
  const gap = cell('missing', '');
  if (index % 9 === 5) return [key, cell('opaque', '[12] 00 01 ff', { hint: WHY }), gap, gap, gap, gap, ...ends];
  if (index % 9 === 6) return [key, cell('null', 'null'), gap, gap, gap, gap, ...ends];
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
    cell('composite', `{city: Turin, zip: ${10_000 + index}}`),
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
  bytes: null,
  children: [],
  more: 0,
  ...more,
});

const SERIALIZER = 'org.apache.flink.api.java.typeutils.runtime.PojoSerializer';

/** Everything about a user; `length` bytes of the value are said to be there. */
export function detail(index: number): EntryDetail {
  const cells = row(index);
  const [key, amount, id, name] = cells;
  const isOpaque = amount?.look === 'opaque';
  const head = Uint8Array.from({ length: isOpaque ? 12 : 4096 }, (_, i) => (i * 7 + 65) & 0xff);
  const tags = ['vip', 'us', 'beta'].map((text, i) =>
    leaf(String(i), 'text', text, 'string', { bytes: { from: 40 + 5 * i, to: 45 + 5 * i } }),
  );
  const value: ValueNode = isOpaque
    ? leaf('', 'opaque', amount.text, 'pojo com.acme.shop.User', { label: null, hint: WHY })
    : leaf('', 'composite', '', 'pojo com.acme.shop.User', {
        label: null,
        bytes: { from: 0, to: 4096 },
        children: [
          leaf('amount', 'number', amount?.text ?? '', 'double', { bytes: { from: 2, to: 10 } }),
          leaf('id', 'number', id?.text ?? '', 'long', { bytes: { from: 11, to: 19 } }),
          leaf('name', name?.look ?? 'text', name?.text ?? '', 'string', {
            cut: name?.cut ?? false,
            bytes: { from: 20, to: 35 },
          }),
          leaf('nothing', 'null', 'null', 'string?'),
          leaf('tags', 'composite', '[3]', 'list<string>?', { children: tags, bytes: { from: 36, to: 55 } }),
        ],
      });
  const parts: ShownPart[] = [
    {
      part: 'value',
      node: value,
      bytes: { head, length: isOpaque ? 12 : 70_000 },
      place: null,
      serializer: SERIALIZER,
    },
    {
      part: 'key',
      node: leaf('', 'text', key?.text ?? '', 'string', { label: null, bytes: { from: 0, to: 14 } }),
      bytes: { head: new TextEncoder().encode(key?.text ?? ''), length: key?.text.length ?? 0 },
      place: { file: '/snapshots/part-1', offset: 4096, form: 'unpacked', inside: 17 },
      serializer: 'org.apache.flink.api.common.typeutils.base.StringSerializer',
    },
  ];
  return {
    parts,
    json: { text: `{\n  "amount": ${amount?.text ?? ''},\n  "id": ${id?.text ?? ''}\n}`, cut: false },
    timestamp: null,
    keyGroup: Math.floor(index / 20),
    index: null,
    subtask: index % 4,
    file: '/home/ada/jobs/shop/savepoints/savepoint-9f31c2-4be07d/fdc4525c-9d1f-4e55-b6d3-6d8e7f7a2c10',
  };
}
