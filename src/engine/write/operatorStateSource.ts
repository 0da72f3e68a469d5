import { OperatorPart } from '../backends/operatorPart';
import type { PartState } from '../backends/part';
import { operatorState } from '../backends/partState';
import type { StateMeta } from '../backends/stateMeta';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import type { SnapshotOperator } from '../snapshot';
import type { FlinkLine } from '../types/describe/flinkLine';
import { isSameMeta } from './keyedSource';
import { modernMeta } from './modernMeta';
import type { Batches } from './operatorStateFile';

/** The first header whose serializers stand by themselves (Flink 1.7). */
const FIRST_MODERN = 5;

/** The managed operator state of one subtask. */
export interface OperatorStateSubtask {
  readonly index: number;
  readonly part: OperatorPart;
}

/** Managed operator state of one operator, all subtasks together, as something that can be written anew. */
export class OperatorStateSource {
  private constructor(
    readonly version: number,
    /** As the first subtask has them that has them. */
    readonly states: readonly PartState[],
    readonly subtasks: readonly OperatorStateSubtask[],
    /** Whether its files describe it in another way, and so are all written anew. */
    readonly isDescribedAnew = false,
  ) {}

  /** The same, described as Flink 1.7 and later do; itself where it is already. */
  modern(line: FlinkLine): OperatorStateSource {
    if (this.version >= FIRST_MODERN) return this;
    const states = this.states.map((state) =>
      state.meta === null ? state : operatorState(modernMeta(state.meta, line)),
    );
    return new OperatorStateSource(FIRST_MODERN, states, this.subtasks, true);
  }

  /**
   * Null where the operator has no such state. Subtasks that serialize a state in different ways are `REFUSED`: elements move
   * from one to the other.
   */
  static async open(operator: SnapshotOperator, signal?: AbortSignal): Promise<OperatorStateSource | null> {
    const subtasks: OperatorStateSubtask[] = [];
    const states = new Map<string, StateMeta>();
    for (const subtask of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
      throwIfAborted(signal);
      if (subtask.managedOperatorState === null) continue;
      const opened = await subtask.open(signal);
      const failure = opened.failures.find(({ what }) => what === 'operator state');
      if (failure !== undefined) throw failure.error.at({ where: `subtask ${subtask.index}` });
      const part = opened.parts.find((p) => p instanceof OperatorPart);
      if (part === undefined) continue;
      for (const meta of part.header.states) {
        const known = states.get(meta.name);
        if (known === undefined) states.set(meta.name, meta);
        else if (!isSameMeta(known, meta)) throw differs(subtask.index, meta.name);
      }
      if (part.header.version !== (subtasks[0]?.part ?? part).header.version) throw differs(subtask.index, 'header');
      subtasks.push({ index: subtask.index, part });
    }
    const [first] = subtasks;
    if (first === undefined) return null;
    return new OperatorStateSource(first.part.header.version, [...states.values()].map(operatorState), subtasks);
  }
}

/** Whether a subtask's header names a state. */
export function hasState({ part }: OperatorStateSubtask, name: string): boolean {
  return part.states.some((state) => state.name === name);
}

/** A state of one subtask in its own bytes: its elements, or a broadcast state as a whole. Null where nothing of it is there. */
export async function storedItems(part: OperatorPart, state: PartState, signal?: AbortSignal): Promise<Batches | null> {
  if (state.kind !== 'broadcast') return part.elements(state, 0, Number.POSITIVE_INFINITY, signal);
  const bytes = await part.broadcastBytes(state, signal);
  return bytes === null ? null : once([bytes]);
}

export async function* once(batch: readonly Uint8Array[]): AsyncGenerator<readonly Uint8Array[]> {
  yield batch;
}

const differs = (subtask: number, what: string): EngineError =>
  new EngineError(
    'REFUSED',
    `Subtask ${subtask} describes its operator state in another way than those before it: ${what}.`,
  );
