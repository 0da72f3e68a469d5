import { instantText } from '../engine/json/temporalText';
import { operatorName } from '../engine/operatorName';
import type { Distinct } from '../engine/stats/distinctCount';
import { isByChance } from '../engine/stats/snapshotStats';
import type { LargeKey, OperatorStats, Skew, SnapshotStats, Spread, StateStats } from '../engine/stats/statsModel';
import type { Times } from '../engine/stats/timeHistogram';
import { InstantValue } from '../engine/types/values';
import { bytesText } from './bytesText';
import { printable } from './printable';
import { problemLines } from './problemText';

const SHOWN_KEYS = 5;
const MOST_KEY_TEXT = 80;

/** `stats` for people: what holds the most first. */
export function statsText(path: string, { entries, bytes, operators, problems }: SnapshotStats): string {
  const lines = [path, `${entries} entries, ${bytesText(bytes)} as their serializers write them`];
  for (const operator of byBytes(operators)) if (operator.entries > 0) lines.push('', ...operatorLines(operator));
  const empty = operators.filter((operator) => operator.entries === 0).map(operatorName);
  if (empty.length > 0) lines.push('', `no entries: ${empty.join(', ')}`);
  if (problems.length > 0) lines.push('', 'not counted', ...problems.flatMap(problemLines));
  return `${lines.map(printable).join('\n')}\n`;
}

function operatorLines(operator: OperatorStats): string[] {
  const { parallelism, maxParallelism, states } = operator;
  const facts = [...amounts(operator), `parallelism ${parallelism} of ${maxParallelism}`];
  return [
    `${operatorName(operator)} · ${facts.join(' · ')}`,
    ...spreadLines(operator, operator).map((line) => `  ${line}`),
    ...byBytes(states).flatMap((state) => stateLines(state, operator).map((line) => `  ${line}`)),
  ];
}

function stateLines(state: StateStats, operator: OperatorStats): string[] {
  const { name, kind, valueSizes, largest, lastUsed, due } = state;
  const lines = [`${name} · ${kind} · ${amounts(state).join(' · ')}`];
  if (valueSizes.length > 0) lines.push(`  value sizes ${valueSizes.map(sizeText).join(', ')}`);
  if (kind !== 'timer' && largest.length > 0) {
    lines.push(`  largest ${largest.slice(0, SHOWN_KEYS).map(keyText).join(', ')}`);
  }
  if (lastUsed !== null) lines.push(`  last used ${timesText(lastUsed)}`);
  if (due !== null) lines.push(`  due ${timesText(due)}`);
  lines.push(...spreadLines(state, operator).map((line) => `  ${line}`));
  return lines;
}

function amounts({ entries, bytes, keys }: { entries: number; bytes: number; keys: Distinct | null }): string[] {
  return [...(keys === null ? [] : [keysText(keys)]), `${entries} entries`, bytesText(bytes)];
}

const keysText = ({ count, exact }: Distinct): string => `${exact ? '' : 'about '}${count} keys`;

function sizeText({ from, count }: StateStats['valueSizes'][number]): string {
  return from <= 1 ? `${from} B: ${count}` : `${from}-${2 * from - 1} B: ${count}`;
}

function keyText({ key, namespace, entries, bytes }: LargeKey): string {
  const full = namespace === null ? key : `${key} in ${namespace}`;
  const text = full.length > MOST_KEY_TEXT ? `${full.slice(0, MOST_KEY_TEXT)}…` : full;
  return `${text} (${bytesText(bytes)}${entries > 1 ? `, ${entries} entries` : ''})`;
}

function timesText({ first, last }: Times): string {
  return first === last ? timeText(first) : `${timeText(first)} to ${timeText(last)}`;
}

/** Flink's own marks for "never" and "at the end" are no points in time. */
function timeText(millis: bigint): string {
  if (millis === MIN_LONG || millis === MAX_LONG) return String(millis);
  const seconds = millis / 1000n - (millis % 1000n < 0n ? 1n : 0n);
  return instantText(new InstantValue(seconds, Number(millis - seconds * 1000n) * 1_000_000));
}

const MAX_LONG = (1n << 63n) - 1n;
const MIN_LONG = -(1n << 63n);

function spreadLines(spread: Spread & { entries: number }, operator: OperatorStats): string[] {
  const { subtasks, keyGroups, subtaskSkew, keyGroupSkew, entries } = spread;
  const line = (what: string, used: number, all: number, skew: Skew | null): string[] => {
    if (skew === null || isByChance(entries, all)) return [];
    const { number, ratio, bytes } = skew;
    return [
      `${used} of ${all} ${what}s used; ${what} ${number} is the fullest: ${bytesText(bytes)}, ${ratio.toFixed(2)} times its share`,
    ];
  };
  return [
    ...line('subtask', subtasks.length, operator.parallelism, subtaskSkew),
    ...line('key group', keyGroups.length, operator.maxParallelism, keyGroupSkew),
  ];
}

const byBytes = <T extends { bytes: number }>(all: readonly T[]): T[] => [...all].sort((a, b) => b.bytes - a.bytes);
