import { EngineError } from '../bytes/engineError';
import { keyGroupRange } from '../keyGroups';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import type { KeyedJob, KeyedThreads } from '../write/keyed/keyedJob';
import { lookThrough } from '../write/keyed/lookThrough';
import { KeyedRewrite } from '../write/keyedRewrite';
import { KeyedSource } from '../write/keyedSource';
import { isSameTally } from '../write/tally';
import type { OperatorDraft } from './operatorDraft';
import { failed } from './proofFailure';
import type { PlanProof } from './provePlan';

/**
 * Proves keyed state that was written anew: each subtask has the key groups that it owns; key groups that were carried whole
 * are where their bytes were compared with the source; of all others every entry is read, and the states have what the check of
 * the plan foresaw, in the key groups that it foresaw. Where keys move the check computed these from the keys; else that is done
 * here, where the hash of keys is known.
 */
export async function proveKeyed(
  draft: OperatorDraft,
  operator: SnapshotOperator,
  written: Snapshot,
  proof: Pick<PlanProof, 'entries' | 'keysChecked' | 'statesUntouched' | 'keyGroupBytes'>,
  threads: KeyedThreads | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { outcome, rewrite } = draft;
  if (rewrite === null) return;
  expectOwnKeyGroups(draft, operator);
  const source = await KeyedSource.open(written, operator, signal);
  if (rewrite.isCarried) {
    proof.keyGroupBytes += rewrite.proveCarried(source);
    proof.statesUntouched += draft.states().length;
    return;
  }
  if (rewrite instanceof KeyedRewrite && rewrite.movedTimers !== null) {
    await rewrite.movedTimers.prove(operator, signal);
    proof.entries += rewrite.movedTimers.count;
  }
  if (outcome === null) throw new EngineError('INTERNAL', 'Internal error: nothing is proved without a check.');
  proof.entries += outcome.after.entries;
  const found =
    source === null
      ? null
      : (await lookThrough({ source, job: jobOf(written, operator, source, rewrite), threads }, signal)).census;
  proof.keysChecked += rewrite.keysChecked + (found?.keysChecked ?? 0);
  for (const { from, to, edits, isFilled } of draft.states()) {
    if (to === null) continue;
    const expected = outcome.after.of(to);
    const state = found?.before.of(to);
    if (state === undefined ? expected.entries > 0 : !isSameTally(state, expected)) {
      throw failed(
        draft,
        `has ${state?.entries ?? 0} entries of ${to}, which are not the ${expected.entries} that were to be written.`,
      );
    }
    if (edits !== null || isFilled) continue;
    if (!isSameTally(expected, outcome.before.of(from)))
      throw failed(draft, `has other entries of ${to} than the source.`);
    proof.statesUntouched++;
  }
  if ((found?.before.entries ?? 0) !== outcome.after.entries) throw failed(draft, 'has entries that nobody wrote.');
}

function jobOf(
  written: Snapshot,
  operator: SnapshotOperator,
  { states }: KeyedSource,
  rewrite: NonNullable<OperatorDraft['rewrite']>,
): KeyedJob {
  const { parallelism, maxParallelism } = operator.state;
  return {
    snapshot: written.metadataPath,
    operator: written.operators.indexOf(operator),
    parallelism,
    maxParallelism,
    states: new Map(states.map(({ name }) => [name, null])),
    keyHash: 'keyHash' in rewrite ? rewrite.keyHash : null,
    line: null,
    // What the check computed need not be computed again: the sums of entries include the key groups in which they lie.
    provesKeys: rewrite.keysChecked === 0,
    sums: true,
  };
}

function expectOwnKeyGroups(draft: OperatorDraft, { state, subtasks }: SnapshotOperator): void {
  for (const { index, managedKeyedState: handle } of subtasks) {
    if (handle === null || !('offsets' in handle)) continue;
    const { start, end } = keyGroupRange(index, state.maxParallelism, state.parallelism);
    const last = handle.startKeyGroup + handle.offsets.length - 1;
    if (handle.startKeyGroup === start && last === end) continue;
    throw failed(
      draft,
      `has the key groups ${handle.startKeyGroup} to ${last} in subtask ${index}, which owns ${start} to ${end}.`,
    );
  }
}
