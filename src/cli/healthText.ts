import type { SnapshotDescription } from '../engine/description';
import type { HealthFinding } from '../engine/health/finding';
import type { Json } from '../engine/json/jsonValue';
import { operatorName } from '../engine/operatorName';
import { buildHealthStrings } from '../view/healthStrings';
import { healthText as words } from '../view/healthText';
import { inEnglish } from '../view/translate';
import { plainJson } from './plainJson';

const STRINGS = buildHealthStrings(inEnglish);

const wordsOf = (finding: HealthFinding) => words(finding, STRINGS, { sizeUnits: 'decimal', locale: 'en' });

/** A finding as it stands in JSON output; its code is a name that scripts may look for. */
export function healthJson(finding: HealthFinding): Json {
  const { severity, code, operators, states } = finding;
  const { text, advice } = wordsOf(finding);
  return plainJson({
    severity,
    code,
    message: text,
    hint: advice,
    operators,
    states: states.map(({ operator, name }) => ({ operator, name })),
  });
}

/** A finding in lines for people. What the engine tells in its own words stands among the problems already. */
export function healthLines(finding: HealthFinding, { operators: known }: SnapshotDescription): string[] {
  if (finding.problem !== null) return [];
  const { severity, code, operators, states } = finding;
  const { text, advice } = wordsOf(finding);
  const names = new Map(known.map((operator) => [operator.id, operatorName(operator)]));
  const named = (id: string): string => names.get(id) ?? id;
  const places =
    states.length > 0 ? states.map(({ operator, name }) => `${named(operator)} / ${name}`) : operators.map(named);
  const lines = [`  ${severity}[${code}]: ${text}${places.length === 0 ? '' : ` (${listed(places)})`}`];
  if (advice !== null) lines.push(`    hint: ${advice}`);
  return lines;
}

const MOST_PLACES = 5;

function listed(places: readonly string[]): string {
  const more = places.length - MOST_PLACES;
  return `${places.slice(0, MOST_PLACES).join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}
