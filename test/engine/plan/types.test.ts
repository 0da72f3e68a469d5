import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import type { NewValue } from '../../../src/engine/plan/plan';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, idOf, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();
const TYPES = '2db22d27d82fbf10fa0696f892366d9a';

describe('values of every type', () => {
  test('are put under other keys in the form that the dump shows', async () => {
    const source = fixture('1.20-types-heap-canonical');
    const before = await contentOf(source);
    const expected = new Map(before.keyed);
    const steps: Step[] = [];
    for (const [id, value] of before.keyed) {
      const [operator, state, key] = id.split(' | ');
      if (operator !== TYPES || state.startsWith('_timer_state')) continue;
      const other = 1000n + BigInt(key);
      steps.push({ kind: 'put', operator, state, key: other, value: parseJson(value) });
      expected.set(idOf(operator, state, String(other)), value);
    }
    expect(steps.length).toBeGreaterThan(50);
    const out = temporary.at('out');
    await applied(planOf(source, ...steps), out);
    expect((await contentOf(out)).keyed).toEqual(expected);
  });

  test.each<[state: string, key: number, path: string, expression: Json, change: (value: never) => unknown]>([
    ['avroSpecific', 1, 'cents', 'value.cents * 2', (v: { cents: number }) => ({ ...v, cents: v.cents * 2 })],
    ['avroSpecific', 1, 'parts[0]', 5n, (v: object) => ({ ...v, parts: [5] })],
    ['avroGeneric', 1, 'tags["a.b"]', 5n, (v: object) => ({ ...v, tags: { 'a.b': 5 } })],
    ['avroGeneric', 1, 'reading', '2.5', (v: object) => ({ ...v, reading: 2.5 })],
    ['rowNamed', 1, 'note', "'changed'", (v: object) => ({ ...v, note: 'changed' })],
    ['row', 1, '[0]', '7', (v: { fields: unknown[] }) => ({ ...v, fields: [7, v.fields[1]] })],
    [
      'tuple',
      0,
      'f2[0]',
      'value[2][0] - 1',
      ([a, b, [c, d]]: [string, number, [number, boolean]]) => [a, b, [c - 1, d]],
    ],
    [
      'mapOfLongs',
      0,
      '["0"]',
      "['new']",
      ({ $map: [first, [zero]] }: { $map: unknown[][] }) => ({ $map: [first, [zero, ['new']]] }),
    ],
    ['mapOfStrings', 1, 'one', 1n, () => ({ one: 1 })],
    ['listOfStrings', 1, '[0]', "'first'", () => ['first']],
    ['intArray', 0, '[2]', 'value[0]', ([a, b]: number[]) => [a, b, a]],
    ['either', 1, 'right', 'value.right + 1', (v: { right: number }) => ({ right: v.right + 1 })],
    [
      'pojo',
      0,
      'address.street',
      "'Elm'",
      (v: { address: object }) => ({ ...v, address: { ...v.address, street: 'Elm' } }),
    ],
  ])('%s of key %i: its %s is changed, and nothing else', async (state, key, path, expression, change) => {
    const source = fixture('1.20-types-heap-canonical');
    const before = await contentOf(source);
    const out = temporary.at('out');
    const set: NewValue = { kind: 'fields', expressions: [[path, expression]] };
    await applied(planOf(source, { kind: 'update', operator: TYPES, state, key: BigInt(key), set }), out);
    const { keyed } = await contentOf(out);
    const id = idOf(TYPES, state, String(key));
    expect(JSON.parse(keyed.get(id) ?? 'null')).toEqual(change(JSON.parse(before.keyed.get(id) ?? 'null') as never));
    for (const [other, value] of before.keyed) if (other !== id) expect(keyed.get(other), other).toBe(value);
  });

  test.each<[state: string, value: string]>([
    ['byte', '128'],
    ['byte', '1.5'],
    ['short', '-32769'],
    ['int', '2147483648'],
    ['int', '"1"'],
    ['int', 'null'],
    ['long', '-9223372036854775809'],
    ['long', '1e300'],
    ['float', '"big"'],
    ['boolean', '0'],
    ['char', '"ab"'],
    ['char', '""'],
    ['string', '5'],
    ['bytes', '"not base64"'],
    ['bigInteger', '"1.5"'],
    ['bigDecimal', '"one"'],
    ['enum', '"NO SUCH CONSTANT"'],
    ['instant', '"2024-01-31T23:59:59.123456789"'],
    ['instant', '"2024-13-31T00:00:00Z"'],
    ['sqlTimestamp', '"yesterday"'],
    ['date', '"2024-01-31T23:59:59.1234Z"'],
    ['localDate', '"2024-02-30"'],
    ['localTime', '"24:00:00"'],
    ['localDateTime', '"2024-01-31"'],
    ['either', '{"middle":5}'],
    ['either', '{"right":"five"}'],
    ['tuple', '["t",1]'],
    ['tuple', '["t",1,[-1,true],5]'],
    ['tuple', '["t",null,[-1,true]]'],
    ['tuple', '["t",1,[-1,1]]'],
    ['intArray', '[1,null]'],
    ['stringArray', '"a"'],
    ['longArray', '[1.5]'],
    ['listOfStrings', '[5]'],
    ['mapOfStrings', '{"a":"b"}'],
    ['mapOfStrings', '{"$map":[[1,2,3]]}'],
    ['mapOfLongs', '{"$map":[["x",[]]]}'],
    ['row', '[1]'],
    ['row', '{"$kind":"?","fields":[1,null]}'],
    ['rowNamed', '{"id":1}'],
    ['rowNamed', '{"id":1,"note":null,"more":2}'],
    ['pojo', '{"address":null}'],
    ['shape', '{"$class":"com.acme.Nobody","label":"x"}'],
    ['avroSpecific', '{"id":"x","cents":"1","note":null,"parts":[]}'],
    ['avroGeneric', '{"name":"x","reading":true,"mode":"OFF","tags":{},"raw":""}'],
    ['avroGeneric', '{"name":"x","reading":null,"mode":"ASLEEP","tags":{},"raw":""}'],
  ])('%s does not take %s', async (state, text) => {
    const value: Json = parseJson(text);
    const plan = planOf(fixture('1.20-types-heap-canonical'), { kind: 'put', operator: TYPES, state, key: 1n, value });
    await expect(applied(plan, temporary.at('out'))).rejects.toMatchObject({
      code: 'BAD_VALUE',
      where: expect.stringContaining('value'),
    });
  });
});
