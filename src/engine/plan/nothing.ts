import { EngineError } from '../bytes/engineError';
import { MAX_MAX_PARALLELISM } from '../keyGroups';
import type { MetadataVersion, OperatorState, SnapshotMetadata } from '../metadata/model';
import { NULL_PROPERTIES } from '../metadata/properties';
import { SnapshotFiles } from '../metadata/resolve';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import type { FileStore } from '../storage/byteSource';
import type { OperatorName } from './plan';

/** First version of the metadata that ends with the checkpoint's properties. */
const FIRST_WITH_PROPERTIES = 4;

/** The snapshot that a plan without `from` starts from: no operators, no files, no path. */
export function nothing(version: MetadataVersion, store: FileStore): Snapshot {
  const metadata: SnapshotMetadata = {
    version,
    declaredVersion: version,
    checkpointId: 0n,
    masterStates: [],
    operators: [],
    properties: version < FIRST_WITH_PROPERTIES ? null : NULL_PROPERTIES,
  };
  return {
    path: '',
    metadataPath: '',
    metadataBytes: 0,
    metadata,
    files: new SnapshotFiles(store, '', metadata),
    operators: [],
    close: async () => undefined,
  };
}

export const isNothing = ({ path }: Snapshot): boolean => path === '';

/** An operator that no snapshot has yet, without state. Where nobody says its sizes they are those of Flink. */
export function newOperatorOf(
  name: OperatorName,
  id: string,
  parallelism: number | null,
  maxParallelism: number | null,
  version: MetadataVersion,
): SnapshotOperator {
  const uid = 'uid' in name ? name.uid : null;
  const subtasks = parallelism ?? 1;
  const groups = maxParallelism ?? defaultMaxParallelism(subtasks);
  if (subtasks > groups) {
    throw new EngineError('BAD_ARGUMENT', `The parallelism ${subtasks} is larger than the max parallelism ${groups}.`, {
      where: 'operator / parallelism',
    });
  }
  const state: OperatorState = {
    id,
    name: null,
    // Set where the version of the metadata has a place for it.
    uid: null,
    parallelism: subtasks,
    maxParallelism: groups,
    chainLength: version === 2 ? 1 : null,
    coordinatorState: null,
    fullyFinished: false,
    subtasks: [],
  };
  return { id, uid, name: null, state, subtasks: [] };
}

const LEAST_MAX_PARALLELISM = 128;

/** `KeyGroupRangeAssignment.computeDefaultMaxParallelism`: one and a half times as many, up to a power of two. */
function defaultMaxParallelism(parallelism: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(parallelism + Math.floor(parallelism / 2)));
  return Math.min(Math.max(wanted, LEAST_MAX_PARALLELISM), MAX_MAX_PARALLELISM);
}
