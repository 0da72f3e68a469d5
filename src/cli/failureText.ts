import type { EntryFailure } from '../engine/entries';
import { operatorName } from '../engine/operatorName';
import { errorText } from './errorText';

/** State that could not be read, for stderr. */
export function failureText({ operator, subtask, state, error }: EntryFailure): string {
  const name = operatorName(operator);
  const place = `operator ${name} / subtask ${subtask.index}`;
  return errorText(error.at({ where: state === null ? place : `${place} / state ${state}` }));
}
