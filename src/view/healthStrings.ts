import type { HealthCode, HealthRemedy } from '../engine/health/finding';
import type { Translate } from './translate';

/** What a finding means, for one thing and for several of them, and what to do about it. */
export interface HealthWords {
  one: string;
  /** Where it differs from `one`. */
  many?: string;
  advice?: string;
}

export interface HealthStrings {
  findings: Record<HealthCode, HealthWords>;
  remedies: Record<HealthRemedy, string>;
}

/**
 * Words for findings. `{0}` and on are a finding's values: a count first, where it is about several things. What a finding knows
 * of its own (`UNREADABLE`, `PROBLEM`) is said in the engine's words.
 */
export function buildHealthStrings(t: Translate): HealthStrings {
  return { findings: { ...ofFiles(t), ...ofTypes(t), ...ofOperators(t), ...ofAll(t) }, remedies: remedies(t) };
}

function ofFiles(t: Translate) {
  return {
    FILES_FOUND: {
      one: t('The file that the metadata names is there, with the size it names.'),
      many: t('All {0} files are there, with the sizes that the metadata names.'),
    },
    NO_FILES: { one: t('Everything is inside the metadata: there are no other files that could be missing.') },
    FILES_MISSING: {
      one: t('A file of the snapshot is missing: {1}'),
      many: t('{0} files of the snapshot are missing; the table of files says which.'),
      advice: t('Flink restores nothing of it. Copy what is missing beside the metadata, or take another snapshot.'),
    },
    FILES_CHANGED: {
      one: t('A file has another size than the metadata says: {1}'),
      many: t('{0} files have another size than the metadata says; the table of files says which.'),
      advice: t('They were cut short or replaced: take them from their origin again.'),
    },
    SELF_CONTAINED: { one: t('Self-contained: it may be moved or copied.') },
    ABSOLUTE_PATHS: {
      one: t('The metadata names a file by its absolute path: the snapshot cannot be moved.'),
      many: t('The metadata names {0} files by their absolute paths: the snapshot cannot be moved.'),
      advice: t('A self-contained copy can be.'),
    },
    MOVED: {
      one: t('A file was found beside the metadata, but the metadata names another place: the snapshot was moved.'),
      many: t('{0} files were found beside the metadata, but the metadata names other places: the snapshot was moved.'),
      advice: t('Flink looks where the metadata says. A self-contained copy restores from anywhere.'),
    },
    SHARED_FILES: {
      one: t('An incremental checkpoint: it shares files with others of its job.'),
      advice: t('The job may delete them when it goes on. A self-contained copy needs nobody.'),
    },
    CHANGELOG: {
      one: t('A part of the state is a log of changes, which Flink plays back when it restores.'),
      advice: t('The log’s files belong to the job. A self-contained copy holds what they come to.'),
    },
  } satisfies Partial<Record<HealthCode, HealthWords>>;
}

function ofTypes(t: Translate) {
  return {
    READABLE: { one: t('Every state has a type that is decoded without the job’s classes.') },
    UNREADABLE: {
      one: '',
      advice: t('The job that restores it needs that class. Here its values are shown as bytes.'),
    },
    JAVA_SERIALIZED: {
      one: t('1 state holds objects in Java’s own serialization.'),
      many: t('{0} states hold objects in Java’s own serialization.'),
      advice: t('They are read only by classes of the same serialVersionUID. Give the state a type that evolves.'),
    },
    KRYO_2: {
      one: t('1 state uses Kryo 2: Flink 2 has Kryo 5 and cannot read it as it is.'),
      many: t('{0} states use Kryo 2: Flink 2 has Kryo 5 and cannot read them as they are.'),
      advice: t('Flink 1.20 still can: migrate the state to a POJO or Avro there, before the step to Flink 2.'),
    },
    SCALA_SERIALIZERS: {
      one: t('1 state uses serializers of Flink’s Scala API, which Flink 2 does not have.'),
      many: t('{0} states use serializers of Flink’s Scala API, which Flink 2 does not have.'),
      advice: t('Migrate it to types of the Java API on Flink 1.20, before the step to Flink 2.'),
    },
    OLD_SERIALIZERS: {
      one: t('1 state is described as Flink 1.6 and older do, which Flink 1.17 and later do not read.'),
      many: t('{0} states are described as Flink 1.6 and older do, which Flink 1.17 and later do not read.'),
      advice: t('Restore it on Flink 1.16 at the latest and take a savepoint there, or copy it in another format.'),
    },
    CHECKPOINTED_INTERFACE: {
      one: t('It holds state of the interface Checkpointed, which Flink 1.4 and later refuse.'),
      advice: t('Flink 1.3 is the last that restores it.'),
    },
    TTL: {
      one: t('1 state has a time-to-live.'),
      many: t('{0} states have a time-to-live.'),
      advice: t('Before Flink 2.0 a job that restores it must keep the time-to-live switched on.'),
    },
  } satisfies Partial<Record<HealthCode, HealthWords>>;
}

function ofOperators(t: Translate) {
  return {
    MAX_PARALLELISM_TOO_SMALL: {
      one: t('The max parallelism is {0}: the job cannot run with {1} subtasks.'),
      advice: t('Rescale to a larger max parallelism.'),
    },
    MAX_PARALLELISM: { one: t('The max parallelism is {0}: the job cannot run with more subtasks.') },
    NO_UID: {
      one: t('1 operator has no uid. A change of the job graph would orphan its state.'),
      many: t('{0} operators have no uid. A change of the job graph would orphan their state.'),
      advice: t(
        'Set a uid in the job, and give the state the same one; or let the job find it with setUidHash and the operator ID.',
      ),
    },
    GENERATED_ID: {
      one: t(
        'The ID of 1 operator is generated: the job gives it no uid. A change of the job graph would orphan its state.',
      ),
      many: t(
        'The IDs of {0} operators are generated: the job gives them no uid. A change of the job graph would orphan their state.',
      ),
      advice: t(
        'Set a uid in the job, and give the state the same one; or let the job find it with setUidHash and the operator ID.',
      ),
    },
    UID_UNKNOWN: {
      one: t('1 operator is known by its hash only.'),
      many: t('{0} operators are known by their hash only.'),
      advice: t('Before Flink 2.0 snapshots hold hashes of uids. Sources in the workspace, or you, may say the uid.'),
    },
    SKEW: {
      one: t('Subtask {0} holds {1} times the average.'),
      advice: t('Few keys may hold most of it; the largest keys say so.'),
    },
  } satisfies Partial<Record<HealthCode, HealthWords>>;
}

function ofAll(t: Translate) {
  return {
    RESTORABLE: { one: t('Restored by Flink {0} and later.'), many: t('Restored by Flink {0} to {1}.') },
    IN_FLIGHT: {
      one: t('An unaligned checkpoint: {0} of records were in flight.'),
      advice: t('Restore it with the same job graph; to change the job, take a savepoint first.'),
    },
    VERIFIED: {
      one: t('All {0} entries were read, and the key group of {1} proved from their keys.'),
      many: t('{0} entries were read, and the key group of {1} proved from their keys. Not all is well.'),
    },
    WRONG_KEY_GROUP: {
      one: '',
      advice: t('Flink looks for a key in the key group of its hash, and never finds this one. Take another snapshot.'),
    },
    PROBLEM: { one: '' },
  } satisfies Partial<Record<HealthCode, HealthWords>>;
}

function remedies(t: Translate): Record<HealthRemedy, string> {
  return {
    rescale: t('Rescale…'),
    copySnapshot: t('Copy as Self-Contained…'),
    giveUid: t('Give It a uid…'),
    nameOperator: t('Name It…'),
    showFiles: t('Show the Files'),
  };
}
