import type { StateDescription } from '../engine/description';

/** Key, namespace and value in one line: `string, TimeWindow → long`. */
export function spellState(state: StateDescription): string {
  const left = [state.keyType, state.namespaceType].filter((part) => part !== null).join(', ');
  return left === '' ? state.type : `${left} → ${state.type}`;
}
