import type { SnapshotDescription } from '../engine/description';
import type { TypeInfo } from '../engine/types/typeInfo';

/**
 * A description with each type once, whatever number of states has it. Types are the bulk of a description, jobs have few of
 * them, and VS Code carries some megabytes a second to a page: thousands of states would take seconds otherwise.
 */
export interface WithSharedTypes {
  /** With types left out. */
  snapshot: SnapshotDescription;
  types: { type: string; typeInfo: TypeInfo }[];
  /** Index in `types` of each state, in the order of operators and their states. */
  typeOf: number[];
}

const LEFT_OUT: TypeInfo = { name: '', serializer: '' };

export function shareTypes(description: SnapshotDescription): WithSharedTypes {
  const types: WithSharedTypes['types'] = [];
  const typeOf: number[] = [];
  const known = new Map<string, number>();
  const operators = description.operators.map((operator) => ({
    ...operator,
    states: operator.states.map((state) => {
      const { type, typeInfo } = state;
      const key = JSON.stringify([type, typeInfo]);
      let index = known.get(key);
      if (index === undefined) {
        index = types.push({ type, typeInfo }) - 1;
        known.set(key, index);
      }
      typeOf.push(index);
      return { ...state, type: '', typeInfo: LEFT_OUT };
    }),
  }));
  return { snapshot: { ...description, operators }, types, typeOf };
}

export function unshareTypes({ snapshot, types, typeOf }: WithSharedTypes): SnapshotDescription {
  let next = 0;
  const operators = snapshot.operators.map((operator) => ({
    ...operator,
    states: operator.states.map((state) => ({ ...state, ...types[typeOf[next++] ?? -1] })),
  }));
  return { ...snapshot, operators };
}
