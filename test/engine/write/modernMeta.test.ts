import { describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { newSerializer } from '../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../src/engine/types/describe/typeText';
import { unknownSerializer } from '../../../src/engine/types/opaque';
import { KeyedSource } from '../../../src/engine/write/keyedSource';
import { modernSerializer } from '../../../src/engine/write/modernMeta';
import { OperatorStateSource } from '../../../src/engine/write/operatorStateSource';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, planOf } from '../plan/harness';

const temporary = useTemporaryFolder();

describe('a serializer described anew', () => {
  test.each([
    'string',
    'long',
    'tuple<string, long>',
    'pojo com.acme.Balance {amount: double, updatedAt: long}',
    'list<int>',
    'map<string, ttl<long>>',
  ])('%s is the one that Flink would write', (text) => {
    const made = newSerializer(parseTypeText(text), '2.1');
    const { bytes, codec } = modernSerializer(made.codec, '2.1');
    expect(Buffer.from(bytes).toString('hex')).toBe(`00000002${Buffer.from(made.snapshot).toString('hex')}`);
    expect(codec.length).toBe(made.codec.length);
  });

  test('one that no words describe is refused, with its type', () => {
    const unknown = unknownSerializer(null, 'Its class is not known.');
    expect(() => modernSerializer(unknown, '2.1')).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });
});

describeCorpus('snapshots of Flink 1.4 to 1.6 in the newest form', () => {
  test.each([
    'stateful-udf-migration-itcase-flink1.4-savepoint',
    'new-stateful-udf-migration-itcase-flink1.6-rocksdb-savepoint',
    'new-stateful-broadcast-udf-migration-itcase-flink1.6-savepoint',
  ])('%s keeps what it holds, and every header is one that Flink 2 reads', async (name) => {
    const source = corpusSnapshots().find((snapshot) => snapshot.name.endsWith(name));
    if (source === undefined) throw new Error(`The corpus has no ${name}.`);
    const out = temporary.at('out');
    await applied({ ...planOf(source.path), format: 'canonical', metadataVersion: 6 }, out);
    expect(await contentOf(out)).toEqual(await contentOf(source.path));
    const written = await openSnapshot(out, nodeFileStore);
    for (const operator of written.operators) {
      const keyed = await KeyedSource.open(written, operator);
      if (keyed !== null && keyed.states.length > 0) expect(keyed.headerVersion).toBe(6);
      const state = await OperatorStateSource.open(operator);
      if (state !== null) expect(state.version).toBe(5);
    }
    await written.close();
  });
});
