import { type EntryDifference, isOfOperatorState } from '../engine/diff/difference';
import { differenceJson } from '../engine/diff/differenceJson';
import type { OperatorDiff, SnapshotDiff, StateDiff, TypeChange } from '../engine/diff/diffResult';
import { isSame, isSameState } from '../engine/diff/snapshotDiff';
import { printJson } from '../engine/json/printJson';
import { operatorName } from '../engine/operatorName';
import { plainJson } from './plainJson';
import { printable } from './printable';
import { problemLines } from './problemText';

const MOST_TEXT = 200;
const SIGNS = { added: '+', removed: '-', changed: '~' } as const;
const PLACES = { before: 'only in the first', after: 'only in the second' } as const;

interface Names {
  before: string;
  after: string;
}

/** `diff` for scripts: the engine's model, with the listed entries in it; parts of entries are JSON themselves. */
export function diffJson(
  names: Names,
  { same, operators, problems }: SnapshotDiff,
  listed: readonly EntryDifference[],
): string {
  const head = printJson(plainJson({ ...names, same, operators, problems }));
  return `${head.slice(0, -1)},"entries":[${listed.map(differenceJson).join()}]}\n`;
}

/** `diff` for people: what differs only. */
export function diffText({ before, after }: Names, diff: SnapshotDiff, listed: readonly EntryDifference[]): string {
  const lines = [`- ${before}`, `+ ${after}`];
  if (diff.same) lines.push('no difference');
  for (const operator of diff.operators) {
    if (!isSame(operator))
      lines.push(
        '',
        ...operatorLines(
          operator,
          listed.filter((e) => e.operator === operator.id),
        ),
      );
  }
  if (diff.problems.length > 0) lines.push('', 'not compared', ...diff.problems.flatMap(problemLines));
  return `${lines.map(printable).join('\n')}\n`;
}

function operatorLines(operator: OperatorDiff, listed: readonly EntryDifference[]): string[] {
  const { renamed, parallelism, maxParallelism, states } = operator;
  const title = operatorName(operator);
  if (operator.in !== 'both') return [`${title} · ${PLACES[operator.in]} · ${states.length} states`];
  const facts = [
    renamed === null ? null : `${renamed.before} -> ${renamed.after}`,
    parallelism === null ? null : `parallelism ${parallelism.before} -> ${parallelism.after}`,
    maxParallelism === null ? null : `max parallelism ${maxParallelism.before} -> ${maxParallelism.after}`,
  ].filter((fact) => fact !== null);
  const changed = states.filter((state) => !isSameState(state));
  return [
    [title, ...facts].join(' · '),
    ...changed.flatMap((state) =>
      stateLines(
        state,
        listed.filter((e) => e.state === state.name && isOfOperatorState(e) === (state.of === 'operator')),
      ),
    ),
  ];
}

function stateLines(state: StateDiff, listed: readonly EntryDifference[]): string[] {
  const { name, kind, types, added, removed, changed, incomplete } = state;
  if (state.in !== 'both') return [`  ${name} · ${kind} · ${PLACES[state.in]}`];
  const lines = [`  ${name} · ${kind} · ${added} added, ${removed} removed, ${changed} changed`];
  if (incomplete) lines.push('    could not be read whole: what only one of them shows there is left out');
  for (const type of types) lines.push(...typeLines(type).map((line) => `    ${line}`));
  lines.push(...listed.map((entry) => `    ${entryText(entry)}`));
  const more = added + removed + changed - listed.reduce((sum, { times }) => sum + times, 0);
  if (more > 0) lines.push(`    … ${more} more`);
  return lines;
}

function typeLines({ what, before, after, parts }: TypeChange): string[] {
  if (parts.length === 0) return [`${what}: ${before} -> ${after}`];
  return parts.map(({ path, before, after }) => {
    if (before === null) return `${what}: + ${path}: ${after}`;
    return after === null ? `${what}: - ${path}: ${before}` : `${what}: ~ ${path}: ${before} -> ${after}`;
  });
}

function entryText({ what, key, namespace, mapKey, timestamp, before, after, fields, times }: EntryDifference): string {
  const place = [
    key,
    namespace === null ? null : `in ${namespace}`,
    mapKey === null ? null : `[${mapKey}]`,
    timestamp === null ? null : `at ${timestamp}`,
    times > 1 ? `${times} times` : null,
  ].filter((part) => part !== null);
  const values = what === 'changed' ? `${cut(before)} -> ${cut(after)}` : cut(before ?? after);
  const where = fields.filter((path) => path !== '');
  const value = values === '' ? '' : `${place.length > 0 ? ': ' : ''}${values}`;
  return `${SIGNS[what]} ${place.join(' ')}${value}${where.length === 0 ? '' : ` (${where.join(', ')})`}`;
}

function cut(text: string | null): string {
  if (text === null) return '';
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}
