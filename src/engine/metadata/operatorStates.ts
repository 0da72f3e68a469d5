import type { Cursor } from '../bytes/cursor';
import { asEngineError, EngineError } from '../bytes/engineError';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import type { Sink } from '../bytes/sink';
import { MAX_MAX_PARALLELISM } from '../keyGroups';
import type { Dialect } from './dialect';
import { readList, writeList } from './fields';
import type { MetadataVersion, OperatorState, SubtaskState } from './model';
import { isOperatorId } from './operatorId';
import { readInlinedStream, writeStreamHandle } from './streamHandles';
import { MINIMUM_SUBTASK_BYTES, readSubtaskState, writeSubtaskState } from './subtaskStates';

/** Id, parallelism, max parallelism, and the number of subtasks. */
const MINIMUM_OPERATOR_BYTES = 28;

/**
 * Operators (in version 1: tasks, which are chains of operators): int n, then n times
 *
 * - since version 5: UTF name, UTF uid; empty where the operator has none
 * - 16 bytes operator id (version 1: job vertex id), lower long first, in the order in which the web UI prints them
 * - int parallelism, int max parallelism
 * - versions 1 and 2: int chain length, in version 2 always 1
 * - since version 3: stream handle of the coordinator's state, inlined bytes or nothing
 * - int n subtasks, then those; -1 for an operator that finished in all subtasks (since 1.14)
 *
 * Source: SavepointV1Serializer (1.2), MetadataV2Serializer, MetadataV3Serializer, MetadataV5Serializer.
 */
export function readOperatorStates(cursor: Cursor, dialect: Dialect): OperatorState[] {
  let ordinal = 0;
  return readList(cursor, 'operators', MINIMUM_OPERATOR_BYTES, () => {
    ordinal++;
    try {
      return readOperatorState(cursor, dialect);
    } catch (e) {
      throw asEngineError(e, { where: `operator number ${ordinal} of the file` });
    }
  });
}

export function writeOperatorStates(sink: Sink, operators: OperatorState[], version: MetadataVersion): void {
  writeList(sink, operators, (operator) => {
    try {
      writeOperatorState(sink, operator, version);
    } catch (e) {
      throw asEngineError(e, { where: `operator ${operator.id}` });
    }
  });
}

function readOperatorState(cursor: Cursor, dialect: Dialect): OperatorState {
  const { version } = dialect;
  const name = version >= 5 ? cursor.utf('operator name') || null : null;
  const uid = version >= 5 ? cursor.utf('operator uid') || null : null;
  const id = bytesToHex(cursor.take(16, 'operator id'));
  const { parallelism, maxParallelism } = readParallelism(cursor);
  const chainLength = version <= 2 ? cursor.i32() : null;
  const coordinatorState = version >= 3 ? readInlinedStream(cursor, 'state of an operator coordinator') : null;
  const fullyFinished = version >= 3 && isFullyFinished(cursor);
  if (fullyFinished && coordinatorState !== null) {
    throw cursor.corrupt('An operator that finished in all its subtasks has no coordinator state, but this one does.');
  }
  const subtasks = fullyFinished ? [] : readSubtasks(cursor, dialect, parallelism);
  return {
    id,
    name,
    uid,
    parallelism,
    maxParallelism,
    chainLength,
    coordinatorState,
    fullyFinished,
    subtasks,
  };
}

function readParallelism(cursor: Cursor): { parallelism: number; maxParallelism: number } {
  const at = cursor.offset;
  const parallelism = cursor.i32();
  const maxParallelism = cursor.i32();
  const wrong = wrongParallelism(parallelism, maxParallelism);
  if (wrong !== null) throw cursor.corrupt(wrong, at);
  return { parallelism, maxParallelism };
}

/** What is wrong, by the bounds of `OperatorState`'s constructor and of KeyGroupRangeAssignment. */
function wrongParallelism(parallelism: number, maxParallelism: number): string | null {
  if (parallelism >= 1 && parallelism <= maxParallelism && maxParallelism <= MAX_MAX_PARALLELISM) return null;
  return `Parallelism ${parallelism} of max parallelism ${maxParallelism}: the first must be 1 at least and not above the second, which ends at ${MAX_MAX_PARALLELISM}.`;
}

/** What is wrong with the index of a subtask that stands behind those `seen`, as `OperatorState#putState` has it. */
function wrongIndex(index: number, seen: Set<number>, parallelism: number): string | null {
  if (index < 0 || index >= parallelism) return `Subtask ${index} does not exist at parallelism ${parallelism}.`;
  return seen.has(index) ? `Subtask ${index} is there twice.` : null;
}

/** Whether -1 stands in the place of the number of subtasks; steps over it only then. */
function isFullyFinished(cursor: Cursor): boolean {
  const at = cursor.position;
  const count = cursor.i32();
  if (count === -1) return true;
  cursor.position = at;
  return false;
}

function readSubtasks(cursor: Cursor, dialect: Dialect, parallelism: number): SubtaskState[] {
  const seen = new Set<number>();
  return readList(cursor, 'subtasks', MINIMUM_SUBTASK_BYTES[dialect.version], () => {
    const at = cursor.offset;
    const subtask = readSubtaskState(cursor, dialect);
    const wrong = wrongIndex(subtask.index, seen, parallelism);
    if (wrong !== null) throw cursor.corrupt(wrong, at);
    seen.add(subtask.index);
    return subtask;
  });
}

function writeOperatorState(sink: Sink, operator: OperatorState, version: MetadataVersion): void {
  checkFits(operator, version);
  if (version >= 5) {
    sink.utf(operator.name ?? '');
    sink.utf(operator.uid ?? '');
  }
  sink.raw(hexToBytes(operator.id));
  sink.i32(operator.parallelism);
  sink.i32(operator.maxParallelism);
  if (operator.chainLength !== null) sink.i32(operator.chainLength);
  if (version >= 3) writeStreamHandle(sink, operator.coordinatorState);
  if (operator.fullyFinished) sink.i32(-1);
  else writeList(sink, operator.subtasks, (subtask) => writeSubtaskState(sink, subtask, version));
}

/** Refuses what the version has no place for: nothing is left out silently. */
function checkFits(operator: OperatorState, version: MetadataVersion): void {
  const refuse = (what: string) => new EngineError('BAD_VALUE', `Version ${version} of the metadata ${what}.`);
  if (!isOperatorId(operator.id)) {
    throw new EngineError('BAD_VALUE', `An operator id is 32 hex digits, "${operator.id}" is not.`);
  }
  const seen = new Set<number>();
  let wrong = wrongParallelism(operator.parallelism, operator.maxParallelism);
  for (const { index } of operator.subtasks) {
    wrong ??= wrongIndex(index, seen, operator.parallelism);
    seen.add(index);
  }
  if (wrong !== null) throw new EngineError('BAD_VALUE', wrong);
  if (version < 5 && (operator.name !== null || operator.uid !== null)) {
    throw refuse('has no place for names and uids of operators');
  }
  if ((operator.chainLength === null) !== version > 2)
    throw refuse(version > 2 ? 'has no place for a chain length' : 'needs a chain length');
  if (operator.name === '' || operator.uid === '') throw refuse('cannot hold an empty name or uid: use null');
  if (version < 3 && (operator.coordinatorState !== null || operator.fullyFinished)) {
    throw refuse('has no place for coordinator state and finished operators');
  }
  if (operator.fullyFinished && (operator.coordinatorState !== null || operator.subtasks.length > 0)) {
    throw refuse('keeps no state of an operator that finished in all its subtasks');
  }
}
