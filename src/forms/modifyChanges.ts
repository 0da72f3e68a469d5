import type { OperatorDescription, SnapshotDescription, StateDescription } from '../engine/description';
import type { Translate } from '../view/translate';
import type { Choice } from './asker';

/** Changes that the form knows; a plan can hold more. */
export type Change =
  | 'put'
  | 'update'
  | 'delete'
  | 'renameState'
  | 'removeState'
  | 'changeUid'
  | 'removeOperator'
  | 'copyOperator'
  | 'setCheckpointId';

export interface ModifySubject {
  snapshot: SnapshotDescription;
  /** What the person chose before, in the tree or on the page. */
  operator: OperatorDescription | null;
  state: StateDescription | null;
  /** Lets the person choose another snapshot: its name in the plan, and what it is. Null where they do not. */
  otherSnapshot: () => Promise<{ from: string; snapshot: SnapshotDescription } | null>;
}

/** State whose entries a plan can change. */
export const isEdited = ({ backend }: StateDescription): boolean => backend !== 'raw';

/** What can be done with what the person chose before. */
export function changesOf({ operator, state, snapshot }: ModifySubject, t: Translate): Choice<Change>[] {
  const operators = operator === null ? snapshot.operators : [operator];
  const hasEntries = state === null ? operators.some((o) => o.states.some(isEdited)) : isEdited(state);
  const ofEntries: Choice<Change>[] = [
    { label: t('Put an entry'), detail: t('One that may be new'), value: 'put', heading: t('Entries') },
    { label: t('Update entries'), detail: t('New values computed from the old ones'), value: 'update' },
    { label: t('Delete entries'), detail: t('One key, or all that match an expression'), value: 'delete' },
  ];
  const ofState: Choice<Change>[] = [
    { label: t('Rename a state'), value: 'renameState', heading: t('State') },
    { label: t('Remove a state'), value: 'removeState' },
  ];
  const ofOperator: Choice<Change>[] = [
    {
      label: t('Change an operator’s uid'),
      detail: t('So that a job finds the state under the uid it uses now'),
      value: 'changeUid',
      heading: t('Operator'),
    },
    { label: t('Remove an operator'), detail: t('With all its state'), value: 'removeOperator' },
  ];
  const ofSnapshot: Choice<Change>[] = [
    { label: t('Copy an operator from another snapshot'), value: 'copyOperator', heading: t('Snapshot') },
    { label: t('Set the checkpoint id'), value: 'setCheckpointId' },
  ];
  if (state !== null) return hasEntries ? [...ofEntries, ...ofState] : ofState;
  return [...(hasEntries ? [...ofEntries, ...ofState] : []), ...ofOperator, ...(operator === null ? ofSnapshot : [])];
}
