import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartState } from '../../../../src/engine/backends/part';
import type { KeptEntry } from '../../../../src/engine/rows/keptEntry';
import type { TypeInfo } from '../../../../src/engine/types/typeInfo';
import {
  AlternativeValue,
  BigIntegerValue,
  DecimalValue,
  EncodedValue,
  EnumValue,
  InstantValue,
  LocalDateTimeValue,
  LocalDateValue,
  LocalTimeValue,
  MapValue,
  OpaqueValue,
  RawFloat,
  RecordValue,
  RowValue,
  SetValue,
  TtlValue,
} from '../../../../src/engine/types/values';
import type { ValueNode } from '../../../../src/view/shownEntries';
import { cellOf as cellIn } from '../../../../src/worker/entries/cellText';
import { Columns } from '../../../../src/worker/entries/columns';
import { jsonLines } from '../../../../src/worker/entries/jsonLines';
import { TimeZone } from '../../../../src/worker/entries/timeZone';
import { typedText } from '../../../../src/worker/entries/typedText';
import { valueTree as treeIn } from '../../../../src/worker/entries/valueTree';
import { codecOf, simple } from '../../../engine/types/snapshotBytes';

const of = (name: string, more: Partial<TypeInfo> = {}): TypeInfo => ({ name, serializer: '', ...more });
const long = of('long');
const string = of('string');
const tuple = of('tuple', { arguments: [string, long] });
const cellOf = (value: unknown, type: TypeInfo | undefined) => cellIn(value, type, TimeZone.UTC);
const valueTree = (value: unknown, type: TypeInfo | undefined) => treeIn(value, type, TimeZone.UTC);
const text = (value: unknown, type?: TypeInfo) => cellOf(value, type).text;

describe('what is typed for a key', () => {
  it('is no null, which is under no key: for a string it is the word', () => {
    const codec = codecOf(simple('StringSerializer'));
    const bytes = (typed: string) => [...typedText(typed, 'key', codec, 128).bytes];
    expect(bytes('null')).toEqual(bytes('"null"'));
    expect(bytes('null')).not.toEqual(bytes('""'));
  });
});

describe('a cell', () => {
  it('shows every number as it is', () => {
    const shown = [0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 1.5, 5e-324, 2n ** 63n - 1n, -(2n ** 63n)].map((n) =>
      text(n),
    );
    expect(shown).toEqual([
      '0',
      '-0.0',
      'NaN',
      '-Infinity',
      '1.5',
      '5e-324',
      '9223372036854775807',
      '-9223372036854775808',
    ]);
    expect(cellOf(new RawFloat(0x7fc00001n, 32), of('float'))).toMatchObject({ text: 'NaN', hint: '0x7fc00001' });
    fc.assert(fc.property(fc.bigInt(), (n) => text(n) === n.toString()));
    fc.assert(fc.property(fc.double({ noNaN: true }), (n) => Object.is(Number(text(n)), n)));
  });

  it('tells null, the empty text, what is missing and the text “null” apart', () => {
    expect([null, '', undefined, 'null'].map((value) => cellOf(value, string).look)).toEqual([
      'null',
      'empty',
      'missing',
      'text',
    ]);
  });

  it('has a line for every kind of value', () => {
    const cases: [unknown, TypeInfo | undefined, string][] = [
      [['a', 5n], tuple, '{f0: a, f1: 5}'],
      [[1, 2], of('list', { arguments: [long] }), '[2] 1, 2'],
      [[], of('list'), '[0]'],
      [[''], of('list'), '[1] ""'],
      [
        new MapValue([
          ['a', 1n],
          [['x', 2n], null],
        ]),
        undefined,
        '[2] a: 1, [2] x, 2: null',
      ],
      [new SetValue(['a']), undefined, '[1] a'],
      [new RecordValue(['id', 'name'], [1n, '']), undefined, '{id: 1, name: ""}'],
      [new RecordValue([], []), undefined, '{}'],
      [new RowValue('-D', [1], null), undefined, '{f0: 1}'],
      [new TtlValue(0n, 5), undefined, '{value: 5, lastAccess: 0}'],
      [new AlternativeValue('left', 'x'), undefined, '{left: x}'],
      [new EncodedValue(new Uint8Array(3), 'kryo'), undefined, 'kryo'],
      [new EnumValue('DEPOSIT', 0), undefined, 'DEPOSIT'],
      [new BigIntegerValue(2n ** 70n), undefined, String(2n ** 70n)],
      [new DecimalValue(-12345n, 2), undefined, '-123.45'],
      [new InstantValue(0n, 5), undefined, '1970-01-01T00:00:00.000000005Z'],
      [new LocalDateValue(2024, 2, 29), undefined, '2024-02-29'],
      [new LocalTimeValue(23, 59, 0, 0), undefined, '23:59:00'],
      [
        new LocalDateTimeValue(new LocalDateValue(1, 1, 1), new LocalTimeValue(0, 0, 0, 0)),
        undefined,
        '0001-01-01T00:00:00',
      ],
      [Uint8Array.of(1, 255), undefined, '[2] 01 ff'],
      [new Uint8Array(0), undefined, '[0]'],
      [true, undefined, 'true'],
      ['two\nlines\there', undefined, 'two⏎lines⇥here'],
    ];
    for (const [value, type, shown] of cases) expect(text(value, type)).toBe(shown);
  });

  it('hides nothing and keeps its order, whatever characters stand in it', () => {
    expect(text('a\u202egnp.exe\u0000\ud800')).toBe('a[U+202E]gnp.exe[U+0000][U+D800]');
    expect(text('👩‍👧 1')).toBe('👩‍👧 1');
    const hebrew = 'שלום';
    // Alone it has a cell of its own; among others it would take the comma and the number with it.
    expect(text(hebrew)).toBe(hebrew);
    expect(text([hebrew, 5n], tuple)).toBe(`{f0: \u2068${hebrew}\u2069, f1: 5}`);
    expect(text(['\u2069\u2067a', 5n], tuple)).toBe('{f0: [U+2069][U+2067]a, f1: 5}');
    const { children } = valueTree(new RecordValue(['x\u202e'], ['y\u202e']), undefined);
    // What is copied is the text itself.
    expect(children).toMatchObject([{ label: 'x[U+202E]', text: 'y\u202e' }]);
  });

  it('says why bytes are not decoded', () => {
    expect(cellOf(new OpaqueValue(Uint8Array.of(7), 'Unknown class.'), long)).toEqual({
      ...{ look: 'opaque', text: '[1] 07', cut: false, hint: 'Unknown class.' },
    });
  });

  it('is short whatever the value is, and never ends within a character', () => {
    const { text, cut } = cellOf('😀'.repeat(10_000), string);
    expect(cut).toBe(true);
    expect(text.length).toBeLessThanOrEqual(201);
    // Half of a character has no encoding.
    expect(() => encodeURIComponent(text)).not.toThrow();
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(cellOf(deep, undefined).text).toContain('…');
    expect(
      cellOf(
        Array.from({ length: 1_000_000 }, () => 1),
        undefined,
      ).text.length,
    ).toBeLessThanOrEqual(201);
  });
});

describe('a tree', () => {
  it('holds the whole of a long text, with the types of fields', () => {
    const value = new RecordValue(['name', 'none'], ['x'.repeat(50_000), undefined]);
    const type = of('pojo', {
      className: 'com.acme.A',
      fields: [
        { name: 'name', type: string },
        { name: 'none', type: long },
      ],
    });
    const tree = valueTree(value, type);
    expect(tree).toMatchObject({ label: null, look: 'composite', type: 'pojo com.acme.A' });
    expect(tree.children.map((c) => [c.label, c.type, c.look, c.text.length])).toEqual([
      ['name', 'string', 'text', 50_000],
      ['none', 'long', 'missing', 0],
    ]);
  });

  it('is bounded in depth, number and length', () => {
    const count = (node: ValueNode): number => node.children.reduce((sum, child) => sum + count(child), 1);
    const wide = valueTree(
      Array.from({ length: 100_000 }, () => [1, 2, 3]),
      undefined,
    );
    expect(count(wide)).toBeLessThan(2100);
    expect(wide.more).toBe(100_000 - wide.children.length);
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(count(valueTree(deep, undefined))).toBeLessThan(100);
    const long = valueTree(['x'.repeat(900_000), 'y'.repeat(900_000)], undefined);
    expect(long.children.map((c) => [c.text.length, c.cut])).toEqual([
      [900_000, false],
      [100_000, true],
    ]);
  });

  it('names entries of a map by their keys', () => {
    expect(
      valueTree(
        new MapValue([
          ['', 1],
          [new Uint8Array(2), 2],
        ]),
        undefined,
      ).children.map((c) => c.label),
    ).toEqual(['""', '[2] 00 00']);
  });
});

describe('instants', () => {
  it('are those of the milliseconds, before 1970 and at the ends of a long too', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(-62135596800000), max: new Date(253402300799999) }),
        (date) => {
          const expected = date.toISOString().replace('.000Z', 'Z');
          expect(TimeZone.UTC.millis(BigInt(date.getTime()))).toBe(expected);
        },
      ),
    );
    expect(TimeZone.UTC.millis(2n ** 63n - 1n)).toBe('+292278994-08-17T07:12:55.807Z');
    expect(TimeZone.UTC.millis(-(2n ** 63n))).toBe('-292275055-05-16T16:47:04.192Z');
  });
});

describe('JSON in lines', () => {
  it('is the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text, cut } = jsonLines(JSON.stringify(value), 1_000_000);
        expect(cut).toBe(false);
        expect(text).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('stops near its limit', () => {
    const { text, cut } = jsonLines(JSON.stringify(Array.from({ length: 10_000 }, () => 'abc')), 100);
    expect(cut).toBe(true);
    expect(text.length).toBeLessThan(120);
    expect(jsonLines(JSON.stringify('x'.repeat(10_000)), 100).text.length).toBeLessThan(120);
  });
});

describe('columns', () => {
  const codec = (type: TypeInfo) => ({ type }) as PartState['key'];
  const state = (more: Partial<PartState>): PartState => ({
    ...{ name: 's', kind: 'value', meta: null, key: codec(string), namespace: null, userKey: null, value: codec(long) },
    layout: 'whole',
    ...more,
  });
  const entry = (of: PartState, timestamp: bigint | null = null): KeptEntry =>
    ({ raw: { state: of, keyGroup: 3, index: -1, timestamp }, subtask: { index: 1 } }) as KeptEntry;
  const decoded = { key: 'k', namespace: undefined, userKey: undefined, value: undefined };

  it('split what has few fields, of tuples, windows and values with a time-to-live', () => {
    const timer = state({ kind: 'timer', layout: 'none', key: codec(tuple), namespace: codec(of('time-window')) });
    const columns = new Columns(timer);
    expect(columns.shown.map((c) => [c.part, c.field])).toEqual([
      ['key', 'f0'],
      ['key', 'f1'],
      ['namespace', 'start'],
      ['namespace', 'end'],
      ['timestamp', null],
      ['keyGroup', null],
      ['subtask', null],
    ]);
    const window = new RecordValue(['start', 'end'], [0n, 1000n]);
    const cells = columns.cells(entry(timer, 5n), { ...decoded, key: ['a', 7n], namespace: window }, TimeZone.UTC);
    expect(cells.map((c) => c.text)).toEqual(['a', '7', '0', '1000', '5', '3', '1']);
    expect(cells.map((c) => c.hint)).toEqual([
      null,
      null,
      '1970-01-01T00:00:00Z',
      '1970-01-01T00:00:01Z',
      '1970-01-01T00:00:00.005Z',
      null,
      null,
    ]);
    const ttl = state({ value: codec(of('ttl', { arguments: [tuple] })) });
    const row = new Columns(ttl).cells(entry(ttl), { ...decoded, value: new TtlValue(9n, ['a', 1n]) }, TimeZone.UTC);
    expect(row.map((c) => c.text)).toEqual(['k', 'a', '1', '9', '3', '1']);
  });

  it('keep together what has many, and show whole what has none: null and undecoded bytes', () => {
    const fields = Array.from({ length: 13 }, (_, i) => ({ name: `f${i}`, type: long }));
    expect(
      new Columns(state({ value: codec(of('pojo', { fields })) })).shown.filter((c) => c.part === 'value'),
    ).toHaveLength(1);
    const pojo = state({ value: codec(of('pojo', { fields: fields.slice(0, 2) })) });
    for (const value of [null, new OpaqueValue(Uint8Array.of(1), 'why')]) {
      const looks = new Columns(pojo).cells(entry(pojo), { ...decoded, value }, TimeZone.UTC).map((c) => c.look);
      expect(looks).toEqual(['text', value === null ? 'null' : 'opaque', 'missing', 'number', 'number']);
    }
  });
});
