import type { EntryFailure } from '../engine/entries';
import { errorText } from './errorText';

/** State that could not be read, for stderr. */
export function failureText({ operator, subtask, error }: EntryFailure): string {
  const name = operator.name ?? operator.uid ?? operator.id;
  return errorText(error.at({ where: `operator ${name} / subtask ${subtask.index}` }));
}
