import { getLocation } from 'jsonc-parser';
import { operatorName } from '../engine/operatorName';
import { formatBytes, formatCount, type SizeUnits } from '../view/format';
import { spellState } from '../view/spellState';
import { buildStrings } from '../view/strings';
import type { Translate } from '../view/translate';
import {
  findOperator,
  type KnownOperator,
  type KnownSnapshots,
  type KnownState,
  operatorsBefore,
  operatorsOf,
} from './knownNames';
import { PlanTree } from './planTree';

export interface HoverOptions {
  snapshots: KnownSnapshots;
  t: Translate;
  units: SizeUnits;
  locale: string;
}

/** Lines about what stands at a place of a plan. They are of others: text, never Markdown. The first names it, the second is its type. */
export interface PlaceText {
  from: number;
  to: number;
  title: string;
  type: string | null;
  lines: string[];
}

/** What is known of the operator, the state or the value at `offset`; null where there is nothing to say. */
export function describePlace(text: string, offset: number, options: HoverOptions): PlaceText | null {
  const tree = new PlanTree(text);
  const { path } = getLocation(text, offset);
  const node = tree.around(offset);
  if (node === undefined || path[0] !== 'steps' || typeof path[1] !== 'number' || typeof path[2] !== 'string')
    return null;
  const [, index, step, ...inside] = path as [string, number, string, ...(string | number)[]];
  const range = { from: node.offset, to: node.offset + node.length };
  const beside = (field: string): string | null => tree.string(['steps', index, step, ...inside.slice(0, -1), field]);
  const from = inside.length > 0 ? beside('from') : null;
  const operators =
    from === null ? operatorsBefore(tree, index, options.snapshots) : operatorsOf(options.snapshots(from));
  const last = inside.at(-1);
  const named = typeof node.value === 'string' ? node.value : null;
  if (inside.length === 0 || last === 'operator' || inside[0] === 'operators') {
    const operator = step === 'removeOperator' || inside.length > 0 ? findOperator(operators, named) : null;
    return operator === null ? null : { ...range, ...operatorText(operator, options) };
  }
  const wanted = tree.string(['steps', index, step, ...(last === 'state' ? inside.slice(0, -1) : []), 'operator']);
  const state = findOperator(operators, wanted)?.states.find(
    ({ name }) => name === (last === 'state' ? beside('state') : tree.string(['steps', index, step, 'state'])),
  );
  const isOfState =
    last === 'state' || ['key', 'namespace', 'mapKey', 'value', 'set', 'where'].includes(String(inside[0]));
  return state === undefined || !isOfState ? null : { ...range, ...stateText(state, options) };
}

function operatorText(operator: KnownOperator, { t, units, locale }: HoverOptions) {
  const { id, uid, description } = operator;
  const label = description?.given?.label ?? null;
  const lines = [label, uid === null ? null : t('uid {0}', uid), t('Operator ID {0}', id)];
  if (description !== null) {
    lines.push(
      t(
        'parallelism {0} of {1}',
        formatCount(description.parallelism, locale),
        formatCount(description.maxParallelism, locale),
      ),
      t(
        '{0} states, {1}',
        formatCount(description.states.length, locale),
        formatBytes(description.bytes, units, locale),
      ),
    );
  }
  return { title: operatorName(operator), type: null, lines: lines.filter((line) => line !== null) };
}

function stateText({ name, description }: KnownState, { t, units, locale }: HoverOptions) {
  if (description === null) return { title: name, type: null, lines: [t('A state that a step before makes.')] };
  const strings = buildStrings(t);
  const { kind, ttl, entries, bytes } = description;
  const facts = [
    strings.stateKinds[kind],
    ttl ? strings.ttl : null,
    entries === null ? null : t('{0} entries', formatCount(entries, locale)),
    bytes === null ? null : formatBytes(bytes, units, locale),
  ];
  return { title: name, type: spellState(description), lines: [facts.filter((fact) => fact !== null).join(' · ')] };
}
