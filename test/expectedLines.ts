import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Json } from '../src/engine/json/jsonValue';
import { parseJson } from '../src/engine/json/parseJson';
import { corpusRoot, fixturesRoot, type StoredSnapshot } from './corpus';

/** What Flink itself read out of a fixture, one parsed line an entry. */
export function fixtureLines(snapshot: StoredSnapshot): Json[] {
  const [name] = snapshot.name.split(path.sep);
  return parseLines(readFileSync(path.join(fixturesRoot, `${name}.expected.ndjson`), 'utf8'));
}

/** The same for a snapshot of the corpus; null where there is none. */
export function corpusLines(snapshot: StoredSnapshot): Json[] | null {
  if (corpusRoot === null) return null;
  const file = path.join(corpusRoot, '../expected/savepoints', `${snapshot.name}.ndjson.gz`);
  return existsSync(file) ? parseLines(gunzipSync(readFileSync(file)).toString('utf8')) : null;
}

export const parseLines = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseJson);

export const field = (line: Json, name: string): Json | undefined => (line instanceof Map ? line.get(name) : undefined);
