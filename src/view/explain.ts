import type { EngineErrorCode } from '../engine/bytes/engineError';
import type { Problem } from '../engine/description';
import type { Translate } from './translate';

/** What a person is offered when something failed; each is a button of the page and of a message. */
export type ErrorAction = 'retry' | 'openWith' | 'openOther' | 'showLogs' | 'copyDetails' | 'reportIssue';

/** An error in words: what happened, what to do about it, and the buttons that do it, the best one first. */
export interface ErrorText {
  title: string;
  message: string;
  advice: string;
  actions: ErrorAction[];
}

type Explanation = { title: string; advice: string; actions: ErrorAction[] };

/**
 * What happened and what to do. The engine's own hint, which knows the case, goes before the general advice for its code.
 */
export function explain(problem: Problem, t: Translate): ErrorText {
  const { title, advice, actions } = explainCode(problem.code as EngineErrorCode, t);
  return { title, message: problem.message, advice: problem.hint ?? advice, actions };
}

function explainCode(code: EngineErrorCode, t: Translate): Explanation {
  switch (code) {
    case 'NOT_A_SNAPSHOT':
      return {
        title: t('This is not a Flink snapshot'),
        advice: t(
          'Other programs also name a file “_metadata”: Spark and Dask do so for Parquet summaries. Open it with another editor.',
        ),
        actions: ['openWith', 'openOther', 'copyDetails'],
      };
    case 'TRUNCATED':
      return {
        title: t('This file was cut off'),
        advice: t('It may still be being written or copied. If it is not, copy it again from where Flink wrote it.'),
        actions: ['retry', 'openWith', 'copyDetails', 'showLogs'],
      };
    case 'CORRUPT':
    case 'CHECKSUM':
      return {
        title: t('The file is damaged'),
        advice: t('Copy the snapshot again from where Flink wrote it, or open another snapshot of the same job.'),
        actions: ['retry', 'openOther', 'openWith', 'copyDetails', 'showLogs'],
      };
    case 'UNSUPPORTED_VERSION':
      return {
        title: t('This version is not known'),
        advice: t('It was probably written by a newer Flink. Look for an update of this extension.'),
        actions: ['copyDetails', 'reportIssue', 'openWith'],
      };
    case 'UNSUPPORTED':
    case 'UNREADABLE':
      return {
        title: t('This snapshot cannot be read'),
        advice: t('Report it with the details below, so that it can be supported.'),
        actions: ['copyDetails', 'reportIssue', 'openWith', 'showLogs'],
      };
    case 'FILE_NOT_FOUND':
      return {
        title: t('The file is not there'),
        advice: t('It was moved or deleted. Open the snapshot from where it is now.'),
        actions: ['openOther', 'retry', 'copyDetails'],
      };
    case 'NOT_A_FILE':
    case 'NOT_FOUND':
      return {
        title: t('There is no snapshot here'),
        advice: t('A snapshot is a folder with a file “_metadata” in it. Choose that folder or that file.'),
        actions: ['openOther', 'retry', 'copyDetails'],
      };
    case 'NO_PERMISSION':
      return {
        title: t('You may not read this file'),
        advice: t('Ask for read permission, or copy the snapshot to a folder of your own.'),
        actions: ['retry', 'openOther', 'copyDetails'],
      };
    case 'FILE_CHANGED':
      return {
        title: t('The file changed while it was read'),
        advice: t('Wait until it is written completely, then try again.'),
        actions: ['retry', 'copyDetails', 'showLogs'],
      };
    case 'IO':
      return {
        title: t('The file cannot be read'),
        advice: t('Check that the disk or the network share is reachable, then try again.'),
        actions: ['retry', 'copyDetails', 'showLogs'],
      };
    case 'LIMIT':
      return {
        title: t('This snapshot is beyond a limit'),
        advice: t('Report it with the details below if the snapshot is a sound one.'),
        actions: ['retry', 'copyDetails', 'reportIssue', 'showLogs'],
      };
    case 'CANCELLED':
      return {
        title: t('Reading was cancelled'),
        advice: t('Try again to read it from the start.'),
        actions: ['retry', 'openWith'],
      };
    case 'BAD_VALUE':
      return {
        title: t('A value does not fit its type'),
        advice: t('Give a value that the type holds; hovering over the state’s name in the plan shows its type.'),
        actions: ['retry', 'copyDetails'],
      };
    case 'BAD_ARGUMENT':
      return {
        title: t('This cannot be done as it is written'),
        advice: t('Change the plan, or the folder to write to, and try again.'),
        actions: ['retry', 'copyDetails'],
      };
    case 'REFUSED':
      return {
        title: t('Refused: something would be lost'),
        advice: t(
          'What this change rests on could not be proved for this snapshot. Leave the operator or the state out, or change it in the job.',
        ),
        actions: ['retry', 'copyDetails', 'showLogs'],
      };
    case 'INTERNAL':
      return internal(t);
    default:
      // A code that a newer engine knows and this text does not; the message still says what happened.
      code satisfies never;
      return internal(t);
  }
}

function internal(t: Translate): Explanation {
  return {
    title: t('Something went wrong in Savepoint Explorer'),
    advice: t('Your files are untouched. Please report this with the details below.'),
    actions: ['retry', 'copyDetails', 'showLogs', 'reportIssue'],
  };
}

/** The error for the clipboard: everything that helps, one thing a line. */
export function problemDetails(problem: Problem): string {
  const lines = [`${problem.code}: ${problem.message}`];
  if (problem.file !== null) lines.push(`file: ${problem.file}`);
  if (problem.offset !== null) lines.push(`offset: ${problem.offset}`);
  if (problem.where !== null) lines.push(`where: ${problem.where}`);
  if (problem.hint !== null) lines.push(`hint: ${problem.hint}`);
  return lines.join('\n');
}
