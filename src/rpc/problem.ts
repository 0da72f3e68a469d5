import { asEngineError, EngineError, type EngineErrorCode } from '../engine/bytes/engineError';
import type { Problem } from '../engine/description';

/** An error as data. The stack stays where the error was thrown: what is left is for people. */
export function toProblem(thrown: unknown): Problem {
  const error = asEngineError(thrown);
  return {
    severity: 'error',
    code: error.code,
    message: error.message,
    file: error.file ?? null,
    offset: error.offset ?? null,
    where: error.where ?? null,
    hint: error.hint ?? null,
  };
}

/** The error that `toProblem` took apart, on the other side. */
export function fromProblem(problem: Problem): EngineError {
  return new EngineError(problem.code as EngineErrorCode, problem.message, {
    file: problem.file ?? undefined,
    offset: problem.offset ?? undefined,
    where: problem.where ?? undefined,
    hint: problem.hint ?? undefined,
  });
}

export const isCancelled = (thrown: unknown): boolean => thrown instanceof EngineError && thrown.code === 'CANCELLED';
