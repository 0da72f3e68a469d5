import type { Json } from '../engine/json/jsonValue';
import { operatorName } from '../engine/operatorName';
import type { LeftBehind, OperatorReport, OperatorTitle, PlanReport, RawChange } from '../engine/plan/planReport';
import type { PlanProof } from '../engine/plan/provePlan';
import { FIRST_WITH_RELATIVE_PATHS } from '../engine/write/metadataVersions';
import { keyGroupTable } from './keyGroupTable';
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
    leftBehind: report.leftBehind === null ? null : report.leftBehind.behind.map(({ id }) => id),
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
    states: operator.states.map(({ from, to, entries, isMost, changed, samples, idleSteps, idleReasons }) =>
      object({
        name: from,
        to,
        entriesBefore: entries === null ? null : count(entries.before),
        entriesAfter: entries === null ? null : count(entries.after),
        entriesAfterIsMost: isMost,
        changed: count(changed),
        samples: samples.map(({ key, before: old, after: now }) => object({ key, before: old, after: now })),
        idleSteps,
        idleReasons,
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
        keyHash: operator.keyHash,
      }),
  });
}

const rawJson = ({ what, bytes }: RawChange): Json =>
  object({ what, bytesBefore: count(bytes.before), bytesAfter: count(bytes.after) });

/** What to know of a new folder with metadata of version 2. */
export const CANNOT_BE_MOVED =
  'metadata of this version names files by absolute paths: a folder that has any cannot be moved';

/** The same as text, one operator after the other. */
/** `hasPlaces`: whether the plan is a file, whose lines mean something to who gave it. */
export function planLines(report: PlanReport, hasPlaces: boolean): string[] {
  const lines = [`metadata version ${report.metadataVersion}, checkpoint ${report.checkpointId}`];
  if (report.metadataVersion < FIRST_WITH_RELATIVE_PATHS) lines.push(CANNOT_BE_MOVED);
  for (const operator of report.removed) lines.push(`- ${operatorName(operator)}: removed`);
  for (const change of report.masterStates) lines.push(`master state ${rawLine(change)}`);
  for (const operator of report.operators) lines.push(...operatorLines(operator, hasPlaces));
  if (report.leftBehind !== null) lines.push(leftBehindLine(report.leftBehind));
  return lines;
}

const titles = (operators: readonly OperatorTitle[]): string => operators.map(operatorName).join(', ');

const leftBehindLine = ({ changed, behind }: LeftBehind): string =>
  `warning: ${titles(changed)} get another max parallelism, ${titles(behind)} keep theirs. Flink refuses the snapshot where these run chained in one task: rescale them together then.`;

function operatorLines(operator: OperatorReport, hasPlaces: boolean): string[] {
  const { id, idBefore, carried, parallelism, maxParallelism, keyGroups, emptyLists } = operator;
  const lines: string[] = [];
  const isRescaled = parallelism.before !== parallelism.after || maxParallelism.before !== maxParallelism.after;
  if (isRescaled) {
    lines.push(
      `  parallelism ${parallelism.before} -> ${parallelism.after}, max parallelism ${maxParallelism.before} -> ${maxParallelism.after}`,
    );
  }
  for (const { from, to, entries, isMost, changed, samples, idleSteps, idleReasons } of operator.states) {
    const title = to === null ? `${from} removed` : to === from ? from : `${from} -> ${to}`;
    const counts = entries === null ? '' : `: ${entries.before} entries -> ${isMost ? 'at most ' : ''}${entries.after}`;
    lines.push(
      `  ${title}${counts}${changed > 0 ? `, ${changed} changed` : ''}`,
      ...samples.map(({ key, before, after }) => `    ${key}: ${before ?? '(none)'} -> ${after ?? '(none)'}`),
      ...idleSteps.map((place, i) => {
        const step = hasPlaces ? `the step at ${place} chose` : 'the change chose';
        return `    ${step} nothing${idleReasons[i] === '' ? '' : `; its condition has no value: ${idleReasons[i]}`}`;
      }),
    );
  }
  for (const rows of operator.rows) lines.push(...rowsLines(rows).map((line) => `  ${line}`));
  for (const change of operator.raw) lines.push(`  ${rawLine(change)}`);
  if (isRescaled && keyGroups !== null) {
    lines.push(...keyGroupLines('before', keyGroups.before, parallelism.before));
    lines.push(...keyGroupLines('after', keyGroups.after, parallelism.after));
  }
  if (operator.keyHash !== null) {
    lines.push(`  the hash code of keys was found and holds for every one of them: ${operator.keyHash}`);
  }
  if (emptyLists > 0) lines.push(`  ${emptyLists} empty lists are left out`);
  const isMoved = id !== idBefore ? ` (was ${idBefore})` : '';
  return [`${operatorName(operator)}${isMoved}${carried && lines.length === 0 ? ': carried over' : ''}`, ...lines];
}

const keyGroupLines = (title: string, entries: readonly number[], subtasks: number): string[] => [
  `  ${title}: ${subtasks} subtasks, ${entries.length} key groups`,
  ...keyGroupTable(entries, subtasks).map((line) => `    ${line}`),
];

const rawLine = ({ what, bytes }: RawChange): string => `${what}: ${bytes.before} bytes -> ${bytes.after}`;
