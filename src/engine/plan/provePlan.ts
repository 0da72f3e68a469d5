import type { Snapshot } from '../snapshot';
import type { KeyedThreads } from '../write/keyed/keyedJob';
import type { PreparedPlan } from './preparePlan';
import { failed } from './proofFailure';
import { proveKeyed } from './proveKeyed';
import { proveOperatorState } from './proveOperatorState';
import { proveRaw } from './proveRaw';

/** What reading the new snapshot back proved. */
export interface PlanProof {
  operators: number;
  /** Bytes of files that were compared with their origin. */
  carriedBytes: number;
  /** Bytes of key groups that went to another file as they are, and were compared with their origin. */
  keyGroupBytes: number;
  /** Entries that were written to new files. */
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
  threads: KeyedThreads | null = null,
): Promise<Omit<PlanProof, 'carriedBytes'>> {
  const proof = { operators: plan.operators.length, keyGroupBytes: 0, entries: 0, keysChecked: 0, statesUntouched: 0 };
  for (const draft of plan.operators) {
    const operator = written.operators.find(({ id }) => id === draft.id);
    if (operator === undefined) throw failed(draft, 'is not there.');
    if (draft.rewrite !== null) await proveKeyed(draft, operator, written, proof, threads, signal);
    await proveOperatorState(draft, operator, proof, signal);
    await proveRaw(draft, operator, written.files, signal);
  }
  return proof;
}
