import { EngineError } from '../bytes/engineError';
import { isFileStream, statePieces } from '../metadata/handles';
import { readMetadata, writeMetadata } from '../metadata/metadataFile';
import type { MetadataVersion, SnapshotMetadata } from '../metadata/model';
import { openSnapshot, type Snapshot } from '../snapshot';
import type { FileStore } from '../storage/byteSource';
import type { OutputFolder } from '../storage/outputFolder';
import { absoluteIn, mapOperator, type StreamMapping } from './mapStreams';
import { FIRST_WITH_RELATIVE_PATHS, toMetadataVersion } from './metadataVersions';
import { SnapshotDraft, type WriteOptions } from './snapshotDraft';
import { SourceStamps } from './sourceStamps';
import { RECORD_NAME, recordBytes } from './writeRecord';

export interface CopyOptions extends WriteOptions {
  /** Default: that of the source; at least 3 where there are files, because relative paths came with it, and the copy can be moved. */
  metadataVersion?: MetadataVersion | undefined;
  /** Who copies, for the record beside the copy; absent: there is none. */
  program?: string | undefined;
}

/** What a write proved by reading its result back. */
export interface CopyProof {
  metadataVersion: MetadataVersion;
  operators: number;
  /** Bytes of files that were compared with the source, one by one. */
  comparedBytes: number;
}

/**
 * Copies a snapshot into a new folder with everything it names inside and every path relative, so that the folder can be
 * moved; absolute where version 2 is asked for, which knows no other. Files keep their bytes; segments of merged checkpoint files become files of their own.
 */
export async function copySnapshot(
  source: Snapshot,
  output: OutputFolder,
  store: FileStore,
  options: CopyOptions = {},
): Promise<CopyProof> {
  const draft = new SnapshotDraft(output, 'copy');
  let stamps: SourceStamps;
  let metadata: SnapshotMetadata;
  try {
    stamps = await SourceStamps.of([source], store);
    metadata = copiedMetadata(source, draft, options.metadataVersion);
    await keepRecord(source, null, output, options);
  } catch (e) {
    await output.abandon();
    throw e;
  }
  await draft.write(metadata, options);
  try {
    const proof = await proveCopy(draft, metadata, store, options.signal);
    await stamps.expectUnchanged();
    await keepRecord(source, proof, output, options);
    return proof;
  } catch (e) {
    // A copy that is not proved must not look like one.
    await output.abandon();
    throw e;
  }
}

/** A copy is what a plan without steps makes. */
async function keepRecord(
  { path }: Snapshot,
  proof: CopyProof | null,
  output: OutputFolder,
  { program, metadataVersion }: CopyOptions,
): Promise<void> {
  if (program === undefined) return;
  const plan = JSON.stringify({ from: path, metadataVersion, steps: [] });
  const counts = proof === null ? null : { operators: proof.operators, carriedBytes: proof.comparedBytes };
  await output.publish(RECORD_NAME, recordBytes({ program, from: path, plan, proof: counts }));
}

function copiedMetadata(source: Snapshot, draft: SnapshotDraft, wanted: MetadataVersion | undefined): SnapshotMetadata {
  const { metadata } = source;
  const namesFiles = [...statePieces(metadata)].some(({ at }) => isFileStream(at));
  const least = namesFiles ? FIRST_WITH_RELATIVE_PATHS : 1;
  const version = wanted ?? (metadata.version >= least ? metadata.version : FIRST_WITH_RELATIVE_PATHS);
  const carried = draft.carry(source.files);
  const absolute = absoluteIn(draft.output.path);
  const mapping: StreamMapping = (stream) => {
    const handle = carried(stream);
    return version < FIRST_WITH_RELATIVE_PATHS && handle.type === 'relative' ? absolute(handle) : handle;
  };
  return toMetadataVersion({ ...metadata, operators: metadata.operators.map((o) => mapOperator(o, mapping)) }, version);
}

async function proveCopy(
  draft: SnapshotDraft,
  metadata: SnapshotMetadata,
  store: FileStore,
  signal: AbortSignal | undefined,
): Promise<CopyProof> {
  const written = await openSnapshot(draft.output.path, store, { signal });
  try {
    const expected = writeMetadata(metadata);
    const actual = writeMetadata(written.metadata);
    if (expected.length !== actual.length || expected.some((byte, i) => byte !== actual[i])) {
      throw new EngineError('CHECKSUM', 'The metadata that was written reads back as something else.', {
        file: written.metadataPath,
      });
    }
    readMetadata(actual, written.metadataPath);
    const comparedBytes = await draft.prove(written.files);
    return { metadataVersion: metadata.version, operators: metadata.operators.length, comparedBytes };
  } finally {
    await written.close();
  }
}
