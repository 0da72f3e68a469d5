import { describe, expect, it } from 'vitest';
import type { FileDescription, OperatorDescription, SnapshotDescription } from '../../../src/engine/description';
import type { HealthCode, HealthFinding } from '../../../src/engine/health/finding';
import { HEALTH_CODES } from '../../../src/engine/health/finding';
import { type HealthOptions, healthOf, verifiedFindings } from '../../../src/engine/health/health';
import { describeSnapshot } from '../../../src/engine/inspect';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import type { TypeInfo } from '../../../src/engine/types/typeInfo';
import { operator, problem, snapshot, state } from '../../webview/samples';

const ID = operatorIdOfUid('users');
const file = (path: string, more: Partial<FileDescription> = {}): FileDescription => ({
  path,
  location: `/s/${path}`,
  bytes: 10,
  found: true,
  moved: false,
  actualBytes: null,
  ...more,
});
const find = (of: Partial<SnapshotDescription>, options: HealthOptions = {}): HealthFinding[] =>
  healthOf(snapshot(of), options);
const codes = (of: Partial<SnapshotDescription>, options?: HealthOptions): HealthCode[] =>
  find(of, options).map(({ code }) => code);
const get = (of: Partial<SnapshotDescription>, code: HealthCode, options?: HealthOptions): HealthFinding | undefined =>
  find(of, options).find((finding) => finding.code === code);
const withType = (typeInfo: TypeInfo, more: Partial<OperatorDescription> = {}): OperatorDescription =>
  operator(ID, { uid: 'users', states: [state('s', { typeInfo })], ...more });
const type = (name: string, serializer = `org.apache.flink.x.${name}Snapshot`): TypeInfo => ({ name, serializer });

describe('health: files', () => {
  it('that are all there, beside the metadata', () => {
    const of = { files: [file('a'), file('b')] };
    expect(get(of, 'FILES_FOUND')).toMatchObject({ severity: 'ok', values: [2] });
    expect(codes(of)).toContain('SELF_CONTAINED');
    expect(codes({ files: [] })).toContain('NO_FILES');
  });

  it('that are missing or of another size are errors, each kind once', () => {
    const missing = { found: false, location: null };
    const of = { files: [file('a', missing), file('b', missing), file('c', { actualBytes: 3 }), file('d')] };
    expect(get(of, 'FILES_MISSING')).toMatchObject({ severity: 'error', values: [2, 'a'], remedy: 'showFiles' });
    expect(get(of, 'FILES_CHANGED')).toMatchObject({ severity: 'error', values: [1, 'c'] });
    expect(codes(of)).not.toContain('FILES_FOUND');
    expect(codes(of)).not.toContain('SELF_CONTAINED');
  });

  it.each(['/x/a', 'file:/x/a', 's3://bucket/a', 'C:\\x\\a', 'hdfs://n/a'])('with absolute paths: %s', (path) => {
    expect(get({ files: [file('a'), file(path)] }, 'ABSOLUTE_PATHS')).toMatchObject({
      values: [1],
      remedy: 'copySnapshot',
    });
  });

  it('that were moved: Flink looks where the metadata says', () => {
    const of = { files: [file('/old/a', { moved: true })] };
    expect(get(of, 'MOVED')).toMatchObject({ severity: 'warning', values: [1], remedy: 'copySnapshot' });
    expect(codes(of)).not.toContain('ABSOLUTE_PATHS');
  });

  it('that belong to others, too', () => {
    expect(codes({ files: [file('a')], incremental: true, kind: 'checkpoint' })).toContain('SHARED_FILES');
    expect(codes({ files: [file('a')], incremental: true, kind: 'savepoint' })).not.toContain('SHARED_FILES');
    const changelog = operator(ID, { states: [state('s', { backend: 'changelog' })] });
    expect(get({ files: [file('a')], operators: [changelog] }, 'CHANGELOG')?.operators).toEqual([ID]);
  });

  it('are told once: not again in the words of the reader', () => {
    const of = {
      files: [file('a', { found: false, location: null })],
      problems: [problem('error', 'FILE_NOT_FOUND', 'gone'), problem('warning', 'UNSUPPORTED_VERSION', 'newer')],
    };
    expect(
      find(of)
        .filter(({ problem }) => problem !== null)
        .map((f) => f.problem?.message),
    ).toEqual(['newer']);
  });
});

describe('health: types', () => {
  const nested: TypeInfo = {
    ...type('list'),
    arguments: [{ ...type('pojo'), fields: [{ name: 'f', type: type('kryo') }] }],
  };

  it('of Kryo 2, however deep, stop Flink 2', () => {
    const of = { operators: [withType(nested)] };
    expect(get({ ...of, metadataVersion: 4 }, 'KRYO_2')).toMatchObject({
      severity: 'warning',
      operators: [ID],
      states: [{ operator: ID, name: 's' }],
      values: [1],
    });
    expect(codes({ ...of, metadataVersion: 5 })).not.toContain('KRYO_2');
  });

  it('of the Scala API stop Flink 2, by the serializer or by what they are', () => {
    const either = type('either', 'org.apache.flink.api.scala.typeutils.ScalaEitherSerializerSnapshot');
    expect(codes({ metadataVersion: 4, operators: [withType(either)] })).toContain('SCALA_SERIALIZERS');
    expect(codes({ metadataVersion: 4, operators: [withType(type('case-class', 'com.acme.Job$$anon$1'))] })).toContain(
      'SCALA_SERIALIZERS',
    );
    expect(codes({ metadataVersion: 6, operators: [withType(type('case-class'))] })).not.toContain('SCALA_SERIALIZERS');
    const javas = type('either', 'org.apache.flink.api.java.typeutils.runtime.JavaEitherSerializerSnapshot');
    expect(codes({ metadataVersion: 4, operators: [withType(javas)] })).not.toContain('SCALA_SERIALIZERS');
  });

  it('as Flink 1.6 described them stop Flink 1.17', () => {
    const old = withType(type('long', 'org.apache.flink.api.common.typeutils.base.LongSerializer'));
    expect(codes({ metadataVersion: 2, operators: [old] })).toContain('OLD_SERIALIZERS');
    expect(codes({ metadataVersion: 2, operators: [withType(type('long'))] })).not.toContain('OLD_SERIALIZERS');
    expect(codes({ metadataVersion: 3, operators: [old] })).not.toContain('OLD_SERIALIZERS');
  });

  it('in Java’s serialization, with a time-to-live, and the state of Checkpointed', () => {
    expect(get({ operators: [withType(type('java'))] }, 'JAVA_SERIALIZED')).toMatchObject({ severity: 'warning' });
    const ttl = operator(ID, { states: [state('a', { ttl: true }), state('b')] });
    expect(codes({ metadataVersion: 6, operators: [ttl] })).not.toContain('TTL');
    expect(get({ metadataVersion: 4, operators: [ttl] }, 'TTL')?.states).toEqual([{ operator: ID, name: 'a' }]);
    expect(codes({ operators: [operator(ID, { legacyBytes: 5 })] })).toContain('CHECKPOINTED_INTERFACE');
  });

  it('that nobody knows are told by the reader, with the operator', () => {
    const unreadable = problem('warning', 'UNREADABLE', 'com.acme.S is not known.');
    const opaque = state('s', { readable: false, why: 'x' });
    const of = { operators: [operator(ID, { states: [opaque], problems: [unreadable] })] };
    expect(get(of, 'UNREADABLE')).toMatchObject({ operators: [ID], problem: unreadable });
    expect(codes(of)).not.toContain('READABLE');
  });
});

describe('health: operators', () => {
  const SOURCE = 'bc764cd8ddf7a0cff126f51c16239658';

  it('without a uid, as Flink 2 tells', () => {
    const of = {
      metadataVersion: 6,
      operators: [operator(ID), operator(SOURCE, { uid: 'a' }), operator('f'.repeat(32), { bytes: 0 })],
    };
    expect(get(of, 'NO_UID')).toMatchObject({ severity: 'warning', operators: [ID], remedy: 'giveUid' });
  });

  it('whose ID Flink generated have none; of others it is not known', () => {
    const of = { metadataVersion: 4, operators: [operator(ID), operator(SOURCE)] };
    expect(get(of, 'GENERATED_ID')).toMatchObject({ severity: 'warning', operators: [SOURCE], remedy: 'giveUid' });
    expect(get(of, 'UID_UNKNOWN')).toMatchObject({ severity: 'info', operators: [ID], remedy: 'nameOperator' });
    expect(codes({ metadataVersion: 4, operators: [operator(ID, { uid: 'users' })] })).not.toContain('UID_UNKNOWN');
    expect(codes({ metadataVersion: 1, operators: [operator(ID)] })).not.toContain('UID_UNKNOWN');
  });

  it('with too small a max parallelism for what is wanted', () => {
    const of = {
      operators: [
        operator(ID, { keyType: 'long', maxParallelism: 128 }),
        operator(SOURCE, { keyType: 'long', maxParallelism: 1024 }),
        operator('f'.repeat(32), { keyType: null, maxParallelism: 1 }),
      ],
    };
    expect(get(of, 'MAX_PARALLELISM_TOO_SMALL', { wantedParallelism: 200 })).toMatchObject({
      severity: 'error',
      operators: [ID],
      values: [128, 200],
      remedy: 'rescale',
    });
    expect(codes(of, { wantedParallelism: 128 })).not.toContain('MAX_PARALLELISM_TOO_SMALL');
    expect(get(of, 'MAX_PARALLELISM')).toMatchObject({ severity: 'info', values: [128] });
  });

  it('with one subtask that holds far more than the others', () => {
    const shares = (...bytes: number[]) => bytes.map((some, subtask) => ({ subtask, bytes: some }));
    const skewed = operator(ID, { parallelism: 4, bytes: 8e6, subtaskBytes: shares(1e6, 1e6, 5e6, 1e6) });
    expect(get({ operators: [skewed] }, 'SKEW')).toMatchObject({ operators: [ID], values: [2, 2.5] });
    const even = operator(ID, { parallelism: 4, bytes: 8e6, subtaskBytes: shares(2e6, 2e6, 2e6, 2e6) });
    const small = operator(ID, { parallelism: 4, bytes: 8, subtaskBytes: shares(1, 1, 5, 1) });
    expect(codes({ operators: [even, small] })).not.toContain('SKEW');
  });
});

describe('health: the whole', () => {
  it('says which Flink restores it', () => {
    expect(get({ metadataVersion: 1 }, 'RESTORABLE')?.values).toEqual(['1.2', '1.10']);
    expect(get({ metadataVersion: 6 }, 'RESTORABLE')?.values).toEqual(['2.1']);
    expect(codes({ metadataVersion: 9 })).not.toContain('RESTORABLE');
  });

  it('tells of records in flight, and begins with the worst', () => {
    const of = { channelStateBytes: 7, problems: [problem('error', 'CORRUPT', 'x')], files: [file('a')] };
    expect(get(of, 'IN_FLIGHT')?.values).toEqual([7]);
    const severities = find(of).map(({ severity }) => ['error', 'warning', 'info', 'ok'].indexOf(severity));
    expect(severities).toEqual([...severities].sort());
  });

  it('adds what reading everything found, and nothing twice', () => {
    const known = problem('warning', 'UNREADABLE', 'known');
    const of = snapshot({ operators: [operator(ID, { problems: [known] })] });
    const verified = {
      whole: false,
      entries: 5,
      keysChecked: 4,
      problems: [problem('error', 'CORRUPT', 'news'), known],
      description: of,
    };
    expect(verifiedFindings(verified)).toMatchObject([
      { code: 'VERIFIED', severity: 'error', values: [5, 4] },
      { code: 'PROBLEM', problem: { message: 'news' } },
    ]);
    expect(verifiedFindings({ ...verified, whole: true, problems: [] })).toMatchObject([{ severity: 'ok' }]);
  });

  it('has codes that are all different', () => {
    expect(new Set(HEALTH_CODES).size).toBe(HEALTH_CODES.length);
  });

  it('of a savepoint of real Flink', async () => {
    const found = healthOf(await describeSnapshot('media/sample', nodeFileStore));
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(found.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['FILES_FOUND', 'SELF_CONTAINED', 'RESTORABLE']),
    );
  });
});
