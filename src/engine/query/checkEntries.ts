import type { RawEntry } from '../backends/part';
import { EngineError, type EngineErrorCode } from '../bytes/engineError';
import { type DecodedEntry, EntryDecoder } from '../decodeEntry';
import type { Problem } from '../description';
import { type EntryBatch, snapshotEntries } from '../entries';
import { problemOf } from '../inspect/problems';
import { keyGroupOf, keyGroupRange } from '../keyGroups';
import { operatorName } from '../operatorName';
import type { Share } from '../shares';
import type { Snapshot } from '../snapshot';
import type { Codec } from '../types/codec';
import { OpaqueValue } from '../types/values';
import { type Finding, Findings } from './findings';

/** An entry that Flink would never find, as it looks for its key in another key group. */
export const WRONG_KEY_GROUP = 'WRONG_KEY_GROUP';

/** What reading the entries of a share found: plain data, so that it can be sent to another thread. */
export interface CheckedEntries {
  /** Entries that were read. */
  readonly entries: number;
  /** Keys whose group was computed from the key itself and compared. */
  readonly keysChecked: number;
  readonly findings: readonly Finding[];
  /** Where reading ended early, and which file was to blame. */
  readonly failures: readonly CheckFailure[];
}

export interface CheckFailure {
  /** Position in the snapshot's operators. */
  readonly operator: number;
  readonly subtask: number;
  readonly file: string | undefined;
  /** Several shares may be told the same. */
  readonly problem: Problem;
}

/** Reads and decodes every entry of a share (of everything where there is none), and checks each against its key group. */
export async function checkEntries(
  snapshot: Snapshot,
  share: Share | undefined,
  signal?: AbortSignal,
  /** Told of the number of entries that were read until now. */
  progress?: (entries: number) => void,
): Promise<CheckedEntries> {
  const findings = new Findings();
  const failures: CheckFailure[] = [];
  let entries = 0;
  let keysChecked = 0;
  const batches = snapshotEntries(
    snapshot,
    share === undefined ? {} : { share },
    ({ operator, subtask, what, state, error }) => {
      const place = `${operatorName(operator)} / subtask ${subtask.index}`;
      const part = what ?? state;
      failures.push({
        operator: snapshot.operators.indexOf(operator),
        subtask: subtask.index,
        file: error.file,
        problem: problemOf(error, 'error', part === null ? place : `${place} / ${part}`),
      });
    },
    signal,
  );
  for await (const batch of batches) {
    let current: RawEntry;
    const decoder = new EntryDecoder((what, { code, message }) => {
      const place = placeOf(batch, current.state.name);
      findings.note(severityOf(code), code, `A ${what} cannot be decoded: ${message}`, place, batch.part.file);
    });
    for (const entry of batch.entries) {
      current = entry;
      entries++;
      if (checkEntry(entry, decoder.decode(entry), batch, findings)) keysChecked++;
    }
    progress?.(entries);
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
  return { entries, keysChecked, findings: findings.all(), failures };
}

/** Checks one entry; true if its key group could be computed from its key. */
function checkEntry(entry: RawEntry, decoded: DecodedEntry, batch: EntryBatch, findings: Findings): boolean {
  if (entry.fault !== null) {
    const code = entry.state.key?.type.unreadable === undefined ? 'CORRUPT' : 'UNREADABLE';
    findings.note(severityOf(code), code, entry.fault, placeOf(batch, entry.state.name), batch.part.file);
  }
  return entry.keyGroup >= 0 && checkKeyGroup(entry, decoded, batch, findings);
}

function checkKeyGroup(entry: RawEntry, { key }: DecodedEntry, batch: EntryBatch, findings: Findings): boolean {
  const { state, keyGroup } = entry;
  const { maxParallelism, parallelism } = batch.operator.state;
  const owned = keyGroupRange(batch.subtask.index, maxParallelism, parallelism);
  const wrong = (why: string) =>
    findings.note(
      'error',
      WRONG_KEY_GROUP,
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

function placeOf({ operator, subtask }: EntryBatch, state: string): string {
  return `${operatorName(operator)} / subtask ${subtask.index} / ${state}`;
}
