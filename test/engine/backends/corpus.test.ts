import { expect, test } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import { dump } from '../../../src/engine/query/dump';
import { verify } from '../../../src/engine/query/verify';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { corpusLines, field, parseLines } from '../../expectedLines';

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
    // One line for each entry, unless a value that only the job could read hides those behind it.
    const unread = found.filter((line) => field(line, 'kind') === 'unread');
    if (unread.length === 0) expect(found).toHaveLength(expected.length);
    for (const line of unread) expect(String(field(line, 'reason'))).not.toBe('');
    expect(await verify(opened)).toMatchObject({ whole: true });
    await opened.close();
  });
});
