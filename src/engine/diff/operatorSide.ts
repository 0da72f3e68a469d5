import type { Batch, KeyGroupSpan, PartState, StatePart } from '../backends/part';
import { asEngineError, EngineError, throwIfAborted } from '../bytes/engineError';
import { piecesOfOperator, totalBytes } from '../metadata/handles';
import type { SnapshotOperator } from '../snapshot';

/** Told of state that cannot be read, and so is not compared. */
export type SideFailure = (subtask: number, what: string, error: EngineError) => void;

/** One operator of one of the snapshots, with all of its state opened, so that it can be read piece by piece. */
export class OperatorSide {
  private constructor(
    readonly operator: SnapshotOperator,
    private readonly parts: readonly { subtask: number; part: StatePart }[],
    private readonly failed: SideFailure,
  ) {}

  static async open(operator: SnapshotOperator, failed: SideFailure, signal?: AbortSignal): Promise<OperatorSide> {
    const opened: { subtask: number; part: StatePart }[] = [];
    for (const subtask of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
      throwIfAborted(signal);
      const { parts, failures } = await subtask.open(signal);
      for (const { what, error } of failures) failed(subtask.index, what, error);
      for (const part of parts) opened.push({ subtask: subtask.index, part });
    }
    return new OperatorSide(operator, opened, failed);
  }

  /** Its states by name, as the first subtask that has them does. */
  states(): Map<string, PartState> {
    const states = new Map<string, PartState>();
    for (const { part } of this.parts) {
      for (const state of part.states) if (!states.has(state.name)) states.set(state.name, state);
    }
    return states;
  }

  /** Keyed entries of the given key groups (of all where null). */
  async *keyed(names: ReadonlySet<string>, span: KeyGroupSpan | null, signal?: AbortSignal): AsyncGenerator<Batch> {
    for (const { subtask, part } of this.parts) {
      if (part.backend === 'operator') continue;
      const own = part.keyGroups;
      const wanted = span === null || own === undefined ? null : overlap(span, own);
      if (wanted !== null && wanted.first > wanted.last) continue;
      const selection = wanted === null ? { states: names } : { states: names, keyGroups: wanted };
      for await (const batch of this.read(subtask, part.file, part.entries(selection, signal))) {
        if (span === null) yield batch;
        else {
          const entries = batch.entries.filter(({ keyGroup: k }) => k >= span.first && k <= span.last);
          yield { ...batch, entries };
        }
      }
    }
  }

  /** Elements of operator state; of broadcast state, which every subtask holds whole, those of one subtask. */
  async *operatorState(names: ReadonlySet<string>, signal?: AbortSignal): AsyncGenerator<Batch> {
    const told = new Set<string>();
    for (const { subtask, part } of this.parts) {
      if (part.backend !== 'operator') continue;
      const wanted = part.states.filter(
        ({ name, kind }) => names.has(name) && !(kind === 'broadcast' && told.has(name)),
      );
      for (const { name } of wanted) told.add(name);
      if (wanted.length === 0) continue;
      const states = new Set(wanted.map(({ name }) => name));
      yield* this.read(subtask, part.file, part.entries({ states }, signal));
    }
  }

  private async *read(subtask: number, file: string, batches: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
    try {
      for await (const batch of batches) {
        for (const { state, code, reason, bytes } of batch.unread) {
          this.failed(subtask, state.name, new EngineError(code, `${bytes} bytes are not compared: ${reason}`));
        }
        yield batch;
      }
    } catch (e) {
      const error = asEngineError(e, { file });
      if (error.code === 'CANCELLED') throw error;
      this.failed(subtask, file, error);
    }
  }
}

const overlap = (a: KeyGroupSpan, b: KeyGroupSpan): KeyGroupSpan => ({
  first: Math.max(a.first, b.first),
  last: Math.min(a.last, b.last),
});

/** Bytes of the operator's state, as the metadata counts them. */
export const bytesOf = ({ state }: SnapshotOperator): number =>
  totalBytes([...piecesOfOperator(state)].map(({ at }) => at));
