import { subtaskOf } from '../keyGroups';
import type { EntrySample } from './keyedEdits';
import type { OperatorDraft } from './operatorDraft';
import type { PreparedPlan } from './preparePlan';

/** What a plan changes, found by its check: plain data, so that it crosses threads as it is. */
export interface PlanReport {
  /** Folder of the snapshot that the plan starts from. */
  from: string;
  metadataVersion: number;
  checkpointId: bigint;
  removed: OperatorTitle[];
  operators: OperatorReport[];
}

export interface OperatorTitle {
  id: string;
  uid: string | null;
  name: string | null;
}

export interface OperatorReport extends OperatorTitle {
  /** The id that it has in its own snapshot. */
  idBefore: string;
  /** Snapshot that it comes from, where that is not the plan's. */
  copiedFrom: string | null;
  /** All of its state is taken over byte for byte. */
  carried: boolean;
  parallelism: Change<number>;
  maxParallelism: Change<number>;
  /** Keyed states that are written anew; empty where all are carried. */
  states: StateReport[];
  /** Entries by key group and by subtask; null where keyed state is carried. */
  keyGroups: Change<number[]> | null;
  subtasks: Change<number[]> | null;
  /** Empty lists, which the canonical layout leaves out. */
  emptyLists: number;
}

export interface Change<T> {
  before: T;
  after: T;
}

export interface StateReport {
  from: string;
  /** Null where it is removed. */
  to: string | null;
  entries: Change<number>;
  /** Entries that were added, removed or got another value. */
  changed: number;
  /** The first of them. */
  samples: EntrySample[];
}

export function planReport(plan: PreparedPlan): PlanReport {
  return {
    from: plan.from.path,
    metadataVersion: plan.version,
    checkpointId: plan.checkpointId,
    removed: plan.removed.map(({ id, uid, name }) => ({ id, uid, name })),
    operators: plan.operators.map((draft) => operatorReport(draft, plan)),
  };
}

function operatorReport(draft: OperatorDraft, { from }: PreparedPlan): OperatorReport {
  const { id, uid, name, operator, outcome, parallelism, maxParallelism, snapshot } = draft;
  const before = operator.state;
  return {
    id,
    uid,
    name,
    idBefore: operator.id,
    copiedFrom: snapshot === from ? null : snapshot.path,
    carried: draft.rewrite === null && draft.deal === null,
    parallelism: { before: before.parallelism, after: parallelism },
    maxParallelism: { before: before.maxParallelism, after: maxParallelism },
    states: statesOf(draft),
    keyGroups: outcome === null ? null : { before: [...outcome.keyGroupsBefore], after: [...outcome.keyGroupsAfter] },
    subtasks:
      outcome === null
        ? null
        : {
            before: bySubtask(outcome.keyGroupsBefore, before.parallelism),
            after: bySubtask(outcome.keyGroupsAfter, parallelism),
          },
    emptyLists: outcome?.emptyLists ?? 0,
  };
}

function statesOf(draft: OperatorDraft): StateReport[] {
  const { outcome } = draft;
  if (outcome === null) return [];
  return draft.states().map(({ from, to, edits }) => ({
    from,
    to,
    entries: { before: outcome.before.of(from).entries, after: to === null ? 0 : outcome.after.of(to).entries },
    changed: edits?.changed ?? 0,
    samples: edits === null ? [] : edits.samples.map((sample) => ({ ...sample })),
  }));
}

function bySubtask(keyGroups: Float64Array, parallelism: number): number[] {
  const counts = new Array<number>(parallelism).fill(0);
  keyGroups.forEach((entries, keyGroup) => {
    counts[subtaskOf(keyGroup, keyGroups.length, parallelism)] += entries;
  });
  return counts;
}
