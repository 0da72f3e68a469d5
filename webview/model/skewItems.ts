import type { SnapshotDescription } from '../../src/engine/description';
import { fill } from '../../src/view/format';
import { operatorTitle } from '../../src/view/naming';
import type { ShownStats } from '../../src/view/shownStats';
import type { Strings } from '../../src/view/strings';
import { NOTABLE_SKEW } from '../page/statsPictures';
import type { HealthItem } from './health';

/** States that are named at most, the most skewed first: the table marks the others. */
const MOST_ITEMS = 3;
/** In less than this nobody feels that one subtask holds more. */
const FEWEST_BYTES = 1_000_000;

/** States of which one subtask holds far more than its share, once everything is counted. */
export function skewItems(
  { operators }: SnapshotDescription,
  stats: ShownStats | null,
  { strings, count, locale }: { strings: Strings; count: (n: number) => string; locale: string },
): HealthItem[] {
  if (stats?.isComplete !== true) return [];
  const titles = new Map(operators.map((operator) => [operator.id, operatorTitle(operator)]));
  const found = stats.operators.flatMap(({ id, states }) =>
    states.flatMap(({ name, bytes, skew }) =>
      skew === null || skew.ratio < NOTABLE_SKEW || bytes < FEWEST_BYTES ? [] : [{ id, name, skew }],
    ),
  );
  found.sort((a, b) => b.skew.ratio - a.skew.ratio);
  return found.slice(0, MOST_ITEMS).map(({ id, name, skew }) => {
    const times = skew.ratio.toLocaleString(locale, { maximumFractionDigits: 1 });
    return {
      severity: 'warning',
      text: fill(strings.skewFound, name, count(skew.number), times),
      hint: strings.skewHint,
      file: null,
      offset: null,
      places: [{ label: `${titles.get(id) ?? id} / ${name}`, target: { operator: id, state: name } }],
      morePlaces: 0,
      where: null,
      remedy: null,
    };
  });
}
