import { describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { newSerializer } from '../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../src/engine/types/describe/typeText';
import { unknownSerializer } from '../../../src/engine/types/opaque';
import { spellType, type TypeInfo } from '../../../src/engine/types/typeInfo';
import { KeyedSource } from '../../../src/engine/write/keyedSource';
import { modernSerializer } from '../../../src/engine/write/modernMeta';
import { OperatorStateSource } from '../../../src/engine/write/operatorStateSource';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, planOf } from '../plan/harness';

const temporary = useTemporaryFolder();
/** Keeps all kinds of Scala's types in the corpus. */
const OPERATOR = 'd1392353922252257afa15351a98bae9';

async function stateOf(path: string, name: string): Promise<TypeInfo | undefined> {
  const snapshot = await openSnapshot(path, nodeFileStore);
  try {
    const operator = snapshot.operators.find(({ id }) => id === OPERATOR);
    const source = operator === undefined ? null : await KeyedSource.open(snapshot, operator);
    return source?.states.find((state) => state.name === name)?.canonical.value?.type;
  } finally {
    await snapshot.close();
  }
}

describe('a serializer described anew', () => {
  test.each([
    'string',
    'long',
    'tuple<string, long>',
    'pojo com.acme.Balance {amount: double, updatedAt: long}',
    'list<int>',
    'map<string, ttl<long>>',
    'enum com.acme.Color {RED, GREEN}',
    'list<enum com.acme.Color {RED, GREEN}>',
    'scala-enum com.acme.Letters$ {A, "a b" = 3, B = 7}',
    'either<string, long>',
    'scala-either<string, long>',
  ])('%s is the one that Flink would write', (text) => {
    const made = newSerializer(parseTypeText(text), '2.1');
    const { bytes, codec } = modernSerializer(made.codec, '2.1');
    expect(Buffer.from(bytes).toString('hex')).toBe(`00000002${Buffer.from(made.snapshot).toString('hex')}`);
    expect(codec.length).toBe(made.codec.length);
  });

  test('a collection of Scala is refused with the reason', () => {
    const { codec } = newSerializer(parseTypeText('list<int>'), '2.1');
    const traversable = { ...codec, type: { ...codec.type, name: 'traversable' } };
    expect(() => modernSerializer(traversable, '2.1')).toThrow(/what builds a collection of Scala/);
  });

  test('one that no words describe is refused, with its type', () => {
    const unknown = unknownSerializer(null, 'Its class is not known.');
    expect(() => modernSerializer(unknown, '2.1')).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  });
});

describeCorpus('Scala of Flink 1.4 and 1.6', () => {
  test.each(['1.4-jobmanager', '1.4-rocksdb', '1.6-jobmanager', '1.6-rocksdb'])('%s', async (release) => {
    const name = `stateful-scala-udf-migration-itcase-flink${release}-savepoint`;
    const source = corpusSnapshots().find((snapshot) => snapshot.name.endsWith(name));
    if (source === undefined) throw new Error(`The corpus has no ${name}.`);
    const plan = { ...planOf(source.path), metadataVersion: 4 } as const;
    await expect(applied(plan, temporary.at('refused'))).rejects.toThrow(/traversable.*what builds a collection/);
    const steps = [{ kind: 'removeState', operator: OPERATOR, state: 'collectionState' }] as const;
    const out = temporary.at('out');
    await applied({ ...planOf(source.path, ...steps), metadataVersion: 4 }, out);
    const [before, after] = [await contentOf(source.path), await contentOf(out)];
    const kept = [...before.keyed].filter(([id]) => !id.includes(' | collectionState | '));
    expect(new Map(kept)).toEqual(after.keyed);
    expect(after.keyed.size).toBeGreaterThan(0);
    const state = await stateOf(out, 'enumOneState');
    expect(state?.serializer).toBe('org.apache.flink.api.scala.typeutils.ScalaEnumSerializerSnapshot');
    expect(state && spellType(state)).toMatch(/ \{ONE, TWO, THREE, FOUR\}$/);
    const either = await stateOf(out, 'eitherLeftState');
    expect(either?.serializer).toBe('org.apache.flink.api.scala.typeutils.ScalaEitherSerializerSnapshot');
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
