import type { RawEntry } from '../backends/part';
import { EngineError, type EngineErrorCode } from '../bytes/engineError';
import { type DecodedEntry, decodeEntry } from '../decodeEntry';
import type { Problem } from '../description';
import { type EntryBatch, snapshotEntries } from '../entries';
import { describe } from '../inspect';
import { worstFirst } from '../inspect/problems';
import { keyGroupOf, keyGroupRange } from '../keyGroups';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import type { Codec } from '../types/codec';
import { OpaqueValue } from '../types/values';
import { FileCheck } from './fileCheck';
import { Findings } from './findings';

export interface Verification {
  /** Nothing is missing, cut short or corrupt. */
  whole: boolean;
  /** Entries that were read. */
  entries: number;
  /** Keys whose group was computed from the key itself and compared. */
  keysChecked: number;
  /** Bytes that belong to no entry (raw state, records in flight) and were read all the same. */
  plainBytes: number;
  /** Worst first. */
  problems: Problem[];
}

/**
 * Reads everything to the last byte: every header, every entry, and the bytes that belong to no entry. Says what is missing,
 * cut short or corrupt, which entries lie in a key group that is not their key's, and what cannot be decoded. That a value
 * needs a class of the job is no fault of the snapshot, and told as an information.
 */
export async function verify(snapshot: Snapshot, signal?: AbortSignal): Promise<Verification> {
  const description = await describe(snapshot, signal);
  const findings = new Findings();
  const result = { entries: 0, keysChecked: 0 };
  const files = new FileCheck(snapshot, findings);
  const batches = snapshotEntries(
    snapshot,
    {},
    ({ operator, subtask, what, error }) => {
      files.toldOf(operator.state, subtask.index, error.file);
      const place = `${nameOf(operator)} / subtask ${subtask.index}`;
      findings.error('error', error, what === null ? place : `${place} / ${what}`);
    },
    signal,
  );
  for await (const batch of batches) {
    for (const entry of batch.entries) {
      result.entries++;
      if (checkEntry(entry, batch, findings)) result.keysChecked++;
    }
    for (const { state, keyGroup, bytes, code, reason } of batch.unread) {
      const place = keyGroup < 0 ? '' : ` of key group ${keyGroup}`;
      findings.note(
        severityOf(code),
        code,
        `${bytes} bytes${place} cannot be read: ${reason}`,
        placeOf(batch, state.name),
      );
    }
  }
  const plainBytes = await files.run(signal);
  const problems = worstFirst([
    ...description.problems,
    // State that cannot be opened is an error there, and among the findings, which look at every subtask.
    ...description.operators.flatMap(({ problems: found, name, uid, id }) =>
      found
        .filter((p) => p.severity !== 'error')
        .map((p) => told({ ...p, where: [name ?? uid ?? id, p.where].filter((x) => x !== null).join(' / ') })),
    ),
    ...findings.problems(),
  ]);
  return { ...result, whole: !problems.some((p) => p.severity === 'error'), plainBytes, problems };
}

/** Types that nobody can read are a warning to who looks into a snapshot, but no fault of it. */
function told(problem: Problem): Problem {
  return problem.code === 'UNREADABLE' ? { ...problem, severity: 'info' } : problem;
}

/** Checks one entry; true if its key group could be computed from its key. */
function checkEntry(entry: RawEntry, batch: EntryBatch, findings: Findings): boolean {
  const place = placeOf(batch, entry.state.name);
  if (entry.fault !== null) {
    const code = entry.state.key?.type.unreadable === undefined ? 'CORRUPT' : 'UNREADABLE';
    findings.note(severityOf(code), code, entry.fault, place, batch.part.file);
  }
  const decoded = decodeEntry(entry, (what, error) => {
    findings.note(
      severityOf(error.code),
      error.code,
      `A ${what} cannot be decoded: ${error.message}`,
      place,
      batch.part.file,
    );
  });
  return entry.keyGroup >= 0 && checkKeyGroup(entry, decoded, batch, findings);
}

function checkKeyGroup(entry: RawEntry, { key }: DecodedEntry, batch: EntryBatch, findings: Findings): boolean {
  const { state, keyGroup } = entry;
  const { maxParallelism, parallelism } = batch.operator.state;
  const owned = keyGroupRange(batch.subtask.index, maxParallelism, parallelism);
  const wrong = (why: string) =>
    findings.note(
      'error',
      'CORRUPT',
      `An entry lies in key group ${keyGroup}, but ${why}.`,
      placeOf(batch, state.name),
      batch.part.file,
    );
  if (keyGroup < owned.start || keyGroup > owned.end) wrong(`the subtask owns ${owned.start} to ${owned.end}`);
  if (state.key === null || key === undefined || key instanceof OpaqueValue) return false;
  const expected = keyGroupOfKey(state.key, key, maxParallelism);
  if (expected === null) return false;
  if (expected instanceof EngineError) {
    const place = placeOf(batch, state.name);
    findings.error(severityOf(expected.code), expected.at({ file: batch.part.file }), place);
    return false;
  }
  if (expected !== keyGroup) wrong(`its key belongs to ${expected}`);
  return true;
}

/** A key may be read from bytes that its hash code cannot be computed of: a binary row of broken length. */
function keyGroupOfKey(codec: Codec, key: unknown, maxParallelism: number): number | EngineError | null {
  try {
    return codec.hash === undefined ? null : keyGroupOf(codec.hash(key), maxParallelism);
  } catch (e) {
    if (e instanceof EngineError) return e;
    throw e;
  }
}

/** What only a class of the job could read is no fault. */
function severityOf(code: EngineErrorCode): Problem['severity'] {
  return code === 'UNREADABLE' || code === 'UNSUPPORTED' ? 'info' : 'error';
}

const nameOf = ({ name, uid, id }: SnapshotOperator): string => name ?? uid ?? id;

function placeOf({ operator, subtask }: EntryBatch, state: string): string {
  return `${nameOf(operator)} / subtask ${subtask.index} / ${state}`;
}
