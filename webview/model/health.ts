import type { SnapshotDescription } from '../../src/engine/description';
import type { HealthFinding, HealthRemedy, HealthSeverity } from '../../src/engine/health/finding';
import type { PageSettings, RowTarget } from '../../src/protocol';
import { healthText } from '../../src/view/healthText';
import { operatorTitle } from '../../src/view/naming';
import type { HealthNews } from '../../src/view/shownHealth';
import type { Strings } from '../../src/view/strings';

export interface HealthItem {
  severity: HealthSeverity;
  text: string;
  hint: string | null;
  file: string | null;
  offset: number | null;
  /** The rows that it is about. */
  places: HealthPlace[];
  /** How many more rows it is about. */
  morePlaces: number;
  /** Where it is in the engine's own words. */
  where: string | null;
  remedy: { label: string; does: HealthRemedy; operator: string | null } | null;
}

export interface HealthPlace {
  label: string;
  target: RowTarget;
}

/** Rows that are named; of a job with a thousand states one would read no more anyway. */
const MOST_PLACES = 3;

const RANK: Record<HealthSeverity, number> = { error: 0, warning: 1, info: 2, ok: 3 };

/** What stands in the way of a restore, worst first, and what was looked at and is well. */
export function healthItems(
  { findings, verification }: Pick<HealthNews, 'findings' | 'verification'>,
  snapshot: SnapshotDescription,
  strings: Strings,
  settings: PageSettings,
): HealthItem[] {
  const all = [...findings, ...verification.findings];
  return all
    .map((finding) => itemOf(finding, snapshot, strings, settings))
    .sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

function itemOf(
  finding: HealthFinding,
  snapshot: SnapshotDescription,
  strings: Strings,
  settings: PageSettings,
): HealthItem {
  const { severity, problem, operators, remedy } = finding;
  const { text, advice, remedy: label } = healthText(finding, strings.healthFindings, settings);
  const places = placesOf(finding, snapshot);
  // A file that the sentence names already is not named twice.
  const file = problem?.file == null || text.includes(problem.file) ? null : problem.file;
  return {
    severity,
    text,
    hint: advice,
    file,
    offset: problem?.offset ?? null,
    places: places.slice(0, MOST_PLACES),
    morePlaces: Math.max(0, places.length - MOST_PLACES),
    where: places.length > 0 ? null : (problem?.where ?? null),
    remedy: remedy === null || label === null ? null : { label, does: remedy, operator: operators[0] ?? null },
  };
}

/** The states that it is about; where it is about no state, the operators. */
function placesOf({ operators, states }: HealthFinding, snapshot: SnapshotDescription): HealthPlace[] {
  const titles = new Map(snapshot.operators.map((operator) => [operator.id, operatorTitle(operator)]));
  if (states.length > 0) {
    return states.map(({ operator, name }) => ({
      label: `${titles.get(operator) ?? operator} / ${name}`,
      target: { operator, state: name },
    }));
  }
  return operators.map((id) => ({ label: titles.get(id) ?? id, target: { operator: id, state: null } }));
}
