import { describe, expect, it } from 'vitest';
import { fill } from '../../../src/view/format';
import { buildStrings } from '../../../src/view/strings';
import { inEnglish } from '../../../src/view/translate';
import { type Area, fileAreas, operatorAreas } from '../../../webview/model/byteAreas';
import { shopStats } from '../../webview/counts';
import { damaged, large, operator, shop, snapshot, state } from '../../webview/samples';

const strings = buildStrings(inEnglish);
const more = (n: number): string => fill('{0} more', n);
const sum = (areas: readonly Area[]): number => areas.reduce((all, { bytes }) => all + bytes, 0);

describe('areas of operators', () => {
  it('sum up what is too small to see, and lose no byte', () => {
    const areas = operatorAreas(shop(), null, strings, more);
    expect(areas.map((a) => a.label)).toEqual([
      'User profiles',
      'Session windows(gap = 30 min) -> Enrich -> Map',
      'Totals per country',
      '2 more',
    ]);
    expect(sum(areas)).toBe(shop().operators.reduce((all, o) => all + o.bytes, 0));
    for (const area of areas.filter((b) => b.parts.length > 0)) expect(sum(area.parts)).toBe(area.bytes);
    const [users, , , rest] = areas;
    expect(users?.leads).toEqual({ operator: shop().operators[0]?.id, state: null });
    expect(users?.parts[0]).toMatchObject({ label: 'counters', leads: { state: 'counters' } });
    expect(rest?.leads).toBeNull();
  });

  it('tell apart what the format mixes once it is counted', () => {
    const mixed = snapshot({
      operators: [
        operator('a', {
          bytes: 1100,
          coordinatorBytes: 100,
          states: [state('one', { bytes: null }), state('two', { bytes: null })],
        }),
      ],
    });
    const before = operatorAreas(mixed, null, strings, more)[0]?.parts.map(({ label, bytes }) => [label, bytes]);
    expect(before).toEqual([
      ['2 states', 1000],
      ['Coordinator state', 100],
    ]);
    const amount = { keys: null, bars: [], skew: null, entries: 1 };
    const stats = {
      ...shopStats(1),
      operators: [
        {
          ...amount,
          id: 'a',
          bytes: 40,
          states: [
            { ...amount, name: 'one', kind: 'value' as const, bytes: 30 },
            { ...amount, name: 'two', kind: 'value' as const, bytes: 10 },
          ],
        },
      ],
    };
    const parts = (isComplete: boolean) =>
      operatorAreas(mixed, { ...stats, isComplete }, strings, more)[0]?.parts.map(({ label, bytes }) => [label, bytes]);
    expect(parts(true)).toEqual([
      ['headers and framing', 960],
      ['Coordinator state', 100],
      ['one', 30],
      ['two', 10],
    ]);
    // What is compressed takes less room than it holds.
    const [packed] = stats.operators.map((of) => ({
      ...of,
      bytes: 4000,
      states: of.states.map((one) => ({ ...one, bytes: one.bytes * 100 })),
    }));
    const compressed = operatorAreas(
      mixed,
      { ...stats, isComplete: true, operators: packed === undefined ? [] : [packed] },
      strings,
      more,
    );
    expect(compressed[0]?.parts.map(({ label, bytes, shownBytes }) => [label, bytes, shownBytes])).toEqual([
      ['one', 750, 3000],
      ['two', 250, 1000],
      ['Coordinator state', 100, 100],
    ]);
    // While it is being counted, areas would jump about.
    expect(parts(false)).toEqual(before);
  });

  it('are none where there is nothing', () => {
    expect(operatorAreas(snapshot({ operators: [operator('a', { bytes: 0 })] }), null, strings, more)).toEqual([]);
  });

  it('show the largest even when all are alike and small', () => {
    const areas = operatorAreas(large(3000, 1), null, strings, more);
    expect(areas.map((a) => a.label)).toEqual(['Operator 0', '2999 more']);
  });
});

describe('areas of files', () => {
  it('are to scale, and say what is wrong with one', () => {
    const { files } = damaged();
    const areas = fileAreas(damaged(), strings, more);
    expect(sum(areas)).toBe(files.reduce((all, { bytes }) => all + bytes, 0));
    expect(areas[0]).toMatchObject({ isBad: true, hint: 'missing', leads: { file: files[0]?.path } });
    expect(areas.filter(({ isBad }) => isBad)).toHaveLength(3);
    expect(fileAreas(large(3000, 1), strings, more).length).toBeLessThan(200);
    expect(fileAreas(snapshot(), strings, more)).toEqual([]);
  });
});
