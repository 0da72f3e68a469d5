import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readSampleCodec } from '../../../src/cli/decode';
import type { Json } from '../../../src/engine/json/jsonValue';
import type { Codec } from '../../../src/engine/types/codec';
import { corpusRoot } from '../../corpus';
import { field, parseLines } from '../../expectedLines';

/** One serializer's snapshot and one value that it wrote, by some release of Flink. */
export interface SerializerSample {
  /** `kind/release`. */
  name: string;
  snapshot: Uint8Array;
  data: Uint8Array;
  /** What Flink reads. */
  expected: Json;
}

export function serializerSamples(): SerializerSample[] {
  if (corpusRoot === null) return [];
  const root = corpusRoot;
  const text = gunzipSync(readFileSync(path.join(root, '../expected/serializers.ndjson.gz'))).toString('utf8');
  return parseLines(text).map((line) => {
    const name = `${field(line, 'kind-folder')}/${field(line, 'version')}`;
    const file = (of: string): Uint8Array => new Uint8Array(readFileSync(path.join(root, 'serializers', name, of)));
    return {
      name,
      snapshot: file('serializer-snapshot'),
      data: file('test-data'),
      expected: field(line, 'value') ?? null,
    };
  });
}

/** Flink 1.x has Kryo 2, and 2.x Kryo 5, which nothing in a sample says. */
export const codecOfSample = ({ name, snapshot }: SerializerSample): Codec =>
  readSampleCodec(snapshot, { kryo: /\/1\.\d+$/.test(name) ? 2 : 5 });
