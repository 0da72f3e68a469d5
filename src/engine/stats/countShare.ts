import type { PartState } from '../backends/part';
import { EntryDecoder } from '../decodeEntry';
import { snapshotEntries } from '../entries';
import { operatorName } from '../operatorName';
import { type Finding, Findings } from '../query/findings';
import type { Share } from '../shares';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import { type Distinct, DistinctCount } from './distinctCount';
import { StateCollector, type StateCount } from './stateCollector';

/** What was counted in one share of a snapshot: plain data, so that it can be sent to another thread. */
export interface ShareCount {
  readonly operators: readonly OperatorCount[];
  /** State that cannot be read, and so was not counted. */
  readonly findings: readonly Finding[];
}

export interface OperatorCount {
  /** Position in the snapshot's operators. */
  readonly operator: number;
  /** Different keys of all its states together; null where it has no keyed state. */
  readonly keys: Distinct | null;
  readonly states: readonly StateCount[];
}

/** The states of one operator, counted. */
class OperatorCollector {
  private readonly states = new Map<string, StateCollector>();
  private readonly keys = new DistinctCount();
  private readonly decoder = new EntryDecoder();
  private isKeyed = false;

  /** Subtasks have headers of their own, and with them objects of their own for one and the same state. */
  state(state: PartState): StateCollector {
    const name = `${state.kind} ${state.name}`;
    let collector = this.states.get(name);
    if (collector === undefined) {
      collector = new StateCollector(state, this.decoder);
      this.states.set(name, collector);
    }
    return collector;
  }

  noteKey(key: Uint8Array): void {
    this.isKeyed = true;
    this.keys.add(key);
  }

  endBatch(): void {
    for (const state of this.states.values()) state.endBatch();
  }

  end(): void {
    for (const state of this.states.values()) state.end();
  }

  /** What was counted until now. */
  count(operator: number): OperatorCount {
    const states = [...this.states.values()].map((state) => state.count());
    return { operator, keys: this.isKeyed ? this.keys.distinct : null, states };
  }
}

export interface CountOptions {
  signal?: AbortSignal | undefined;
  /** Asked after each batch: who wants to know what was counted until now calls the function that it is given. */
  onBatch?: ((soFar: () => ShareCount) => void) | undefined;
}

/** Reads every entry of a share (of everything where there is none) and counts, in bounded memory. */
export async function countShare(
  snapshot: Snapshot,
  share: Share | undefined,
  { signal, onBatch }: CountOptions = {},
): Promise<ShareCount> {
  const findings = new Findings();
  const collectors = new Map<SnapshotOperator, OperatorCollector>();
  const soFar = (): ShareCount => ({
    operators: [...collectors].map(([operator, collector]) => collector.count(snapshot.operators.indexOf(operator))),
    findings: findings.all(),
  });
  const batches = snapshotEntries(
    snapshot,
    share === undefined ? {} : { share },
    ({ operator, subtask, what, error }) => {
      const place = `${operatorName(operator)} / subtask ${subtask.index}`;
      findings.error('error', error, what === null ? place : `${place} / ${what}`);
    },
    signal,
  );
  for await (const { operator, subtask, entries, unread } of batches) {
    let collector = collectors.get(operator);
    if (collector === undefined) {
      collector = new OperatorCollector();
      collectors.set(operator, collector);
    }
    for (const entry of entries) {
      const isNewKey = collector.state(entry.state).add(entry, subtask.index);
      if (isNewKey && entry.keyGroup >= 0 && entry.key !== null) collector.noteKey(entry.key);
    }
    collector.endBatch();
    for (const { state, bytes, code, reason } of unread) {
      const place = `${operatorName(operator)} / subtask ${subtask.index} / ${state.name}`;
      findings.note('warning', code, `${bytes} bytes are not counted: ${reason}`, place);
    }
    onBatch?.(soFar);
  }
  for (const collector of collectors.values()) collector.end();
  return soFar();
}
