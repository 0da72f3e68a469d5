import { EngineError } from '../bytes/engineError';

/** Runs what writes to a file; fails with an `EngineError`. */
export async function guarded<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (e) {
    throw asWriteError(e, file);
  }
}

/** The same without a promise. */
export function guardedSync<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (e) {
    throw asWriteError(e, file);
  }
}

/** An operating system's error in words for people. */
function asWriteError(e: unknown, file: string): EngineError {
  if (e instanceof EngineError) return e;
  const { code, message } = e as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EngineError('IO', 'The disk is full.', {
      file,
      hint: 'Free some space, or write to another disk.',
      cause: e,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new EngineError('NO_PERMISSION', 'You have no permission to write here.', { file, cause: e });
  }
  return new EngineError('IO', `The file cannot be written: ${message}`, { file, cause: e });
}
