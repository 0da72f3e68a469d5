import type { EngineErrorCode } from '../engine/bytes/engineError';
import type { Problem } from '../engine/description';
import { type ErrorText, explain } from './explain';
import type { Translate } from './translate';

/** What kept a plan from being tried or written, and what to do: as `explain`, where a plan makes a difference in its own words. */
export function explainPlan(problem: Problem, t: Translate): ErrorText {
  const text = explain(problem, t);
  const own = ownWords(problem.code as EngineErrorCode, t);
  return own === null ? text : { ...text, ...own, advice: problem.hint ?? own.advice };
}

function ownWords(code: EngineErrorCode, t: Translate): Pick<ErrorText, 'title' | 'advice' | 'actions'> | null {
  switch (code) {
    case 'NOT_FOUND':
      return {
        title: t('There is nothing of this name'),
        advice: t('Choose one of the names that the snapshot has: the plan’s editor completes them.'),
        actions: ['retry', 'copyDetails'],
      };
    case 'FILE_NOT_FOUND':
    case 'NOT_A_FILE':
      return {
        title: t('A file that the plan names is not there'),
        advice: t(
          'Paths in a plan are relative to the plan. Correct the path, or save the plan where it was meant to be.',
        ),
        actions: ['retry', 'copyDetails'],
      };
    case 'NO_PERMISSION':
      return {
        title: t('You may not read or write this'),
        advice: t('Choose a folder of your own to write to, or ask for permission.'),
        actions: ['retry', 'copyDetails'],
      };
    case 'IO':
      return {
        title: t('The disk does not do what is needed'),
        advice: t('Free some space or choose another disk, then run the plan again. Nothing was left behind.'),
        actions: ['retry', 'copyDetails', 'showLogs'],
      };
    case 'CHECKSUM':
      return {
        title: t('The result could not be proved'),
        advice: t('It was removed again. Try again; if it fails in the same way, please report it.'),
        actions: ['retry', 'copyDetails', 'showLogs', 'reportIssue'],
      };
    case 'CANCELLED':
      return { title: t('Cancelled'), advice: t('Nothing was written.'), actions: ['retry'] };
    default:
      return null;
  }
}
