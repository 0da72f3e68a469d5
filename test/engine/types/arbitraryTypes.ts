import fc, { type Arbitrary } from 'fast-check';
import { dateOfDay } from '../../../src/engine/json/temporalText';
import {
  AlternativeValue,
  BigIntegerValue,
  DecimalValue,
  EnumValue,
  InstantValue,
  LocalDateTimeValue,
  type LocalDateValue,
  LocalTimeValue,
  MapValue,
  RecordValue,
  RowValue,
  SetValue,
} from '../../../src/engine/types/values';
import * as snapshots from './snapshotBytes';
import { type Snapshot, simple } from './snapshotBytes';

/** A type as its snapshot, and values of it. `fixed` is the length of its values, where they have one. */
export interface ArbitraryType {
  readonly snapshot: Snapshot;
  readonly values: Arbitrary<unknown>;
  readonly fixed: number | null;
}

const long = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const anyString = fc.string({
  unit: fc.oneof(fc.constantFrom('a', 'é', '€', '\0', '\ud83d', '\ude00'), fc.string({ minLength: 1, maxLength: 1 })),
  maxLength: 12,
});
const date = fc.integer({ min: -1_000_000, max: 4_000_000 }).map(dateOfDay);
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999_999))
  .map(([h, m, s, n]) => new LocalTimeValue(h, m, s, n));
const millis = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.nat(999))
  .map(([s, ms]) => new InstantValue(s, ms * 1_000_000));
const nanos = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.nat(999_999_999))
  .map(([s, n]) => new InstantValue(s, n));
const bytes = fc.uint8Array({ maxLength: 10 });
const orNull = <T>(values: Arbitrary<T>) => fc.option(values, { nil: null, freq: 6 });

const leaf = (name: string, values: Arbitrary<unknown>, fixed: number | null = null): ArbitraryType => ({
  snapshot: simple(name),
  values,
  fixed,
});

/** Its values are strings here, but not in Java. */
const CHAR = leaf(
  'CharSerializer',
  fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
  2,
);

export const LEAVES: readonly ArbitraryType[] = [
  leaf('BooleanSerializer', fc.boolean(), 1),
  leaf('ByteSerializer', fc.integer({ min: -128, max: 127 }), 1),
  leaf('ShortSerializer', fc.integer({ min: -32768, max: 32767 }), 2),
  leaf('IntSerializer', fc.integer(), 4),
  leaf('LongSerializer', long, 8),
  leaf('FloatSerializer', fc.float(), 4),
  leaf('DoubleSerializer', fc.double(), 8),
  CHAR,
  leaf('StringSerializer', orNull(anyString)),
  leaf('VoidSerializer', fc.constant(null), 1),
  leaf('StringValueSerializer', anyString),
  leaf('NullValueSerializer', fc.constant(null), 0),
  leaf('LongValueSerializer', long, 8),
  leaf('BigIntSerializer', orNull(fc.bigInt().map((n) => new BigIntegerValue(n)))),
  leaf('BigDecSerializer', orNull(fc.tuple(fc.bigInt(), fc.integer()).map(([n, scale]) => new DecimalValue(n, scale)))),
  leaf('DateSerializer', orNull(millis), 8),
  leaf('SqlDateSerializer', orNull(millis), 8),
  leaf('SqlTimeSerializer', orNull(millis), 8),
  leaf('SqlTimestampSerializer', orNull(nanos), 12),
  leaf('InstantSerializer', orNull(nanos), 12),
  leaf('LocalDateSerializer', orNull(date), 6),
  leaf('LocalTimeSerializer', orNull(time), 7),
  leaf(
    'LocalDateTimeSerializer',
    orNull(fc.tuple(date, time).map(([d, t]) => new LocalDateTimeValue(d as LocalDateValue, t))),
    13,
  ),
  leaf('array.BooleanPrimitiveArraySerializer', fc.array(fc.boolean())),
  leaf('array.BytePrimitiveArraySerializer', bytes),
  leaf('array.ShortPrimitiveArraySerializer', fc.array(fc.integer({ min: -32768, max: 32767 }))),
  leaf('array.IntPrimitiveArraySerializer', fc.array(fc.integer())),
  leaf('array.LongPrimitiveArraySerializer', fc.array(long)),
  leaf('array.FloatPrimitiveArraySerializer', fc.array(fc.float())),
  leaf('array.DoublePrimitiveArraySerializer', fc.array(fc.double())),
  leaf('array.CharPrimitiveArraySerializer', fc.array(fc.constantFrom('a', '\0', '\uffff'))),
  leaf('array.StringArraySerializer', fc.array(orNull(anyString))),
  {
    snapshot: snapshots.enumeration('com.acme.Color', ['RED', 'GREEN', 'BLUE']),
    values: fc.nat(2).map((i) => new EnumValue(['RED', 'GREEN', 'BLUE'][i], i)),
    fixed: 4,
  },
];

type Compose = (parts: readonly ArbitraryType[]) => ArbitraryType;

const few = <T>(values: Arbitrary<T>) => fc.array(values, { maxLength: 4 });

export const COMPOSITES: Readonly<Record<string, Compose>> = {
  list: ([a]) => ({ snapshot: snapshots.list(a.snapshot), values: few(a.values), fixed: null }),
  set: ([a]) => ({
    snapshot: snapshots.set(a.snapshot),
    values: few(orNull(a.values)).map((items) => new SetValue(items)),
    fixed: null,
  }),
  map: ([a, b]) => ({
    snapshot: snapshots.map(a.snapshot, b.snapshot),
    values: few(fc.tuple(a.values, orNull(b.values))).map((entries) => new MapValue(entries, a !== CHAR)),
    fixed: null,
  }),
  either: ([a, b]) => ({
    snapshot: snapshots.either(a.snapshot, b.snapshot),
    values: fc.oneof(
      a.values.map((v) => new AlternativeValue('left', v)),
      b.values.map((v) => new AlternativeValue('right', v)),
    ),
    fixed: null,
  }),
  array: ([a]) => ({ snapshot: snapshots.array(a.snapshot), values: few(orNull(a.values)), fixed: null }),
  nullable: ([a]) => ({ snapshot: snapshots.nullable(a.snapshot), values: orNull(a.values), fixed: null }),
  padded: ([a]) => {
    const padding = a.fixed ?? 0;
    return {
      snapshot: snapshots.nullable(a.snapshot, padding),
      values: orNull(a.values),
      fixed: padding > 0 ? padding + 1 : null,
    };
  },
  tuple: (parts) => ({
    snapshot: snapshots.tuple(...parts.map((p) => p.snapshot)),
    values: fc.tuple(...parts.map((p) => p.values)),
    fixed: parts.every((p) => (p.fixed ?? 0) > 0) ? parts.reduce((sum, p) => sum + (p.fixed ?? 0), 0) : null,
  }),
  row: (parts) => ({
    snapshot: snapshots.row(parts.map((p) => p.snapshot)),
    values: fc
      .tuple(
        fc.constantFrom('+I' as const, '-U' as const, '+U' as const, '-D' as const),
        fc.tuple(...parts.map((p) => orNull(p.values))),
      )
      .map(([kind, fields]) => new RowValue(kind, fields)),
    fixed: null,
  }),
  pojo: (parts) => {
    const names = parts.map((_, i) => `field${i}`);
    const fields = Object.fromEntries(parts.map((p, i) => [names[i], p.snapshot]));
    const values = fc.tuple(...parts.map((p) => orNull(p.values)));
    const sub = snapshots.pojo('com.acme.Sub', fields);
    const other = snapshots.pojo('com.acme.Other', fields);
    return {
      snapshot: snapshots.pojo('com.acme.Base', fields, { 'com.acme.Sub': sub }, { 'com.acme.Other': other }),
      values: orNull(
        fc
          .tuple(values, fc.constantFrom(null, 'com.acme.Sub', 'com.acme.Other'))
          .map(([v, className]) => new RecordValue(names, v, className)),
      ),
      fixed: null,
    };
  },
};

/** Types of some depth, with values of each. */
export const anyType: Arbitrary<ArbitraryType> = fc.letrec<{ type: ArbitraryType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc
      .tuple(fc.constantFrom(...Object.values(COMPOSITES)), fc.array(tie('type'), { minLength: 2, maxLength: 4 }))
      .map(([compose, parts]) => compose(parts)),
  ),
})).type;

export const typeAndValue = anyType.chain((type) => type.values.map((value) => ({ type, value })));
