import type { Json } from '../engine/json/jsonValue';
import { subtaskOf } from '../engine/keyGroups';
import type { OperatorDraft } from '../engine/plan/operatorDraft';
import type { PreparedPlan } from '../engine/plan/preparePlan';
import type { PlanProof } from '../engine/plan/provePlan';

const object = (fields: Record<string, Json>): Json => new Map(Object.entries(fields));
const count = (n: number): Json => BigInt(n);

/** What a plan changes, and what was proved of its result, as JSON. */
export function planJson(plan: PreparedPlan, path: string | null, proof: PlanProof | null): Json {
  return object({
    from: plan.from.path,
    path,
    dryRun: proof === null,
    metadataVersion: count(plan.version),
    checkpointId: plan.checkpointId,
    removedOperators: plan.removed.map(({ id }) => id),
    operators: plan.operators.map(operatorJson),
    proof: proof === null ? null : object(Object.fromEntries(Object.entries(proof).map(([k, v]) => [k, count(v)]))),
  });
}

function operatorJson(draft: OperatorDraft): Json {
  const { operator, outcome, parallelism, maxParallelism } = draft;
  const before = operator.state;
  return object({
    id: draft.id,
    uid: draft.uid,
    name: draft.name,
    carried: draft.rewrite === null && draft.deal === null,
    parallelism: object({ before: count(before.parallelism), after: count(parallelism) }),
    maxParallelism: object({ before: count(before.maxParallelism), after: count(maxParallelism) }),
    states: statesOf(draft).map(({ from, to, before: had, after: has, changed, samples }) =>
      object({
        name: from,
        to,
        entriesBefore: count(had),
        entriesAfter: count(has),
        changed: count(changed),
        samples: samples.map(({ key, before: old, after: now }) => object({ key, before: old, after: now })),
      }),
    ),
    ...(outcome !== null && {
      keyGroupsBefore: [...outcome.keyGroupsBefore].map(count),
      keyGroupsAfter: [...outcome.keyGroupsAfter].map(count),
      subtasksBefore: bySubtask(outcome.keyGroupsBefore, before.parallelism).map(count),
      subtasksAfter: bySubtask(outcome.keyGroupsAfter, parallelism).map(count),
      emptyLists: count(outcome.emptyLists),
    }),
  });
}

/** The same as text, one operator after the other. */
export function planLines(plan: PreparedPlan): string[] {
  const lines = [`metadata version ${plan.version}, checkpoint ${plan.checkpointId}`];
  for (const { id, uid, name } of plan.removed) lines.push(`- ${name ?? uid ?? id}: removed`);
  for (const draft of plan.operators) lines.push(...operatorLines(draft));
  return lines;
}

function operatorLines(draft: OperatorDraft): string[] {
  const { operator, outcome, parallelism, maxParallelism } = draft;
  const lines: string[] = [];
  const { parallelism: had, maxParallelism: hadGroups } = operator.state;
  if (draft.isRescaled) {
    lines.push(`  parallelism ${had} -> ${parallelism}, max parallelism ${hadGroups} -> ${maxParallelism}`);
  }
  for (const { from, to, before, after, changed, samples } of statesOf(draft)) {
    const name = to === null ? `${from} removed` : to === from ? from : `${from} -> ${to}`;
    lines.push(
      `  ${name}: ${before} entries -> ${to === null ? 0 : after}${changed > 0 ? `, ${changed} changed` : ''}`,
    );
    for (const { key, before: old, after: now } of samples)
      lines.push(`    ${key}: ${old ?? '(none)'} -> ${now ?? '(none)'}`);
  }
  if (outcome !== null) {
    lines.push(`  entries of subtasks before: ${spread(bySubtask(outcome.keyGroupsBefore, had))}`);
    lines.push(`  entries of subtasks after:  ${spread(bySubtask(outcome.keyGroupsAfter, parallelism))}`);
    lines.push(`  entries of key groups before: ${extremes(outcome.keyGroupsBefore)}`);
    lines.push(`  entries of key groups after:  ${extremes(outcome.keyGroupsAfter)}`);
    if (outcome.emptyLists > 0) lines.push(`  ${outcome.emptyLists} empty lists are left out`);
  }
  const isMoved = draft.id !== operator.id ? ` (was ${operator.id})` : '';
  const isCarried = lines.length === 0 && draft.deal === null ? ': carried over' : '';
  return [`${draft.name ?? draft.uid ?? draft.id}${isMoved}${isCarried}`, ...lines];
}

interface StateLine {
  from: string;
  to: string | null;
  before: number;
  after: number;
  changed: number;
  samples: { key: string; before: string | null; after: string | null }[];
}

function statesOf(draft: OperatorDraft): StateLine[] {
  const { outcome } = draft;
  if (outcome === null) return [];
  return draft.states().map(({ from, to, edits }) => ({
    from,
    to,
    before: outcome.before.of(from).entries,
    after: to === null ? 0 : outcome.after.of(to).entries,
    changed: edits?.changed ?? 0,
    samples: edits?.samples ?? [],
  }));
}

function bySubtask(keyGroups: Float64Array, parallelism: number): number[] {
  const counts = new Array<number>(parallelism).fill(0);
  keyGroups.forEach((entries, keyGroup) => {
    counts[subtaskOf(keyGroup, keyGroups.length, parallelism)] += entries;
  });
  return counts;
}

/** Subtasks that are listed one by one. */
const MAX_LISTED = 32;

const spread = (counts: readonly number[]): string =>
  counts.length <= MAX_LISTED ? counts.join(' ') : extremes(Float64Array.from(counts));

function extremes(counts: Float64Array): string {
  const total = counts.reduce((sum, n) => sum + n, 0);
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const n of counts) {
    least = Math.min(least, n);
    most = Math.max(most, n);
  }
  return `${counts.length} of them, ${least} to ${most} each, ${(total / counts.length).toFixed(1)} on average`;
}
