import { describe, expect, it, test } from 'vitest';
import { openSnapshot } from '../../src/engine/snapshot';
import type { FileStore } from '../../src/engine/storage/byteSource';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import type { DecoderChoices } from '../../src/engine/types/decoderChoices';
import { dumpText } from '../dumpText';
import { ENUM, INT, jobsOwn, TUPLE, withJobsOwn } from '../jobsOwn';
import { fixture } from './plan/harness';

interface Line {
  state: string;
  kind: string;
  key?: unknown;
  value: unknown;
  reason?: string;
}

const PAIR = jobsOwn(TUPLE, 'PairSnapshot');
const KIND = jobsOwn(ENUM, 'KindSnapshot');
const NUMBER = jobsOwn(INT, 'NumberSnapshot');
const CLASSES = { [TUPLE]: 'PairSnapshot', [ENUM]: 'KindSnapshot', [INT]: 'NumberSnapshot' };

async function lines(path: string, store: FileStore, decoders?: DecoderChoices): Promise<Line[]> {
  const snapshot = await openSnapshot(path, store, { decoders });
  const failures: string[] = [];
  const text = await dumpText(snapshot, {}, (failure) => failures.push(failure.error.message));
  await snapshot.close();
  expect(failures).toEqual([]);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** `kind` of the entries of `history`, which is an enum's constant for Flink, is its number where only the job knows it. */
const withNumbers = (line: Line): Line =>
  line.state !== 'history'
    ? line
    : {
        ...line,
        value: (line.value as { kind: string }[]).map((of) => ({ ...of, kind: KINDS.indexOf(of.kind) })),
      };

const KINDS = ['DEPOSIT', 'WITHDRAWAL', 'NOTE', 'CLOSE'];

const inState = (found: readonly Line[], state: string): Line[] => found.filter((line) => line.state === state);
const isBytes = ({ value }: Line): boolean => typeof value === 'object' && value !== null && '$bytes' in value;
const whyOf = ({ value }: Line): string => (value as { $why: string }).$why;

const SNAPSHOTS = [
  '2.3-accounts-heap-canonical',
  '2.3-accounts-rocksdb-canonical',
  '2.3-accounts-rocksdb-native',
  '2.3-accounts-heap-native',
  '2.3-accounts-heap-native-compressed',
  '1.20-accounts-heap-native',
];

describe.each(SNAPSHOTS)('values of serializers that only the job has, in %s', (name) => {
  const path = fixture(name);
  const store = withJobsOwn(path, CLASSES);

  it('are bytes by themselves, or cost the rest of a key group of the heap', async () => {
    const found = await lines(path, store);
    const lost = name.includes('heap-native') ? ({ kind }: Line) => kind === 'unread' : isBytes;
    expect(found.some(lost)).toBe(true);
    expect(inState(found, 'progress').every(isBytes)).toBe(true);
  });

  it('are read as what was chosen: alone, in lists of POJOs, in maps, behind a time-to-live', async () => {
    // The tuples of `progress` are others than those of `average`.
    const found = await lines(path, store, { [PAIR]: 'tuple<long, long>', [KIND]: 'int', [NUMBER]: 'int' });
    const expected = (await lines(path, nodeFileStore)).map(withNumbers);
    const isOther = ({ state }: Line): boolean => state === 'progress';
    expect(found.filter((line) => !isOther(line))).toEqual(expected.filter((line) => !isOther(line)));
    expect(inState(expected, 'average').length).toBeGreaterThan(0);
    expect(inState(expected, 'history').length).toBeGreaterThan(0);
    expect(inState(expected, 'devices').length).toBeGreaterThan(0);
    for (const line of found.filter(isOther)) {
      expect(whyOf(line)).toContain(`The decoder that was chosen does not fit (tuple<long, long> for ${PAIR})`);
    }
  });
});

test.each([
  ['leaves bytes over', 'int'],
  ['needs more than there are', 'tuple<long, long, long>'],
])('a value that the chosen type %s stays bytes, and says so', async (_, type) => {
  const path = fixture('2.3-accounts-rocksdb-native');
  const found = await lines(path, withJobsOwn(path, CLASSES), { [PAIR]: type });
  const averages = inState(found, 'average');
  expect(averages.length).toBeGreaterThan(0);
  for (const line of averages) {
    expect(isBytes(line)).toBe(true);
    expect(whyOf(line)).toContain(`does not fit (${type} for ${PAIR}): `);
  }
  // The other one, for which nothing was chosen, says what it said.
  for (const line of inState(found, 'history')) expect(whyOf(line)).toMatch(/^The serializer behind com\.acme\.Kind/);
});

test('a value that cannot be read for another reason is not blamed on the choice', async () => {
  const path = fixture('2.3-accounts-heap-canonical');
  const store = withJobsOwn(path, {
    ...CLASSES,
    'org.apache.flink.api.common.typeutils.base.DoubleSerializer$DoubleSerializerSnapshot': 'Amount',
  });
  const found = await lines(path, store, { [KIND]: 'int' });
  for (const line of inState(found, 'history')) expect(whyOf(line)).toMatch(/^The serializer behind com\.acme\.Amount/);
});

describe('where nothing but types tells how long an entry is', () => {
  const TYPES = ['tuple<long, int>', 'long', 'string', 'tuple<long, long, byte>', 'list<long>'];
  test.each(TYPES.flatMap((type) => ['native', 'native-compressed'].map((form) => [type, form])))(
    'a table of the heap is not read as %s (%s): what does not fit makes up no entries',
    async (type, form) => {
      const path = fixture(`2.3-accounts-heap-${form}`);
      const found = await lines(path, withJobsOwn(path, { [TUPLE]: 'PairSnapshot' }), { [PAIR]: type });
      const expected = await lines(path, nodeFileStore);
      const averages = inState(found, 'average');
      expect(averages.length).toBeGreaterThan(0);
      for (const { kind, reason } of averages) {
        expect(kind).toBe('unread');
        expect(reason).toContain(`does not fit (${type} for ${PAIR}): `);
      }
      // What stands before it in each key group is there.
      expect(inState(found, 'total')).toEqual(inState(expected, 'total'));
      const all = new Set(expected.map((line) => JSON.stringify(line)));
      const entries = found.filter((line) => line.kind !== 'unread' && line.state !== 'progress');
      expect(entries.filter((line) => !all.has(JSON.stringify(line)))).toEqual([]);
    },
  );

  const DOUBLE = 'org.apache.flink.api.common.typeutils.base.DoubleSerializer$DoubleSerializerSnapshot';
  const AMOUNT = jobsOwn(DOUBLE, 'AmountSnapshot');
  const bank = fixture('2.3-bank-heap-native');

  it('a broadcast state is read as chosen', async () => {
    const found = await lines(bank, withJobsOwn(bank, { [DOUBLE]: 'AmountSnapshot' }), { [AMOUNT]: 'double' });
    expect(found).toEqual(await lines(bank, nodeFileStore));
    expect(inState(found, 'rates').length).toBeGreaterThan(0);
  });

  it('a broadcast state that does not fit makes up no entries', async () => {
    const found = await lines(bank, withJobsOwn(bank, { [DOUBLE]: 'AmountSnapshot' }), { [AMOUNT]: 'int' });
    const rates = inState(found, 'rates');
    expect(rates.length).toBeGreaterThan(0);
    for (const { kind, reason } of rates) {
      expect(kind).toBe('unread');
      expect(reason).toContain(`does not fit (int for ${AMOUNT}): `);
    }
  });
});
