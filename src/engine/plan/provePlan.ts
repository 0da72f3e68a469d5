import { EngineError } from '../bytes/engineError';
import { keyGroupRange } from '../keyGroups';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import { CanonicalForm } from '../write/canonicalEntry';
import { OperatorStateDeal } from '../write/dealOperatorState';
import { KeyedSource } from '../write/keyedSource';
import { KeyGroupRule } from '../write/keyGroupRule';
import { isSameTally, Tally } from '../write/tally';
import type { OperatorDraft } from './operatorDraft';
import type { PreparedPlan } from './preparePlan';

/** What reading the new snapshot back proved. */
export interface PlanProof {
  operators: number;
  /** Bytes of files that were compared with their origin. */
  carriedBytes: number;
  /** Keyed entries that were written anew and read back. */
  entries: number;
  /** Of these, those whose key group was computed from the key again. */
  keysChecked: number;
  /** States whose entries are, byte for byte, those of the source. */
  statesUntouched: number;
}

/**
 * Reads the state that was written anew, and compares: every state has the entries that the check of the plan foresaw, each in
 * its key group and that in its subtask; states that no step touched have those of the source. `CHECKSUM` where that is not so.
 */
export async function provePlan(
  plan: PreparedPlan,
  written: Snapshot,
  signal?: AbortSignal,
): Promise<Omit<PlanProof, 'carriedBytes'>> {
  const proof = { operators: plan.operators.length, entries: 0, keysChecked: 0, statesUntouched: 0 };
  for (const draft of plan.operators) {
    const operator = written.operators.find(({ id }) => id === draft.id);
    if (operator === undefined) throw failed(draft, 'is not there.');
    if (draft.rewrite !== null) await proveKeyed(draft, operator, written, proof, signal);
    if (draft.deal !== null) await proveDealt(draft, operator, signal);
  }
  return proof;
}

async function proveKeyed(
  draft: OperatorDraft,
  operator: SnapshotOperator,
  written: Snapshot,
  proof: { entries: number; keysChecked: number; statesUntouched: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { outcome } = draft;
  if (outcome === null) return;
  const source = await KeyedSource.open(written, operator, signal);
  const tally = new Tally();
  const { maxParallelism, parallelism } = operator.state;
  // A max parallelism that differs makes the rule compute every key group anew.
  const rule = new KeyGroupRule(source?.key ?? null, maxParallelism, maxParallelism + 1);
  const form = new CanonicalForm();
  const states = new Map((source?.states ?? []).map((state) => [state.name, state.canonical]));
  for await (const { entries, subtask } of source?.entries(signal) ?? []) {
    const owned = keyGroupRange(subtask.index, maxParallelism, parallelism);
    for (const entry of entries) {
      const state = states.get(entry.state.name);
      const canonical = state === undefined ? null : form.of(entry, state);
      if (canonical === null) throw failed(draft, `has an entry of ${entry.state.name} that nobody wrote.`);
      if (entry.keyGroup < owned.start || entry.keyGroup > owned.end) {
        throw failed(
          draft,
          `has key group ${entry.keyGroup} in subtask ${subtask.index}, which owns ${owned.start} to ${owned.end}.`,
        );
      }
      if (rule.isKnown && entry.fault === null) {
        rule.of(entry);
        proof.keysChecked++;
      }
      tally.add(entry.state.name, canonical.key, canonical.value);
      proof.entries++;
    }
  }
  for (const { from, to, edits } of draft.states()) {
    if (to === null) continue;
    const found = tally.of(to);
    if (!isSameTally(found, outcome.after.of(to))) {
      throw failed(
        draft,
        `has ${found.entries} entries of ${to}, which are not the ${outcome.after.of(to).entries} that were to be written.`,
      );
    }
    if (edits !== null) continue;
    if (!isSameTally(found, outcome.before.of(from)))
      throw failed(draft, `has other entries of ${to} than the source.`);
    proof.statesUntouched++;
  }
  if (tally.entries !== outcome.after.entries) throw failed(draft, 'has entries that nobody wrote.');
}

async function proveDealt(
  draft: OperatorDraft,
  operator: SnapshotOperator,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = (await OperatorStateDeal.open(operator, signal))?.counts();
  for (const [name, count] of draft.deal?.counts() ?? []) {
    if (found?.get(name) !== count) {
      throw failed(draft, `has ${found?.get(name) ?? 0} elements of ${name}, but the source has ${count}.`);
    }
  }
}

function failed({ title }: OperatorDraft, what: string): EngineError {
  return new EngineError(
    'CHECKSUM',
    `The snapshot that was written is not the one that was to be: operator ${title} ${what}`,
    {
      hint: 'It was removed again. Please report this.',
    },
  );
}
