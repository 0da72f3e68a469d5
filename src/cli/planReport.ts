import type { Json } from '../engine/json/jsonValue';
import type { OperatorReport, PlanReport, RawChange } from '../engine/plan/planReport';
import type { PlanProof } from '../engine/plan/provePlan';
import { rowsJson, rowsLines } from './rowsReport';

const object = (fields: Record<string, Json>): Json => new Map(Object.entries(fields));
const count = (n: number): Json => BigInt(n);

/** What a plan changes, and what was proved of its result, as JSON. */
export function planJson(report: PlanReport, path: string | null, proof: PlanProof | null): Json {
  return object({
    from: report.from,
    path,
    dryRun: proof === null,
    metadataVersion: count(report.metadataVersion),
    checkpointId: report.checkpointId,
    removedOperators: report.removed.map(({ id }) => id),
    masterStates: report.masterStates.map(rawJson),
    operators: report.operators.map(operatorJson),
    proof: proof === null ? null : object(Object.fromEntries(Object.entries(proof).map(([k, v]) => [k, count(v)]))),
  });
}

function operatorJson(operator: OperatorReport): Json {
  const { id, uid, name, carried, parallelism, maxParallelism, keyGroups, subtasks, emptyLists } = operator;
  return object({
    id,
    uid,
    name,
    carried,
    parallelism: object({ before: count(parallelism.before), after: count(parallelism.after) }),
    maxParallelism: object({ before: count(maxParallelism.before), after: count(maxParallelism.after) }),
    states: operator.states.map(({ from, to, entries, changed, samples }) =>
      object({
        name: from,
        to,
        entriesBefore: count(entries.before),
        entriesAfter: count(entries.after),
        changed: count(changed),
        samples: samples.map(({ key, before: old, after: now }) => object({ key, before: old, after: now })),
      }),
    ),
    rows: operator.rows.map(rowsJson),
    raw: operator.raw.map(rawJson),
    ...(keyGroups !== null &&
      subtasks !== null && {
        keyGroupsBefore: keyGroups.before.map(count),
        keyGroupsAfter: keyGroups.after.map(count),
        subtasksBefore: subtasks.before.map(count),
        subtasksAfter: subtasks.after.map(count),
        emptyLists: count(emptyLists),
      }),
  });
}

const rawJson = ({ what, bytes }: RawChange): Json =>
  object({ what, bytesBefore: count(bytes.before), bytesAfter: count(bytes.after) });

/** The same as text, one operator after the other. */
export function planLines(report: PlanReport): string[] {
  const lines = [`metadata version ${report.metadataVersion}, checkpoint ${report.checkpointId}`];
  for (const { id, uid, name } of report.removed) lines.push(`- ${name ?? uid ?? id}: removed`);
  for (const change of report.masterStates) lines.push(`master state ${rawLine(change)}`);
  for (const operator of report.operators) lines.push(...operatorLines(operator));
  return lines;
}

function operatorLines(operator: OperatorReport): string[] {
  const { id, uid, name, idBefore, carried, parallelism, maxParallelism, keyGroups, subtasks, emptyLists } = operator;
  const lines: string[] = [];
  if (parallelism.before !== parallelism.after || maxParallelism.before !== maxParallelism.after) {
    lines.push(
      `  parallelism ${parallelism.before} -> ${parallelism.after}, max parallelism ${maxParallelism.before} -> ${maxParallelism.after}`,
    );
  }
  for (const { from, to, entries, changed, samples } of operator.states) {
    const title = to === null ? `${from} removed` : to === from ? from : `${from} -> ${to}`;
    lines.push(
      `  ${title}: ${entries.before} entries -> ${entries.after}${changed > 0 ? `, ${changed} changed` : ''}`,
      ...samples.map(({ key, before, after }) => `    ${key}: ${before ?? '(none)'} -> ${after ?? '(none)'}`),
    );
  }
  for (const rows of operator.rows) lines.push(...rowsLines(rows).map((line) => `  ${line}`));
  for (const change of operator.raw) lines.push(`  ${rawLine(change)}`);
  if (keyGroups !== null && subtasks !== null) {
    lines.push(`  entries of subtasks before: ${spread(subtasks.before)}`);
    lines.push(`  entries of subtasks after:  ${spread(subtasks.after)}`);
    lines.push(`  entries of key groups before: ${extremes(keyGroups.before)}`);
    lines.push(`  entries of key groups after:  ${extremes(keyGroups.after)}`);
    if (emptyLists > 0) lines.push(`  ${emptyLists} empty lists are left out`);
  }
  const isMoved = id !== idBefore ? ` (was ${idBefore})` : '';
  return [`${name ?? uid ?? id}${isMoved}${carried && lines.length === 0 ? ': carried over' : ''}`, ...lines];
}

const rawLine = ({ what, bytes }: RawChange): string => `${what}: ${bytes.before} bytes -> ${bytes.after}`;

/** Subtasks that are listed one by one. */
const MAX_LISTED = 32;

const spread = (counts: readonly number[]): string =>
  counts.length <= MAX_LISTED ? counts.join(' ') : extremes(counts);

function extremes(counts: readonly number[]): string {
  const total = counts.reduce((sum, n) => sum + n, 0);
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const n of counts) {
    least = Math.min(least, n);
    most = Math.max(most, n);
  }
  return `${counts.length} of them, ${least} to ${most} each, ${(total / counts.length).toFixed(1)} on average`;
}
