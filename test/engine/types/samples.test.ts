import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSampleCodec } from '../../../src/cli/decode';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import { toJson } from '../../../src/engine/json/writeJson';
import { EncodedValue } from '../../../src/engine/types/values';
import { corpusRoot, describeCorpus } from '../../corpus';
import { checkLaws, checkMutation } from './codecLaws';
import { readValue } from './snapshotBytes';

/** Samples of the families of this folder, by the start of their names. */
const KINDS =
  /^(arraylist|big-(dec|int)|(boolean|byte|char|double|float|int|long|short|string)(-value|-primitive-array)?|string-array|copyable-value|date|either|enum|generic-array|java|list|map|null-value|nullable|pojo|row|set|sql|tuple|value|writeable)-serializer|^(nullable|enum|pojo|sql)-/;

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
    const folder = path.join(root, 'serializers', name);
    const snapshot = new Uint8Array(readFileSync(path.join(folder, 'serializer-snapshot')));
    const data = new Uint8Array(readFileSync(path.join(folder, 'test-data')));
    return [{ name, snapshot, data, expected: fields.get('value') ?? null }];
  });
}

/** Numbers compared by value, fields, sets and pairs of maps without order. */
function canonical(json: Json): string {
  if (typeof json === 'number')
    return Number.isInteger(json) && !Object.is(json, -0) ? String(BigInt(json)) : `${json}`;
  if (Array.isArray(json)) return `[${json.map(canonical).join()}]`;
  if (!(json instanceof Map)) return typeof json === 'bigint' ? String(json) : JSON.stringify(json);
  const unordered = json.get('$set') ?? json.get('$map');
  if (Array.isArray(unordered)) return `{${[...json.keys()]}:${unordered.map(canonical).sort().join()}}`;
  return `{${[...json]
    .map(([name, value]) => `${name}:${canonical(value)}`)
    .sort()
    .join()}}`;
}

const isAny = (json: Json) => json instanceof Map && json.get('$any') === true;

describeCorpus('serializer samples of many Flink releases', () => {
  const all = corpusRoot === null ? [] : samples(corpusRoot);

  it('are all there', () => {
    expect(all.length).toBeGreaterThan(400);
    expect(readdirSync(path.join(corpusRoot ?? '', 'serializers')).length).toBeGreaterThan(100);
    expect(existsSync(path.join(corpusRoot ?? '', 'serializers'))).toBe(true);
  });

  it.each(all.map((sample) => [sample.name, sample] as const))('%s', (name, { snapshot, data, expected }) => {
    const codec = readSampleCodec(snapshot, { kryo: name.includes('/1.') ? 2 : 5 });
    if (isAny(expected)) {
      expect(() => codec.read(new Cursor(data))).toThrow(expect.objectContaining({ code: 'UNREADABLE' }));
      return;
    }
    const value = readValue(codec, data);
    expect(canonical(toJson(value))).toBe(canonical(expected));
    checkLaws(codec, data, { json: !(value instanceof EncodedValue) });
  });

  it('changed bytes in them are refused or read back the same', () => {
    for (const { snapshot, data, expected } of all) {
      if (isAny(expected)) continue;
      const codec = readSampleCodec(snapshot, { kryo: 5 });
      for (let i = 0; i < 40; i++) checkMutation(codec, data, i * 7, (i * 61 + 3) & 0xff);
    }
  });

  it('cut snapshots fail with an EngineError', () => {
    for (const { snapshot, name } of all.filter(({ name }) => name.endsWith('/1.14') || name.endsWith('/2.3'))) {
      for (let length = 0; length < snapshot.length; length += 11) {
        try {
          readSampleCodec(snapshot.subarray(0, length), { kryo: 5 });
        } catch (e) {
          expect(e, name).toBeInstanceOf(EngineError);
        }
      }
    }
  });
});
