import type { Node } from 'jsonc-parser';
import type { OperatorDescription, SnapshotDescription, StateDescription } from '../engine/description';
import { operatorIdOfUid } from '../engine/metadata/operatorId';
import type { PlanTree, StepNode } from './planTree';

/** An operator as a step of a plan finds it: after the steps before it. */
export interface KnownOperator {
  id: string;
  uid: string | null;
  name: string | null;
  /** Null for one that a step before makes from data. */
  description: OperatorDescription | null;
  states: KnownState[];
}

export interface KnownState {
  name: string;
  description: StateDescription | null;
}

/** What is known of a snapshot by the name that the plan gives it. */
export type KnownSnapshots = (from: string) => SnapshotDescription | null;

export function operatorsOf(snapshot: SnapshotDescription | null): KnownOperator[] {
  return (snapshot?.operators ?? []).map((description) => ({
    id: description.id,
    uid: description.uid,
    name: description.name,
    description,
    states: description.states.map((state) => ({ name: state.name, description: state })),
  }));
}

/** Operators and states, by the names that they have before step `index`. */
export function operatorsBefore(tree: PlanTree, index: number, snapshots: KnownSnapshots): KnownOperator[] {
  let operators = operatorsOf(tree.from === null ? null : snapshots(tree.from));
  for (const step of tree.steps.slice(0, index)) operators = afterStep(operators, step, tree, snapshots);
  return operators;
}

/** By id or uid, else by name, else by the hash of the uid, as a plan is read. */
export function findOperator(operators: readonly KnownOperator[], wanted: string | null): KnownOperator | null {
  if (wanted === null) return null;
  return (
    operators.find(({ id, uid }) => id === wanted || uid === wanted) ??
    operators.find(({ name }) => name === wanted) ??
    // Before Flink 2.0 a snapshot holds of a uid nothing but its hash.
    operators.find(({ id }) => id === operatorIdOfUid(wanted)) ??
    null
  );
}

function afterStep(
  operators: KnownOperator[],
  { name, index, content }: StepNode,
  tree: PlanTree,
  snapshots: KnownSnapshots,
): KnownOperator[] {
  if (name === null) return operators;
  const given = (field: string): string | null => tree.string(['steps', index, name, field]);
  const found = findOperator(operators, given('operator'));
  const changed = (operator: KnownOperator): KnownOperator[] => operators.map((o) => (o === found ? operator : o));
  switch (name) {
    case 'removeOperator': {
      const removed = new Set(namesIn(content).map((name) => findOperator(operators, name)));
      return operators.filter((operator) => !removed.has(operator));
    }
    case 'changeUid':
      return found === null ? operators : changed(renamed(found, given('uid'), given('id')));
    case 'copyOperator': {
      const from = given('from');
      const copied = findOperator(operatorsOf(from === null ? null : snapshots(from)), given('operator'));
      return copied === null ? operators : [...operators, renamed(copied, given('uid'), given('id'))];
    }
    case 'removeState': {
      const removed = new Set(namesIn(tree.at(['steps', index, name, 'state']) ?? null));
      return found === null
        ? operators
        : changed({ ...found, states: found.states.filter((state) => !removed.has(state.name)) });
    }
    case 'renameState': {
      const to = given('to');
      if (found === null || to === null) return operators;
      const states = found.states.map((state) => (state.name === given('state') ? { ...state, name: to } : state));
      return changed({ ...found, states });
    }
    case 'bootstrap':
      return bootstrapped(operators, index, tree);
    default:
      return operators;
  }
}

/** One name, or a list of them. */
function namesIn(node: Node | null): string[] {
  const values: unknown[] = node?.type === 'array' ? (node.children ?? []).map(({ value }) => value) : [node?.value];
  return values.filter((value) => typeof value === 'string');
}

function renamed(operator: KnownOperator, uid: string | null, id: string | null): KnownOperator {
  if (uid !== null) return { ...operator, uid, id: operatorIdOfUid(uid) };
  return id === null ? operator : { ...operator, uid: null, id };
}

/** With the states that a bootstrap adds, to an operator that is there or to a new one. */
function bootstrapped(operators: KnownOperator[], index: number, tree: PlanTree): KnownOperator[] {
  const at = (...path: (string | number)[]) => ['steps', index, 'bootstrap', ...path];
  const wanted = tree.string(at('operator')) ?? tree.string(at('operator', 'uid')) ?? tree.string(at('operator', 'id'));
  if (wanted === null) return operators;
  const names = (tree.at(at('states'))?.children ?? [])
    .map((_, i) => tree.string(at('states', i, 'name')))
    .filter((name) => name !== null);
  const states = names.map((name): KnownState => ({ name, description: null }));
  const found = findOperator(operators, wanted);
  if (found !== null) {
    const added = states.filter(({ name }) => found.states.every((state) => state.name !== name));
    return operators.map((o) => (o === found ? { ...o, states: [...o.states, ...added] } : o));
  }
  const uid = tree.string(at('operator', 'uid'));
  const id = uid === null ? wanted : operatorIdOfUid(uid);
  return [...operators, { id, uid, name: tree.string(at('operator', 'name')), description: null, states }];
}
