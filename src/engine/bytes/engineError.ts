/**
 * The one error class of the engine. A stable `code` for programs, a sentence for people, and the place:
 * which file, which byte, which part of the snapshot.
 */
export type EngineErrorCode =
  /** The bytes end before the value does. */
  | 'TRUNCATED'
  /** A length, count, tag or magic number that no writer of the format produces. */
  | 'CORRUPT'
  /** The first bytes are not those of Flink snapshot metadata. */
  | 'NOT_A_SNAPSHOT'
  /** A format version newer (or older) than this engine knows. */
  | 'UNSUPPORTED_VERSION'
  /** Well-formed, but of a kind this engine has no reader for. */
  | 'UNSUPPORTED'
  /** A value whose bytes cannot be interpreted: a serializer of the job's own, an unknown class. */
  | 'UNREADABLE'
  /** A checksum in the file does not match its bytes. */
  | 'CHECKSUM'
  /** A bound of the engine was met: nesting, size of one value, size of a decompressed block. */
  | 'LIMIT'
  | 'FILE_NOT_FOUND'
  | 'NO_PERMISSION'
  | 'NOT_A_FILE'
  /** The file is not the one the metadata speaks of: its size differs, or it changed while it was read. */
  | 'FILE_CHANGED'
  | 'IO'
  /** A value given by a person does not fit the type it is for. */
  | 'BAD_VALUE'
  | 'BAD_ARGUMENT'
  /** A change that cannot be made without a loss: what it rests on could not be proved. */
  | 'REFUSED'
  | 'NOT_FOUND'
  | 'CANCELLED'
  /** A defect of this program. */
  | 'INTERNAL';

export interface ErrorPlace {
  /** The file as a person knows it (path or name). */
  file?: string | undefined;
  /** Absolute byte offset in `file`. */
  offset?: number | undefined;
  /** Part of the snapshot: operator / subtask / state / field. */
  where?: string | undefined;
  /** What to do about it. */
  hint?: string | undefined;
  cause?: unknown;
}

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(code: EngineErrorCode, message: string, place: ErrorPlace = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.name = 'EngineError';
    this.code = code;
    this.file = place.file;
    this.offset = place.offset;
    this.where = place.where;
    this.hint = place.hint;
  }

  /** The same error, told with a place that only the caller knows; what is already known stays. */
  at(place: ErrorPlace): EngineError {
    const moved = new EngineError(this.code, this.message, {
      file: this.file ?? place.file,
      offset: this.offset ?? place.offset,
      where:
        place.where === undefined
          ? this.where
          : this.where === undefined
            ? place.where
            : `${place.where} / ${this.where}`,
      hint: this.hint ?? place.hint,
      cause: this.cause,
    });
    if (this.stack !== undefined) moved.stack = this.stack;
    return moved;
  }
}

/** An `EngineError` for anything that was thrown; a foreign error is a defect and says so. */
export function asEngineError(thrown: unknown, place: ErrorPlace = {}): EngineError {
  if (thrown instanceof EngineError) return thrown.at(place);
  if (thrown instanceof Error && thrown.name === 'AbortError') return new EngineError('CANCELLED', 'Cancelled.', place);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('INTERNAL', `Internal error: ${message}`, { ...place, cause: thrown });
}

/** Throws `CANCELLED` when the signal is aborted; to be called in every loop over entries or blocks. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('CANCELLED', 'Cancelled.');
}
