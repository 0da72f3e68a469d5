import type { EngineError } from '../bytes/engineError';
import type { FileDescription, Problem } from '../description';

const WORST_FIRST = { error: 0, warning: 1, info: 2 };

export function problemOf(error: EngineError, severity: Problem['severity'], where: string | null): Problem {
  const place = where === null ? error : error.at({ where });
  return {
    severity,
    code: place.code,
    message: place.message,
    file: place.file ?? null,
    offset: place.offset ?? null,
    where: place.where ?? null,
    hint: place.hint ?? null,
  };
}

export function finding(
  severity: Problem['severity'],
  code: string,
  message: string,
  rest: Partial<Pick<Problem, 'file' | 'offset' | 'where' | 'hint'>> = {},
): Problem {
  return { severity, code, message, file: null, offset: null, where: null, hint: null, ...rest };
}

export function worstFirst(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => WORST_FIRST[a.severity] - WORST_FIRST[b.severity]);
}

/** What is wrong with the files themselves. That a snapshot was moved is told once, not for each of its files. */
export function fileProblems(files: readonly FileDescription[]): Problem[] {
  const problems: Problem[] = [];
  for (const file of files) {
    if (!file.found) {
      problems.push(
        finding('error', 'FILE_NOT_FOUND', `A file of the snapshot is missing: ${file.path}`, {
          file: file.path,
          hint: 'Copy the file beside the metadata.',
        }),
      );
    } else if (file.actualBytes !== null) {
      problems.push(
        finding('error', 'FILE_CHANGED', `A file has ${file.actualBytes} bytes, but the metadata says ${file.bytes}.`, {
          file: file.location,
          hint: 'The file was cut short or replaced: take it from its origin again.',
        }),
      );
    }
  }
  const moved = files.filter((file) => file.moved).length;
  if (moved > 0) {
    const count = moved === 1 ? 'One file was' : `${moved} files were`;
    problems.push(
      finding('info', 'MOVED', `${count} found beside the metadata and not where it says: the snapshot was moved.`),
    );
  }
  return problems;
}
