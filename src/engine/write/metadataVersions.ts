import { EngineError } from '../bytes/engineError';
import { WRITTEN_BY } from '../metadata/metadataFile';
import type {
  KeyedStateHandle,
  MetadataVersion,
  OperatorState,
  SnapshotMetadata,
  SubtaskState,
} from '../metadata/model';
import { NULL_PROPERTIES } from '../metadata/properties';
import { operatorName } from '../operatorName';

/** Relative paths came with Flink 1.11. */
export const FIRST_WITH_RELATIVE_PATHS = 3 satisfies MetadataVersion;
export const FIRST_WITH_PROPERTIES = 4 satisfies MetadataVersion;
/** Metadata that Flink 1.16 to 1.20 write: most of these read no serializers and timers in the forms of Flink 1.7 and older. */
export const FIRST_WITHOUT_OLD_FORMS = 4 satisfies MetadataVersion;
/** Names and uids of operators came with Flink 2.0. */
export const FIRST_WITH_NAMES = 5 satisfies MetadataVersion;
const FIRST_WITH_MERGED_CHANNELS = 6 satisfies MetadataVersion;

/** Whether state of a snapshot may have to be written anew, and not only carried, so that the Flink of another version reads it. */
export const mayHaveOldForms = (from: MetadataVersion, to: MetadataVersion | null): boolean =>
  from > 1 && from < FIRST_WITHOUT_OLD_FORMS && to !== null && to >= FIRST_WITHOUT_OLD_FORMS;

/** Handle types that each version's oldest Flink can read; an older Flink meets an unknown type code. */
const FIRST_VERSION_OF_HANDLE: Readonly<Record<KeyedStateHandle['type'], MetadataVersion>> = {
  keyGroups: 1,
  incremental: 2,
  savepointKeyGroups: 3,
  keyGroupsV2: 3,
  incrementalV2: 3,
  changelog: 3,
  changelogBytes: 3,
  changelogFiles: 3,
  changelogV2: 4,
  changelogFilesV2: 4,
};

/**
 * The same snapshot in another version of the metadata. What the target has no place for is refused with `BAD_ARGUMENT`,
 * except for names and uids of operators (since version 5), which an older Flink never had: they are left out, and their
 * operators are found by id as always.
 */
export function toMetadataVersion(metadata: SnapshotMetadata, version: MetadataVersion): SnapshotMetadata {
  if (metadata.version === version) return { ...metadata, declaredVersion: version };
  if (version === 1 || metadata.version === 1) {
    const what = version === 1 ? 'to version 1, which' : 'of version 1, which';
    throw refused(`Metadata ${what} knows tasks and not operators, cannot be converted.`);
  }
  return {
    ...metadata,
    version,
    declaredVersion: version,
    operators: metadata.operators.map((operator) => convertOperator(operator, version)),
    properties: version < FIRST_WITH_PROPERTIES ? null : (metadata.properties ?? NULL_PROPERTIES),
  };
}

/**
 * The same with a savepoint's key groups (type 7, since 1.13) as key groups of any kind (type 3), which older Flinks know: they
 * lie in the same bytes.
 */
export function withPlainKeyGroups(operator: OperatorState): OperatorState {
  const plain = (handle: KeyedStateHandle | null): KeyedStateHandle | null =>
    handle?.type === 'savepointKeyGroups' ? { ...handle, type: 'keyGroups' } : handle;
  const subtasks = operator.subtasks.map((subtask) => ({
    ...subtask,
    managedKeyedState: plain(subtask.managedKeyedState),
    rawKeyedState: plain(subtask.rawKeyedState),
  }));
  return { ...operator, subtasks };
}

/**
 * Refuses with `BAD_ARGUMENT` what a version has no place for and what stays as it is whatever is written: state of coordinators,
 * operators that finished, records in flight, state of Flink 1.2.
 */
export function checkPlace(operator: OperatorState, version: MetadataVersion): void {
  const refuse = refusalOf(operator, version);
  const { coordinatorState, fullyFinished, subtasks } = operator;
  if (version === 2 && coordinatorState !== null) throw refuse('has coordinator state');
  if (version === 2 && (fullyFinished || subtasks.some((s) => s.finished))) throw refuse('has finished');
  for (const { inputChannelState, resultSubpartitionState, legacyState } of subtasks) {
    const channels = [...inputChannelState, ...resultSubpartitionState];
    if (version === 2 && channels.length > 0) throw refuse('has records in flight');
    if (version < FIRST_WITH_MERGED_CHANNELS && channels.some((c) => c.type === 'mergedChannels')) {
      throw refuse('has records in flight of several channels in one file');
    }
    if (version >= 3 && legacyState.some((stream) => stream !== null)) throw refuse('has state of Flink 1.2');
  }
}

function convertOperator(operator: OperatorState, version: MetadataVersion): OperatorState {
  checkPlace(operator, version);
  const refuse = refusalOf(operator, version);
  return {
    ...operator,
    name: version < FIRST_WITH_NAMES ? null : operator.name,
    uid: version < FIRST_WITH_NAMES ? null : operator.uid,
    chainLength: version === 2 ? 1 : null,
    subtasks: operator.subtasks.map((subtask) => convertSubtask(subtask, version, refuse)),
  };
}

function convertSubtask(
  subtask: SubtaskState,
  version: MetadataVersion,
  refuse: (what: string) => EngineError,
): SubtaskState {
  for (const handle of [subtask.managedKeyedState, subtask.rawKeyedState]) {
    if (handle !== null && FIRST_VERSION_OF_HANDLE[handle.type] > version) {
      const since = WRITTEN_BY[FIRST_VERSION_OF_HANDLE[handle.type]];
      throw refuse(`has keyed state in a form that came after it (${handle.type}, ${since})`);
    }
  }
  return { ...subtask, duration: version === 2 ? (subtask.duration ?? -1n) : null, legacyState: [] };
}

const refusalOf =
  (operator: OperatorState, version: MetadataVersion) =>
  (what: string): EngineError =>
    refused(`Operator ${operatorName(operator)} ${what}, for which version ${version} has no place.`);

function refused(message: string): EngineError {
  return new EngineError('BAD_ARGUMENT', message, { hint: 'Choose another metadata version, or leave it as it is.' });
}
