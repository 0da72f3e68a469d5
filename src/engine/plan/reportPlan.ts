import { BootstrapRewrite } from '../bootstrap/bootstrapRewrite';
import { rowsReports } from '../bootstrap/rowsReport';
import { subtaskOf } from '../keyGroups';
import { broadcastTally } from '../write/operatorStateRewrite';
import { hasState } from '../write/operatorStateSource';
import type { Tally } from '../write/tally';
import type { EditSamples } from './editSamples';
import { isNothing } from './nothing';
import type { OperatorDraft } from './operatorDraft';
import type { LeftBehind, OperatorReport, PlanReport, StateReport } from './planReport';
import type { PreparedPlan } from './preparePlan';

/** What a plan that was checked changes. */
export function planReport(plan: PreparedPlan): PlanReport {
  return {
    from: isNothing(plan.from) ? null : plan.from.path,
    metadataVersion: plan.version,
    checkpointId: plan.checkpointId,
    removed: plan.removed.map(({ id, uid, name }) => ({ id, uid, name })),
    masterStates: plan.from.metadata.masterStates.flatMap(({ name, payload }) => {
      const bytes = plan.masterStates.get(name);
      return bytes === undefined ? [] : [{ what: name, bytes: { before: payload.length, after: bytes.length } }];
    }),
    operators: plan.operators.map((draft) => operatorReport(draft, plan)),
    leftBehind: leftBehind(plan.operators),
  };
}

function leftBehind(drafts: readonly OperatorDraft[]): LeftBehind | null {
  const changed = drafts.filter((draft) => draft.maxParallelism !== draft.operator.state.maxParallelism);
  const behind = drafts.filter(
    (draft) =>
      !changed.includes(draft) &&
      changed.some(
        ({ parallelism, maxParallelism }) =>
          parallelism === draft.parallelism && maxParallelism !== draft.maxParallelism,
      ),
  );
  const title = ({ id, uid, name }: OperatorDraft) => ({ id, uid, name });
  return behind.length === 0 ? null : { changed: changed.map(title), behind: behind.map(title) };
}

function operatorReport(draft: OperatorDraft, { from }: PreparedPlan): OperatorReport {
  const { id, uid, name, operator, outcome, parallelism, maxParallelism, snapshot } = draft;
  const before = operator.state;
  return {
    id,
    uid,
    name,
    idBefore: operator.id,
    copiedFrom: snapshot === from || isNothing(snapshot) ? null : snapshot.path,
    carried: draft.rewrite === null && !draft.operatorState.isChanged && draft.raw.isEmpty,
    parallelism: { before: before.parallelism, after: parallelism },
    maxParallelism: { before: before.maxParallelism, after: maxParallelism },
    states: [...keyedStates(draft), ...operatorStates(draft)],
    rows: rowsReports(draft),
    raw: [...draft.raw.told.values()],
    keyGroups: outcome === null ? null : { before: [...outcome.keyGroupsBefore], after: [...outcome.keyGroupsAfter] },
    subtasks:
      outcome === null
        ? null
        : {
            before: bySubtask(outcome.keyGroupsBefore, before.parallelism),
            after: bySubtask(outcome.keyGroupsAfter, parallelism),
          },
    emptyLists: outcome?.emptyLists ?? 0,
    keyHash: draft.rewrite !== null && 'keyHash' in draft.rewrite ? draft.rewrite.keyHash : null,
  };
}

function keyedStates(draft: OperatorDraft): StateReport[] {
  const { outcome, rewrite } = draft;
  if (rewrite === null) return [];
  const isWritten = !(rewrite instanceof BootstrapRewrite) || rewrite.written !== null;
  return draft.states().map(({ from, to, edits, isFilled }) => {
    const isMost = isFilled && to !== null && !isWritten;
    const more = isMost ? entriesOfRows(draft, to) : 0;
    return {
      from,
      to,
      entries:
        outcome === null || more === null
          ? null
          : { before: outcome.before.of(from).entries, after: to === null ? 0 : outcome.after.of(to).entries + more },
      isMost,
      ...changesOf(edits),
    };
  });
}

/** Null where not all rows were read. */
function entriesOfRows({ jobs }: OperatorDraft, state: string): number | null {
  const [job] = jobs.filter(({ filled }) => filled.includes(state));
  return job?.result?.entries.get(state) ?? null;
}

/** Those that a step names; others may be dealt to other subtasks, with the same elements. */
function operatorStates({ operatorState }: OperatorDraft): StateReport[] {
  const { outcome, rewrite } = operatorState;
  if (outcome === null || rewrite === null) return [];
  const changed = operatorState.states().filter(({ from, to, edits }) => from !== to || edits !== null);
  return changed.map(({ from, to, edits, isBroadcast }) => {
    const first = rewrite.source.subtasks.find((subtask) => hasState(subtask, from))?.index ?? 0;
    // A broadcast state is told of once, although every subtask has a copy.
    const entries = (tally: Tally, name: string): number =>
      tally.of(isBroadcast ? broadcastTally(first, name) : name).entries;
    return {
      from,
      to,
      entries: { before: entries(outcome.before, from), after: to === null ? 0 : entries(outcome.after, to) },
      isMost: false,
      ...changesOf(edits),
    };
  });
}

function changesOf(
  edits: { readonly samples: EditSamples } | null,
): Pick<StateReport, 'changed' | 'samples' | 'idleSteps' | 'idleReasons'> {
  if (edits === null) return { changed: 0, samples: [], idleSteps: [], idleReasons: [] };
  const { changed, samples, idle } = edits.samples;
  return {
    changed,
    samples: samples.map((sample) => ({ ...sample })),
    idleSteps: idle.map(({ place }) => place),
    idleReasons: idle.map(({ failure }) => failure ?? ''),
  };
}

function bySubtask(keyGroups: Float64Array, parallelism: number): number[] {
  const counts = new Array<number>(parallelism).fill(0);
  keyGroups.forEach((entries, keyGroup) => {
    counts[subtaskOf(keyGroup, keyGroups.length, parallelism)] += entries;
  });
  return counts;
}
