import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Batch } from '../../../../src/engine/backends/part';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { Sink } from '../../../../src/engine/bytes/sink';
import { keyGroupOf } from '../../../../src/engine/keyGroups';
import type { Codec } from '../../../../src/engine/types/codec';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../../src/engine/types/describe/typeText';
import { type HashCandidate, hashCandidates } from '../../../../src/engine/types/hashCandidates';
import { longHash, stringHash } from '../../../../src/engine/types/javaHash';
import { RecordValue } from '../../../../src/engine/types/values';
import { findKeyHash, withKeyHash } from '../../../../src/engine/write/keyed/findKeyHash';
import type { KeyedSource } from '../../../../src/engine/write/keyedSource';

const GROUPS = 128;
const TARGET = 977;

const codecOf = (type: string): Codec => newSerializer(parseTypeText(type), '2.1').codec;

function bytesOf(codec: Codec, value: unknown): Uint8Array {
  const sink = new Sink();
  codec.write(sink, value);
  return sink.toBytes();
}

/** A source whose keys lie where their hash says. */
function sourceOf(codec: Codec, values: readonly unknown[], hash: (value: unknown) => number): KeyedSource {
  const entries = values.map((value) => ({
    key: bytesOf(codec, value),
    keyGroup: keyGroupOf(hash(value), GROUPS),
    fault: null,
  }));
  const source = {
    operator: { state: { maxParallelism: GROUPS } },
    shares: () => [{}],
    async *entriesOf() {
      yield { entries, unread: [] } as unknown as Batch;
    },
  };
  return source as unknown as KeyedSource;
}

const POJO = codecOf('pojo com.acme.Key {active: boolean, id: long, name: string, zone: int}');
const key = fc
  .record({
    active: fc.boolean(),
    id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    name: fc.string(),
    zone: fc.integer(),
  })
  .map((fields) => new RecordValue(Object.keys(fields), Object.values(fields)));
const keys = fc.uniqueArray(key, { minLength: 40, maxLength: 60, selector: ({ values }) => String(values) });
const fieldsOf = (value: unknown): [boolean, bigint, string, number] =>
  (value as RecordValue).values as [boolean, bigint, string, number];
const step = (hash: number, factor: number, next: number): number => (Math.imul(hash, factor) + next) | 0;

/** Methods as programs have them, written down here and not taken from the candidates. */
const METHODS: Record<string, (value: unknown) => number> = {
  'Objects.hash(id, name)': (value) => {
    const [, id, name] = fieldsOf(value);
    return step(step(1, 31, longHash(id)), 31, stringHash(name));
  },
  'name.hashCode()': (value) => stringHash(fieldsOf(value)[2]),
  'a record(zone, id, active, name)': (value) => {
    const [active, id, name, zone] = fieldsOf(value);
    return step(step(step(zone, 31, longHash(id)), 31, active ? 1231 : 1237), 31, stringHash(name));
  },
  'Lombok(id, active)': (value) => {
    const [active, id] = fieldsOf(value);
    return step(step(1, 59, longHash(id)), 59, active ? 79 : 97);
  },
  'IDE(id, active ? 1 : 0)': (value) => {
    const [active, id] = fieldsOf(value);
    return step(longHash(id), 31, active ? 1 : 0);
  },
};

describe("the hash code of keys of the job's own class", () => {
  test.each(Object.entries(METHODS))('%s is found, and right for keys that were not stored', async (_, method) => {
    await fc.assert(
      fc.asyncProperty(keys, key, async (stored, other) => {
        const found = await findKeyHash(sourceOf(POJO, stored, method), POJO, TARGET);
        expect(withKeyHash(POJO, found).hash?.(other)).toBe(method(other));
      }),
      { numRuns: 20 },
    );
  });

  test('one that no program generates is refused, with what was tried', async () => {
    const strange = (value: unknown): number => stringHash(String(fieldsOf(value)));
    const [stored] = fc.sample(keys, 1);
    await expect(findKeyHash(sourceOf(POJO, stored, strange), POJO, TARGET)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('Tried, and wrong for some stored key: Objects.hash of active'),
    });
  });

  test('few keys prove nothing', async () => {
    const [stored] = fc.sample(keys, 1);
    const few = sourceOf(POJO, stored.slice(0, 3), METHODS['name.hashCode()']);
    await expect(findKeyHash(few, POJO, TARGET)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/chance could explain it|Several are right/),
    });
  });

  test('fields that are always the same leave it open where other keys go only if that matters', async () => {
    // With the same zone in every key, Objects.hash(zone, name) is another number than Objects.hash(name), and tells itself apart.
    const [stored] = fc.sample(keys, 1);
    const same = stored.map(({ names, values: [active, id, name] }) => new RecordValue(names, [active, id, name, 7]));
    const method = (value: unknown): number => step(step(1, 31, 7), 31, stringHash(fieldsOf(value)[2]));
    const found = await findKeyHash(sourceOf(POJO, same, method), POJO, TARGET).catch((e: Error) => e.message);
    if (found.startsWith('Only')) expect(found).toContain('Several are right');
    else for (const value of same) expect(withKeyHash(POJO, found).hash?.(value)).toBe(method(value));
  });

  test('an enum has none', async () => {
    const codec = codecOf('enum com.acme.Kind {A, B}');
    const source = sourceOf(codec, [], () => 0);
    await expect(findKeyHash(source, codec, TARGET)).rejects.toMatchObject({
      message: expect.stringContaining('another hash code in each run'),
    });
  });

  test('candidates have names of their own, and read what they are asked about', () => {
    const names = hashCandidates(POJO).map(({ name }: HashCandidate) => name);
    expect(new Set(names).size).toBe(names.length);
    const [value] = fc.sample(key, 1);
    const read = POJO.read(new Cursor(bytesOf(POJO, value)));
    for (const { hash } of hashCandidates(POJO)) expect(hash(read)).toBe(hash(value));
  });
});
