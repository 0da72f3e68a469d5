import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RowLog } from '../../../src/engine/bootstrap/rowLog';
import { planPaths } from '../../../src/engine/plan/planPaths';
import { openBootstrap } from '../../../src/engine/plan/preparePlan';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { useTemporaryFolder } from '../../temporaryFolder';

const temporary = useTemporaryFolder();

interface Encoded {
  run: Buffer;
  rows: number;
  leftOut: number;
  entries: [string, number][];
  bad: (string | undefined)[][];
}

/** What comes of rows, out of the bytes of their fields or, as of any data, out of their cells. */
async function encoded(bootstrap: object, data: string, way: 'bytes' | 'cells'): Promise<Encoded> {
  const step = {
    bootstrap: { operator: { uid: 'o', parallelism: 2, maxParallelism: 5 }, data, ...bootstrap },
  };
  const plan = planPaths(readPlan(JSON.stringify({ steps: [step] }), 'a plan'), temporary.root, nodeFileStore);
  const [opened, other] = [await openBootstrap(plan, 0, nodeFileStore), await openBootstrap(plan, 0, nodeFileStore)];
  try {
    const { job } = opened;
    const { data: cells } = other.job;
    if (way === 'cells')
      Object.assign(job.data, { fields: undefined, rows: (options?: object) => cells.rows(options) });
    const ids = new Map(job.filled.map((name, id) => [name, id]));
    const log = new RowLog({ keyGroups: 5, states: ids.size }, 1e9);
    const { rows, leftOut, entries, bad } = await job.encodeAll(ids, log, async () => {}, undefined);
    return {
      run: Buffer.from(log.take()),
      rows,
      leftOut,
      entries: [...entries],
      bad: bad.listed.map(({ code, message, where, hint }) => [code, message, where, hint]),
    };
  } finally {
    await opened.close();
    await other.close();
  }
}

async function expectSame(bootstrap: object, data = 'rows.csv'): Promise<Encoded> {
  const fromBytes = await encoded(bootstrap, data, 'bytes');
  expect(fromBytes).toEqual(await encoded(bootstrap, data, 'cells'));
  return fromBytes;
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const csv = (rows: readonly (readonly string[])[]): string =>
  `k,a,b,n,t\n${rows.map((row) => row.map(quoted).join()).join('\n')}\n`;

const NUMBERS = [
  '0',
  '-0',
  '+5',
  '7',
  '-7',
  '007',
  '127',
  '128',
  '-129',
  '32768',
  '2147483648',
  '-2147483648',
  '12.50',
];
const ODD_NUMBERS = [
  '0.1',
  '.5',
  '5.',
  '-0.0',
  '1e3',
  '1E400',
  '0x10',
  '123456789012345.6',
  '0.000000000000001',
  '1.',
  '-',
];
const LONG_NUMBERS = [
  '999999999999999',
  '1234567890123456',
  '9223372036854775807',
  '9223372036854775808',
  '-9'.repeat(10),
];
const WORDS = [
  '',
  'a',
  'user-1',
  'true',
  'FALSE',
  'false',
  'NaN',
  'Infinity',
  ' 1',
  '1 ',
  'é',
  '😀',
  'x"y',
  'a,b',
  'null',
];
const TIMES = ['1700000000000', '2024-01-31T23:59:59.123Z', '2024-01-31', '-1'];
const scalar = fc.constantFrom(...NUMBERS, ...ODD_NUMBERS, ...LONG_NUMBERS, ...WORDS, ...TIMES);

const good = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('7', '-7', '12', '100', '0') },
  { weight: 1, arbitrary: scalar },
);

const space = fc.constantFrom('', ' ', '\n', '\t ');
const jsonLeaf = fc.oneof(
  fc.constantFrom(...NUMBERS, ...ODD_NUMBERS, ...LONG_NUMBERS, 'true', 'null', '[]', '{}', '"$map"', '[["a",1]]', '1a'),
  fc.constantFrom('"a"', '""', '"é"', '"a\\n"', '"\\u0041"', '"1"', '"x', '"tab\t"'),
);
const jsonName = fc.constantFrom('"a"', '"b"', '"a"', '"1"', '"01"', '""', '"$map"', '"é"', '"a\\u0062"', 'a', '1');
const joined = (open: string, items: fc.Arbitrary<string[]>, close: string) =>
  fc
    .tuple(items, space, fc.constantFrom(',', ', ', ' ,', ',,'), fc.constantFrom('', '', 'x', ' '))
    .map(([list, before, comma, behind]) => `${open}${before}${list.join(comma)}${before}${close}${behind}`);
const many = (item: fc.Arbitrary<string>) => fc.array(item, { maxLength: 12 });
const integers = fc.uniqueArray(fc.integer({ min: -40_000, max: 40_000 }).map(String), { maxLength: 12 });
const json = fc.oneof(
  joined('[', many(jsonLeaf), ']'),
  joined('[', integers, ']'),
  joined('[', fc.array(fc.constantFrom('"a"', '"bc"', '""'), { maxLength: 4 }), ']'),
  joined(
    '{',
    many(fc.tuple(jsonName, space, jsonLeaf).map(([name, gap, value]) => `${name}${gap}:${gap}${value}`)),
    '}',
  ),
  joined(
    '{',
    integers.map((list) => list.map((n) => `"${n}": ${n}`)),
    '}',
  ),
  fc.constantFrom('[', '{', '[1', '{"a":1', '[1]', '{"a":1}', '{"a":1,"a":2}', '{"1":1,"01":2}', '{"$map":[["a",1]]}'),
);

const LEAVES = [
  'string',
  'long',
  'int',
  'short',
  'byte',
  'double',
  'boolean',
  'float',
  'string org.apache.flink.types.StringValue',
];
const leaf = fc.constantFrom(...LEAVES);
const taken = fc.constantFrom('row.a', 'int(row.a)', 'double(row.a)', 'string(row.a)', 'row["a"]', "row.a + ''");
const parts = fc.record(
  {
    namespace: fc.tuple(leaf, fc.constantFrom('row.n', 'int(row.n)')).map(([type, value]) => ({ type, value })),
    ttl: fc.constantFrom('int(row.t)', 'row.t', 'double(row.t)'),
  },
  { requiredKeys: [] },
);
const POJO = 'pojo a.B {x: double, y: long, z: string}';
const state = fc.oneof(
  fc.tuple(leaf, taken).map(([type, value]) => ({ kind: 'value', type, value })),
  fc.tuple(leaf, taken).map(([type, value]) => ({ kind: 'list', type, value })),
  fc.tuple(leaf, leaf, taken).map(([k, v, value]) => ({ kind: 'map', type: [k, v], value })),
  fc
    .tuple(leaf, leaf, taken, fc.constantFrom('row.b', 'int(row.b)'))
    .map(([k, v, value, mapKey]) => ({ kind: 'map', type: [k, v], value, mapKey })),
  fc
    .tuple(fc.constantFrom('double(row.a)', 'int(row.a)'), fc.constantFrom('int(row.b)', 'row.b'), fc.boolean())
    .map(([x, y, hasAll]) => ({
      kind: 'value',
      type: POJO,
      value: `{'x': ${x}, 'y': ${y}${hasAll ? ", 'z': row.n" : ''}}`,
    })),
);

describe('entries out of bytes', () => {
  test('are those that are made of cells, or the errors are', async () => {
    const tally = { rows: 0, bad: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('string', 'long', 'int', 'double', 'long org.apache.flink.types.LongValue'),
        fc.constantFrom('row.k', 'int(row.k)', 'string(row.k)'),
        state,
        parts,
        fc.array(fc.tuple(good, fc.oneof(scalar, good, json), good, good, good), { minLength: 1, maxLength: 12 }),
        async (keyType, key, spec, more, rows) => {
          temporary.file('rows.csv', csv(rows));
          const { rows: whole, bad } = await expectSame({
            key: { type: keyType, value: key },
            states: [{ name: 's', ...spec, ...more }],
            timers: [{ service: 't', domain: 'event', timestamp: 'int(row.t)' }],
            onBadRow: 'skip',
          });
          tally.rows += whole;
          tally.bad += bad.length;
        },
      ),
      { numRuns: 300 },
    );
    // Both ways are gone.
    expect(Math.min(tally.rows, tally.bad)).toBeGreaterThan(100);
  });

  test('of JSON too', async () => {
    const tally = { rows: 0, bad: 0 };
    const plain = fc.constantFrom('7', '-7', '100', '"7"', '"-7"', '"12"', '1700000000000');
    const odd = fc.oneof(jsonLeaf, json, fc.constantFrom('1e2', '-0', '01', '[[1],{"x":{"y":[]}}]', '{"x":1,"x":2}'));
    const value = fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: odd });
    const line = fc
      .tuple(value, fc.oneof(value, json), value, value, value, fc.option(fc.tuple(jsonName, odd)), space)
      .map(([k, a, b, n, t, more, gap]) => {
        const extra = more === null ? '' : `,${more[0]}:${more[1]}`;
        return `${gap}{"k":${k},${gap}"a"${gap}:${a},"b":${b},"n":${n},"t":${t}${extra}}${gap}`.replaceAll('\n', ' ');
      });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(['long', 'int'], ['double', 'double'], ['string', 'string'], ['string', ''], ['int', '']),
        state,
        parts,
        fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: json }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.boolean(),
        async ([keyType, call], spec, more, lines, hasTimer) => {
          temporary.file('rows.ndjson', lines.join('\n'));
          const { rows: whole, bad } = await expectSame(
            {
              key: { type: keyType, value: `${call}(row.k)` },
              states: [{ name: 's', ...spec, ...more }],
              ...(hasTimer && { timers: [{ service: 't', domain: 'event', timestamp: 'row.t' }] }),
              onBadRow: 'skip',
            },
            'rows.ndjson',
          );
          tally.rows += whole;
          tally.bad += bad.length;
        },
      ),
      { numRuns: 300 },
    );
    expect(Math.min(tally.rows, tally.bad)).toBeGreaterThan(10);
  });

  test.each(['rows.csv', 'rows.ndjson'])('of rows of %s that fit in all their parts', async (data) => {
    const rows = Array.from({ length: 50 }, (_, i) => [
      `user-${i}`,
      `{"tag-${i}":${i},"tag-${i + 1}":${-i}}`,
      `[${i},${i * 1000},${-i}]`,
      `${i / 4}`,
      `${1_700_000_000_000 + i}`,
    ]);
    const lines = rows.map(([k, a, b, n, t]) => `{"k":"${k}","a":${a},"b":${b},"n":${n},"t":${t},"more":[{"x":null}]}`);
    temporary.file(data, data === 'rows.csv' ? csv(rows) : lines.join('\n'));
    const { entries, bad } = await expectSame(
      {
        key: { type: 'string', value: 'row.k' },
        states: [
          { name: 'map', kind: 'map', type: ['string', 'long'], value: 'row.a', ttl: 'row.t' },
          { name: 'list', kind: 'list', type: 'int', value: 'row.b', namespace: { type: 'string', value: 'row.k' } },
          {
            name: 'pojo',
            kind: 'value',
            type: 'pojo a.B {x: double, y: string}',
            value: "{'y': row.k, 'x': double(row.n)}",
          },
        ],
        timers: [
          { service: 't', domain: 'event', timestamp: 'int(row.t)', namespace: { type: 'long', value: 'row.t' } },
        ],
      },
      data,
    );
    expect(bad).toEqual([]);
    expect(entries.map(([, count]) => count)).toEqual([100, 50, 50, 50]);
  });
});
