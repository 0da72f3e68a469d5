import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { describe as describeSnapshot } from '../../../src/engine/inspect';
import type { Json } from '../../../src/engine/json/jsonValue';
import { toJson } from '../../../src/engine/json/writeJson';
import { verify } from '../../../src/engine/query/verify';
import { compareLines, fits, isAny } from '../../compareLines';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { corpusLines, field } from '../../expectedLines';
import { dumpAll } from './readAll';
import { codecOfSample, serializerSamples } from './serializerSamples';
import { withSnapshot } from './withSnapshot';

/**
 * The reader that made the expectation took an Either of Scala apart by its `left()` and `right()`, which give projections:
 * it printed `{"right":[{"right":v}]}`, a case class around the Either itself. What the bytes hold, a tag and one value, is
 * `{"right":v}`.
 */
function eitherWithoutProjection(json: Json): Json {
  if (Array.isArray(json)) return json.map(eitherWithoutProjection);
  if (!(json instanceof Map)) return json;
  for (const side of ['left', 'right']) {
    const projection = json.size === 1 ? json.get(side) : undefined;
    if (!Array.isArray(projection) || projection.length !== 1) continue;
    const [either] = projection;
    if (either instanceof Map && either.size === 1 && either.has(side)) return eitherWithoutProjection(either);
  }
  return new Map([...json].map(([name, value]) => [name, eitherWithoutProjection(value)]));
}

/**
 * Avro reads a record by the schema that wrote it into the fields of the class at hand. The class of the reader that made the
 * expectation had no field `appno`, so that it was dropped; the snapshot has it, in its schema and in the bytes.
 */
const OLDER_CLASS = 'jobs/state-evolution-flink1.6';

function withApartment(line: Json): Json {
  const value = field(line, 'value');
  if (!(line instanceof Map) || !(value instanceof Map) || !value.has('zip')) return line;
  return new Map([...line]).set('value', new Map([...value]).set('appno', '123'));
}

describeCorpus('every snapshot of the corpus is read as Flink reads it', () => {
  const snapshots = corpusSnapshots();

  test('the corpus is the one that these numbers speak of', () => {
    expect(snapshots).toHaveLength(293);
  });

  test.each(snapshots.map((s) => [s.name, s] as const))('%s', async (name, snapshot) => {
    const lines = corpusLines(snapshot);
    if (lines === null) throw new Error('There is no expectation beside the corpus.');
    const expected = lines.map(name === OLDER_CLASS ? withApartment : eitherWithoutProjection);
    await withSnapshot(snapshot.path, async (opened) => {
      const { operators } = await describeSnapshot(opened);
      const named = new Set(operators.flatMap(({ id, states }) => states.map((state) => `${id} ${state.name}`)));
      expect(expected.filter((line) => !named.has(`${field(line, 'op')} ${field(line, 'state')}`))).toEqual([]);
      const dumped = await dumpAll(opened);
      expect(dumped.failures).toEqual([]);
      expect(compareLines(expected, dumped.lines)).toMatchObject({ missing: [], unexpected: [] });
      expect(await verify(opened)).toMatchObject({ whole: true });
    });
  });

  test('the field that the expectation lacks is in the stored schema, and its value behind that of the field before', () => {
    const snapshot = snapshots.find(({ name }) => name === OLDER_CLASS);
    const stored = readFileSync(snapshot?.metadataPath ?? '').toString('latin1');
    const [, fields] = /"name":"Address","namespace":"[^"]*","fields":(\[.*?"default":"123"\}\])/s.exec(stored) ?? [];
    const names = (JSON.parse(fields ?? '[]') as { name: string }[]).map((f) => f.name);
    expect(names).toEqual(['num', 'street', 'city', 'state', 'zip', 'appno']);
    // zip, then the branch of the union (int 0: a string), then the string's length and the string.
    expect(stored).toContain('\0\0\0\x0510036\0\0\0\0\0\0\0\x03123');
  });
});

describeCorpus('every serializer sample of the corpus is read as Flink reads it', () => {
  const samples = serializerSamples();

  test('the samples are those that these numbers speak of', () => {
    expect(samples).toHaveLength(608);
    expect(samples.filter(({ expected }) => isAny(expected))).toHaveLength(49);
  });

  test.each(samples.map((s) => [s.name, s] as const))('%s', (name, sample) => {
    const codec = codecOfSample(sample);
    const cursor = new Cursor(sample.data);
    const wanted = name.startsWith('scala-either') ? eitherWithoutProjection(sample.expected) : sample.expected;
    if (isAny(wanted)) {
      expect(() => codec.read(cursor)).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
      return;
    }
    const found = toJson(codec.read(cursor));
    expect(fits(wanted, found), `${JSON.stringify([...sample.data.subarray(0, 40)])}`).toBe(true);
    expect(cursor.atEnd).toBe(true);
  });
});
