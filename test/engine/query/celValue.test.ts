import { describe, expect, test } from 'vitest';
import { celCell } from '../../../src/engine/bootstrap/cel/celCell';
import { printJson } from '../../../src/engine/json/printJson';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { celValue } from '../../../src/engine/query/celValue';
import { EncodedValue, MapValue, RecordValue, RowValue, SetValue } from '../../../src/engine/types/values';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, idOf } from '../plan/harness';

const temporary = useTemporaryFolder();

/** A plan's text, run. */
async function written(plan: object, name: string): Promise<string> {
  const out = temporary.at(name);
  await applied(readPlan(JSON.stringify(plan), 'a test'), out);
  return out;
}

describe('values that stand beside their bytes, as expressions see them', () => {
  const TYPES = {
    row: {
      type: 'rowData {id: int, name: varchar(9), tags: array<varchar(9)>}',
      sees: 'value[0] == 1 && value[2][1] == "y"',
    },
    avro: { type: 'avro "r.avsc"', sees: 'value.id == 1 && value.tags[1] == "y"' },
  } as const;

  test.each(Object.entries(TYPES))('%s: fields are asked for, changed and passed on', async (_name, { type, sees }) => {
    temporary.file(
      'r.avsc',
      '{"type":"record","name":"R","namespace":"a","fields":[{"name":"id","type":"int"},{"name":"name","type":"string"},{"name":"tags","type":{"type":"array","items":"string"}}]}',
    );
    const rows = temporary.file(
      'rows.ndjson',
      [1, 2].map((id) => `{"id":${id},"name":"n","tags":["x","y"]}`).join('\n'),
    );
    const state = { name: 's', kind: 'value', type: type.replace('r.avsc', temporary.at('r.avsc')), value: 'row' };
    const key = { type: 'string', value: 'string(row.id)' };
    const start = await written(
      { steps: [{ bootstrap: { operator: { uid: 'op', parallelism: 1 }, data: rows, key, states: [state] } }] },
      'start',
    );
    const id = [...(await contentOf(start)).keyed.keys()].find((entry) => entry.includes('"1"')) ?? '';
    const before = (await contentOf(start)).keyed;
    const step = { operator: 'op', state: 's', where: sees };
    const same = await written({ from: start, steps: [{ update: { ...step, set: 'value' } }] }, 'same');
    expect((await contentOf(same)).keyed).toEqual(before);
    const gone = await written({ from: start, steps: [{ delete: step }] }, 'gone');
    expect([...before.keys()].filter((entry) => entry !== id)).toEqual([...(await contentOf(gone)).keyed.keys()]);
  });
});

describe('what an expression passes on', () => {
  const passedOn = (value: unknown): string => {
    const cell = celCell(celValue(value));
    return cell instanceof Uint8Array ? 'bytes' : printJson(cell);
  };

  test.each([
    ['a row keeps its kind', new RowValue('-U', [1n, 'a']), '{"$kind":"-U","fields":[1,"a"]}'],
    ['a row with names too', new RowValue('-D', [1n], ['a']), '{"$kind":"-D","fields":{"a":1}}'],
    ['an inserted row has none', new RowValue('+I', [1n, 'a']), '[1,"a"]'],
    ['a set stays one', new SetValue([1n, 2n]), '{"$set":[1,2]}'],
    ['keys that are no strings stay so', new MapValue([[1n, 'a']]), '{"$map":[[1,"a"]]}'],
    ['an instance of a subclass stays one', new RecordValue(['a'], [1n], 'b.C'), '{"$class":"b.C","a":1}'],
    [
      'inside of others',
      [new EncodedValue(new Uint8Array(1), new RowValue('+U', [null]))],
      '[{"$kind":"+U","fields":[null]}]',
    ],
  ])('%s', (_what, value, expected) => {
    expect(passedOn(value)).toBe(expected);
  });

  test('a list of them can be filtered', async () => {
    const rows = temporary.file(
      'rows.ndjson',
      '{"k":"a","v":[{"$kind":"-D","fields":[1]},{"$kind":"+U","fields":[2]}]}',
    );
    const state = { name: 's', kind: 'list', type: 'row<long>', value: 'row.v' };
    const key = { type: 'string', value: 'row.k' };
    const start = await written(
      { steps: [{ bootstrap: { operator: { uid: 'op', parallelism: 1 }, data: rows, key, states: [state] } }] },
      'start',
    );
    const step = { operator: 'op', state: 's', key: 'a', set: 'value.filter(item, item[0] == 2)' };
    const out = await written({ from: start, steps: [{ update: step }] }, 'out');
    const [operator] = [...(await contentOf(start)).keyed.keys()].map((entry) => entry.split(' | ')[0]);
    expect((await contentOf(out)).keyed.get(idOf(operator, 's', '"a"'))).toBe('[{"$kind":"+U","fields":[2]}]');
  });
});
