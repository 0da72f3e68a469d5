import { expect, test } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import type { Json } from '../../../src/engine/json/jsonValue';
import { dump } from '../../../src/engine/query/dump';
import { verify } from '../../../src/engine/query/verify';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { compareLines, corpusLines, field, parseLines } from '../../expectedLines';

/** Scala's Left and Right are case classes too, and stand twice in the expectation: `{"right":[{"right":v}]}`. */
function alternativesPlain(json: Json): Json {
  if (Array.isArray(json)) return json.map(alternativesPlain);
  if (!(json instanceof Map)) return json;
  const [[name, inner] = [], ...others] = json;
  if (others.length === 0 && (name === 'left' || name === 'right') && Array.isArray(inner)) {
    const again = inner.length === 1 ? field(inner[0], name) : undefined;
    if (again !== undefined) return new Map([[name, alternativesPlain(again)]]);
  }
  return new Map([...json].map(([key, value]) => [key, alternativesPlain(value)]));
}

/** A field of a stored Avro schema that the class of the expectation no longer has. */
function withoutAppno(json: Json): Json {
  if (!(json instanceof Map)) return json;
  return new Map([...json].filter(([name]) => name !== 'appno').map(([name, value]) => [name, withoutAppno(value)]));
}

describeCorpus('snapshots of many Flink releases', () => {
  test.each(corpusSnapshots().map((s) => [s.name, s] as const))('%s', async (_, snapshot) => {
    const expected = corpusLines(snapshot);
    if (expected === null) throw new Error('There is no expectation beside the corpus.');
    const description = await describeSnapshot(snapshot.path, nodeFileStore);
    const named = new Set(description.operators.flatMap((o) => o.states.map((s) => `${o.id} ${s.name}`)));
    for (const line of expected) expect(named).toContain(`${field(line, 'op')} ${field(line, 'state')}`);

    const opened = await openSnapshot(snapshot.path, nodeFileStore);
    let text = '';
    for await (const lines of dump(opened, {}, ({ error }) => expect(error).toBeNull())) text += lines;
    const found = parseLines(text);
    expect(compareLines(expected.map(alternativesPlain), found.map(withoutAppno))).toEqual({
      missing: [],
      unexpected: [],
    });
    expect(await verify(opened)).toMatchObject({ whole: true });
    await opened.close();
  });
});
