import { describe, expect, it } from 'vitest';
import { readMetadata } from '../../../src/engine/metadata/metadataFile';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { NULL_PROPERTIES, snapshotTypeOf } from '../../../src/engine/metadata/properties';
import { corpusSnapshots, describeCorpus, fixtureSnapshots, metadataBytes } from '../../corpus';

describe('the type of a snapshot', () => {
  it('is unknown without properties', () => {
    const unknown = { kind: 'unknown', format: 'unknown', name: null, sharing: null };
    expect(snapshotTypeOf(null)).toEqual(unknown);
    expect(snapshotTypeOf(NULL_PROPERTIES)).toEqual(unknown);
  });

  it.each([
    ['canonical', { kind: 'savepoint', format: 'canonical', name: 'Savepoint', sharing: 'NO_SHARING' }],
    ['native', { kind: 'savepoint', format: 'native', name: 'Savepoint', sharing: 'NO_SHARING' }],
    ['checkpoint', { kind: 'checkpoint', format: 'native', name: 'Checkpoint', sharing: 'FORWARD_BACKWARD' }],
    ['incremental', { kind: 'checkpoint', format: 'native', name: 'Checkpoint', sharing: 'FORWARD_BACKWARD' }],
  ])('is what fixtures were taken as: %s', (suffix, type) => {
    const snapshots = fixtureSnapshots().filter(({ name }) => /^[^/]*/.exec(name)?.[0].endsWith(`-${suffix}`));
    expect(snapshots.length).toBeGreaterThan(0);
    for (const snapshot of snapshots) {
      const { properties } = readMetadata(metadataBytes(snapshot), snapshot.name);
      expect(snapshotTypeOf(properties), snapshot.name).toEqual(type);
    }
  });
});

describeCorpus('the type of a snapshot of the corpus', () => {
  it('is what its name says', () => {
    const names = new Map<string, number>();
    for (const snapshot of corpusSnapshots()) {
      const { properties, version } = readMetadata(metadataBytes(snapshot), snapshot.name);
      const { kind, format, name } = snapshotTypeOf(properties);
      if (version < 4) expect(kind).toBe('unknown');
      if (name === null) continue;
      names.set(name, (names.get(name) ?? 0) + 1);
      if (/-checkpoint$/.test(snapshot.name)) expect([kind, format], snapshot.name).toEqual(['checkpoint', 'native']);
      if (/-savepoint$/.test(snapshot.name)) expect([kind, format], snapshot.name).toEqual(['savepoint', 'canonical']);
      if (/-savepoint-native$/.test(snapshot.name))
        expect([kind, format], snapshot.name).toEqual(['savepoint', 'native']);
    }
    expect([...names.keys()].sort()).toEqual(['Checkpoint', 'Savepoint', 'Suspend Savepoint']);
  });
});

describe('the id of an operator', () => {
  it('follows from its uid', () => {
    expect(operatorIdOfUid('CheckpointingSource2')).toBe('1f2b5df5a66154aca61fcb26193792be');
    expect(operatorIdOfUid('keyed-state-process-uid')).toBe('928f3b38bde6af749ed4cb45aa1237db');
    expect(operatorIdOfUid('first')).toBe('adf090656b210b1609ad3203d4ee7329');
  });

  it('takes half a surrogate pair as Java does', () => {
    expect(operatorIdOfUid('a\ud800b')).toBe(operatorIdOfUid('a?b'));
    expect(operatorIdOfUid('😀')).not.toBe(operatorIdOfUid('?'));
  });
});

describeCorpus('ids of operators of the corpus', () => {
  it('follow from their uids', () => {
    const pairs = new Map<string, string>();
    for (const snapshot of corpusSnapshots()) {
      for (const { uid, id } of readMetadata(metadataBytes(snapshot), snapshot.name).operators) {
        if (uid !== null) pairs.set(uid, id);
      }
    }
    expect(pairs.size).toBeGreaterThan(100);
    expect([...pairs].filter(([uid, id]) => operatorIdOfUid(uid) !== id)).toEqual([]);
  });
});
