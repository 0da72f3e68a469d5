import fc, { type Arbitrary } from 'fast-check';
import type { Json } from '../../../../src/engine/json/jsonValue';
import type { DescribedField, DescribedType } from '../../../../src/engine/types/describe/describedType';

/** A described type, and the JSON of values of it. */
export interface ArbitraryDescribed {
  readonly type: DescribedType;
  readonly values: Arbitrary<Json>;
}

const integer = (bits: bigint): Arbitrary<Json> =>
  fc.bigInt({ min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n });
const text: Arbitrary<Json> = fc.string({ unit: 'binary', maxLength: 12 });
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999))
  .map(([h, m, s, ms]) => `${two(h)}:${two(m)}:${two(s)}.${String(ms).padStart(3, '0')}`);
const two = (n: number) => String(n).padStart(2, '0');
const local = fc.tuple(day, time).map(([d, t]) => `${d}T${t}`);
const instant: Arbitrary<Json> = local.map((at) => `${at}Z`);
const double: Arbitrary<Json> = fc.double({ noDefaultInfinity: true, noNaN: true });
const base64: Arbitrary<Json> = fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const list = (values: Arbitrary<Json>): Arbitrary<Json> => fc.array(values, { maxLength: 4 });
const orNull = (values: Arbitrary<Json>): Arbitrary<Json> => fc.option(values, { freq: 5 });

const LEAVES: Readonly<Record<string, Arbitrary<Json>>> = {
  boolean: fc.boolean(),
  byte: integer(8n),
  short: integer(16n),
  int: integer(32n),
  long: integer(64n),
  float: fc.float({ noDefaultInfinity: true, noNaN: true }),
  double,
  char: fc.nat(0xd7ff).map((unit) => String.fromCharCode(unit)),
  string: text,
  void: fc.constant(null),
  biginteger: fc.bigInt().map(String),
  bigdecimal: fc.tuple(fc.bigInt(), fc.nat(20)).map(([n, scale]) => `${n}E-${scale}`),
  date: instant,
  'sql-date': instant,
  'sql-time': instant,
  'sql-timestamp': instant,
  instant,
  localdate: day,
  localtime: time,
  localdatetime: local,
  'byte[]': base64,
  'long[]': list(integer(64n)),
  'string[]': list(orNull(text)),
  'char[]': list(fc.constantFrom('a', 'é')),
  'time-window': fc.tuple(integer(64n), integer(64n)).map(
    ([start, end]) =>
      new Map<string, Json>([
        ['start', start],
        ['end', end],
      ]),
  ),
  'global-window': fc.constant('GlobalWindow'),
  'void-namespace': fc.constant(null),
  varchar: text,
};

const className = fc
  .array(fc.constantFrom('com', 'acme', 'Größe', 'A$B', '_x', 'Zähler2'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'));
const anyName = fc.oneof(
  fc.constantFrom(
    'id',
    'user name',
    'a:b',
    'EXPR$0',
    '{',
    'x,y',
    '"quoted"',
    'a.b-c',
    'not null',
    ' padded ',
    'b\\c',
    '#',
    '1st',
  ),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const names = (count: number) => fc.uniqueArray(anyName, { minLength: count, maxLength: count });

const leaf = fc
  .constantFrom(...Object.entries(LEAVES))
  .map(([name, values]): ArbitraryDescribed => ({ type: { name }, values }));

const anEnum = fc.tuple(className, fc.uniqueArray(anyName, { minLength: 1, maxLength: 4 })).map(
  ([enumClass, constants]): ArbitraryDescribed => ({
    type: { name: 'enum', className: enumClass, constants: constants.map((name) => ({ name })) },
    values: fc.constantFrom(...constants),
  }),
);

type Compose = (parts: readonly ArbitraryDescribed[]) => Arbitrary<ArbitraryDescribed>;

const pairs = (key: ArbitraryDescribed, value: ArbitraryDescribed): Arbitrary<Json> =>
  fc
    .array(fc.tuple(key.values, orNull(value.values)), { maxLength: 3 })
    .map((entries) => new Map<string, Json>([['$map', entries]]));

const tupleOf = (parts: readonly ArbitraryDescribed[]): Arbitrary<Json> =>
  fc.tuple(...parts.map((part) => part.values)).map((values) => [...values]);

const typesOf = (parts: readonly ArbitraryDescribed[]) => parts.map((part) => part.type);

const fixed = (type: DescribedType, values: Arbitrary<Json>) => fc.constant<ArbitraryDescribed>({ type, values });

const COMPOSED: readonly Compose[] = [
  ([a]) => fixed({ name: 'list', arguments: [a.type] }, list(a.values)),
  ([a]) => fixed({ name: 'array', arguments: [a.type] }, list(orNull(a.values))),
  ([a]) =>
    fixed(
      { name: 'set', arguments: [a.type] },
      list(a.values).map((items) => new Map([['$set', items]])),
    ),
  ([a, b]) => fixed({ name: 'map', arguments: [a.type, b.type] }, pairs(a, b)),
  ([a, b]) =>
    fixed(
      { name: 'either', arguments: [a.type, b.type] },
      fc.oneof(
        a.values.map((value) => new Map([['left', value]])),
        b.values.map((value) => new Map([['right', value]])),
      ),
    ),
  ([a]) => fixed({ ...a.type, nullable: true }, orNull(a.values)),
  ([a]) =>
    fixed(
      { name: 'ttl', arguments: [a.type] },
      fc.tuple(integer(64n), a.values).map(
        ([at, value]) =>
          new Map<string, Json>([
            ['$ttl', at],
            ['value', value],
          ]),
      ),
    ),
  (parts) => fixed({ name: 'tuple', arguments: typesOf(parts) }, tupleOf(parts)),
  (parts) => fixed({ name: 'row', arguments: typesOf(parts) }, tupleOf(parts)),
  (parts) =>
    names(parts.length).map((fields) => ({
      type: { name: 'row', fields: fieldsOf(fields, parts) },
      values: tupleOf(parts),
    })),
  (parts) =>
    fc.tuple(className, names(parts.length)).map(([pojoClass, fields]) => ({
      type: { name: 'pojo', className: pojoClass, fields: fieldsOf(fields, parts) },
      values: tupleOf(parts).map((values) => new Map(fields.map((name, i) => [name, (values as Json[])[i]]))),
    })),
];

const fieldsOf = (fields: readonly string[], parts: readonly ArbitraryDescribed[]): DescribedField[] =>
  parts.map(({ type }, i) => ({ name: fields[i], type }));

const SQL_LEAVES: readonly (readonly [DescribedType, Arbitrary<Json>])[] = [
  [{ name: 'boolean' }, fc.boolean()],
  [{ name: 'tinyint' }, integer(8n)],
  [{ name: 'smallint' }, integer(16n)],
  [{ name: 'int' }, integer(32n)],
  [{ name: 'bigint' }, integer(64n)],
  [{ name: 'double' }, double],
  [{ name: 'varchar', parameters: [2147483647] }, fc.string({ unit: 'grapheme', maxLength: 12 })],
  [{ name: 'varbinary', parameters: [16] }, base64],
  [{ name: 'decimal', parameters: [20, 3] }, fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).map((n) => `${n}.125`)],
  [{ name: 'date' }, day],
  [{ name: 'time', parameters: [3] }, time],
  [{ name: 'timestamp', parameters: [3] }, local],
  [{ name: 'timestamp_ltz', parameters: [9] }, local],
  [{ name: 'interval day to second', parameters: [2, 6] }, integer(64n)],
  [{ name: 'interval year', parameters: [2] }, integer(32n)],
];

const sqlLeaf = fc.constantFrom(...SQL_LEAVES).map(([type, values]): ArbitraryDescribed => ({ type, values }));

const SQL_COMPOSED: readonly Compose[] = [
  ([a]) => fixed({ name: 'array', arguments: [a.type] }, list(orNullUnless(a))),
  ([a, b]) => fixed({ name: 'map', arguments: [a.type, b.type] }, pairs(a, b)),
  (parts) =>
    names(parts.length).map((fields) => ({
      type: { name: 'row', fields: fieldsOf(fields, parts) },
      values: tupleOf(parts.map((part) => ({ ...part, values: orNullUnless(part) }))),
    })),
];

const orNullUnless = ({ type, values }: ArbitraryDescribed) => (type.notNull === true ? values : orNull(values));

const sqlType = fc.letrec<{ type: ArbitraryDescribed }>((tie) => ({
  type: fc
    .oneof(
      { maxDepth: 2, withCrossShrink: true },
      sqlLeaf,
      fc
        .tuple(fc.constantFrom(...SQL_COMPOSED), fc.array(tie('type'), { minLength: 2, maxLength: 3 }))
        .chain(([compose, parts]) => compose(parts)),
    )
    .chain((made) =>
      fc.boolean().map((notNull) => (notNull ? { ...made, type: { ...made.type, notNull: true as const } } : made)),
    ),
})).type;

const rowData = fc.array(sqlType, { minLength: 1, maxLength: 4 }).map(
  (parts): ArbitraryDescribed => ({
    type: { name: 'rowData', arguments: typesOf(parts) },
    values: tupleOf(parts.map((part) => ({ ...part, values: orNullUnless(part) }))),
  }),
);

/** Types of some depth. */
export const anyDescribed: Arbitrary<ArbitraryDescribed> = fc.letrec<{ type: ArbitraryDescribed }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof({ weight: 6, arbitrary: leaf }, { weight: 1, arbitrary: anEnum }, { weight: 2, arbitrary: rowData }),
    fc
      .tuple(fc.constantFrom(...COMPOSED), fc.array(tie('type'), { minLength: 2, maxLength: 3 }))
      .chain(([compose, parts]) => compose(parts)),
  ),
})).type;
