import { describe, expect, it } from 'vitest';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import { corpusSnapshots, describeCorpus, fixtureSnapshots, metadataBytes, type StoredSnapshot } from '../../corpus';

/** Names of the snapshots that do not come back byte for byte, with the reason. */
function different(snapshots: StoredSnapshot[]): string[] {
  return snapshots.flatMap((snapshot) => {
    const bytes = metadataBytes(snapshot);
    const written = writeMetadata(readMetadata(bytes, snapshot.metadataPath));
    return Buffer.compare(bytes, written) === 0 ? [] : [`${snapshot.name}: ${written.length} of ${bytes.length} bytes`];
  });
}

describe('metadata of the fixtures', () => {
  it('is written as it was read', () => {
    const snapshots = fixtureSnapshots();
    expect(snapshots.length).toBeGreaterThan(0);
    expect(different(snapshots)).toEqual([]);
  });
});

describeCorpus('metadata of the corpus', () => {
  it('is written as it was read', () => {
    const snapshots = corpusSnapshots();
    expect(snapshots.length).toBe(293);
    expect(different(snapshots)).toEqual([]);
  });
});
