import { describe, expect, test } from 'vitest';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { planPaths } from '../../../src/engine/plan/planPaths';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, idOf } from '../plan/harness';

const temporary = useTemporaryFolder();
const LIMIT = {
  type: 'record',
  name: 'Limit',
  namespace: 'com.acme',
  fields: [
    { name: 'user', type: 'string' },
    { name: 'limit', type: ['null', 'long'] },
  ],
};

/** A plan whose one state is of that type; it lies in the temporary folder. */
const planOf = (type: string) => {
  const states = [{ name: 'limit', kind: 'list', type, value: '[row]' }];
  const key = { type: 'string', value: 'row.user' };
  const bootstrap = { operator: { uid: 'limits' }, data: 'rows.ndjson', key, states };
  return planPaths(readPlan(JSON.stringify({ steps: [{ bootstrap }] }), 'a plan'), temporary.root, nodeFileStore);
};

describe('a type of Avro in a plan', () => {
  test('is that of a schema beside the plan', async () => {
    temporary.file('rows.ndjson', '{"user":"a","limit":7}\n{"user":"b","limit":null}\n');
    temporary.file('limit.avsc', JSON.stringify(LIMIT, null, 2));
    for (const type of ['avro "limit.avsc"', 'avro com.acme.Limit limit.avsc']) {
      const out = type.length.toString();
      await applied(planOf(type), temporary.at(out));
      expect((await contentOf(temporary.at(out))).keyed).toEqual(
        new Map([
          [idOf(operatorIdOfUid('limits'), 'limit', '"a"'), '[{"user":"a","limit":7}]'],
          [idOf(operatorIdOfUid('limits'), 'limit', '"b"'), '[{"user":"b","limit":null}]'],
        ]),
      );
    }
  });

  test('whose schema is not there, or is none, is refused', async () => {
    temporary.file('rows.ndjson', '{"user":"a","limit":7}\n');
    await expect(applied(planOf('avro missing.avsc'), temporary.at('one'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    temporary.file('wrong.avsc', '{"type":"recor"}');
    await expect(applied(planOf('avro wrong.avsc'), temporary.at('two'))).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
  });
});
