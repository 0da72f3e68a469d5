import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSampleCodec } from '../../../src/cli/decode';
import { Cursor } from '../../../src/engine/bytes/cursor';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import { printJson } from '../../../src/engine/json/printJson';
import { toJson } from '../../../src/engine/json/writeJson';
import { corpusRoot, describeCorpus } from '../../corpus';
import { checkLaws, checkMutation } from './codecLaws';
import { readValue } from './snapshotBytes';

/** Samples of Flink's runtime, of CEP, of sinks, of Scala and of Kryo, by the start of their names. */
const KINDS =
  /^(buffer-entry|dewey-number|event-id|global-window|kryo|lockable|nfa-state|node-id|scala|shared-buffer|stream-element|time-window|timer|traversable|ttl|two-phase|union|void-namespace)-/;

/** Kryo's samples are of a class that only the job has. */
const UNREADABLE = /^kryo-/;

/**
 * The reader that made the expected values calls `right()` of Scala's Either, which gives a projection, and prints that as a
 * case class around the Either. What the bytes hold is the Either.
 */
const SCALA_EITHER = /^scala-either-/;
const EITHER = new Map<string, Json>([['right', 'Hello world']]);

/** A Throwable, which the corpus's own reader gives no form, and this engine its fields. */
const isAny = (json: Json): boolean => json instanceof Map && json.get('$any') === true;

/** Whether `found` is what was `expected`, where that says it. */
function matches(found: Json, expected: Json): boolean {
  if (isAny(expected)) return true;
  if (Array.isArray(expected)) {
    return Array.isArray(found) && found.length === expected.length && expected.every((e, i) => matches(found[i], e));
  }
  if (expected instanceof Map) {
    return (
      found instanceof Map &&
      [...found.keys()].sort().join() === [...expected.keys()].sort().join() &&
      [...expected].every(([name, value]) => matches(found.get(name) ?? null, value))
    );
  }
  return found === expected;
}

interface Sample {
  readonly name: string;
  readonly snapshot: Uint8Array;
  readonly data: Uint8Array;
  readonly expected: Json;
}

function samples(root: string): Sample[] {
  const expectedFile = path.join(root, '../expected/serializers.ndjson.gz');
  const lines = gunzipSync(readFileSync(expectedFile)).toString('utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const fields = parseJson(line) as Map<string, Json>;
    const name = `${fields.get('kind-folder')}/${fields.get('version')}`;
    if (!KINDS.test(name)) return [];
    const bytes = (file: string) => new Uint8Array(readFileSync(path.join(root, 'serializers', name, file)));
    const expected = SCALA_EITHER.test(name) ? EITHER : (fields.get('value') ?? null);
    return [{ name, snapshot: bytes('serializer-snapshot'), data: bytes('test-data'), expected }];
  });
}

describeCorpus("serializer samples of Flink's own types", () => {
  const all = corpusRoot === null ? [] : samples(corpusRoot);

  it('are all there', () => {
    expect(all.length).toBe(156);
  });

  it.each(all.map((sample) => [sample.name, sample] as const))('%s', (name, { snapshot, data, expected }) => {
    const codec = readSampleCodec(snapshot, { kryo: name.includes('/1.') ? 2 : 5 });
    if (UNREADABLE.test(name)) {
      const failure = expect.objectContaining({ code: 'UNREADABLE', message: expect.stringContaining('KryoPojos') });
      expect(() => codec.read(new Cursor(data))).toThrow(failure);
      return;
    }
    const value = toJson(readValue(codec, data));
    expect(matches(value, expected), printJson(value)).toBe(true);
    // VoidNamespaceSerializer.getLength() is 0, though it writes a byte; Throwables and records of Kryo are not made from JSON.
    const lawful = name.startsWith('void-namespace') ? { ...codec, length: -1 } : codec;
    checkLaws(lawful, data, { json: !name.startsWith('scala-try') });
  });

  it('changed bytes in them are refused or read back the same', () => {
    for (const { name, snapshot, data } of all) {
      const codec = readSampleCodec(snapshot, { kryo: name.includes('/1.') ? 2 : 5 });
      for (let i = 0; i < 40; i++) checkMutation(codec, data, i * 7, (i * 61 + 3) & 0xff);
    }
  });
});
