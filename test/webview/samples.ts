import type { OperatorDescription, Problem, SnapshotDescription, StateDescription } from '../../src/engine/description';
import { spellType, type TypeInfo } from '../../src/engine/types/typeInfo';

/** Descriptions as the engine makes them, by hand: what a page and a tree are tested with. */

const of = (name: string, more: Partial<TypeInfo> = {}): TypeInfo => ({
  name,
  serializer: `org.apache.flink.api.common.typeutils.base.${name[0]?.toUpperCase()}${name.slice(1)}Serializer`,
  ...more,
});

export const long = of('long');
export const string = of('string');
export const user: TypeInfo = {
  name: 'pojo',
  className: 'com.acme.shop.User',
  serializer: 'org.apache.flink.api.java.typeutils.runtime.PojoSerializer',
  fields: [
    {
      name: 'address',
      type: {
        ...of('pojo'),
        className: 'com.acme.shop.Address',
        fields: [
          { name: 'city', type: string },
          { name: 'zip', type: { ...string, nullable: true } },
        ],
      },
    },
    { name: 'amount', type: of('double') },
    { name: 'id', type: long },
    { name: 'name', type: string },
    { name: 'tags', type: { ...of('list'), arguments: [string], nullable: true } },
    { name: 'updatedAt', type: long },
  ],
};

export function state(name: string, more: Partial<StateDescription> = {}): StateDescription {
  const typeInfo = more.typeInfo ?? long;
  return {
    name,
    kind: 'value',
    backend: 'canonical',
    keyType: 'string',
    namespaceType: null,
    type: spellType(typeInfo),
    typeInfo,
    ttl: false,
    bytes: 1000,
    entries: null,
    subtasks: 4,
    readable: true,
    why: null,
    ...more,
  };
}

export function operator(id: string, more: Partial<OperatorDescription> = {}): OperatorDescription {
  const bytes = more.bytes ?? 1000;
  const parallelism = more.parallelism ?? 4;
  return {
    id,
    uid: null,
    name: null,
    parallelism,
    maxParallelism: 128,
    subtasks: parallelism,
    fullyFinished: false,
    finishedSubtasks: 0,
    keyType: null,
    bytes,
    subtaskBytes: Array.from({ length: parallelism }, (_, subtask) => ({
      subtask,
      bytes: Math.round(bytes / parallelism),
    })),
    coordinatorBytes: 0,
    channelStateBytes: 0,
    rawKeyedBytes: 0,
    rawOperatorBytes: 0,
    legacyBytes: 0,
    states: [],
    problems: [],
    ...more,
  };
}

export function problem(
  severity: Problem['severity'],
  code: string,
  message: string,
  more: Partial<Problem> = {},
): Problem {
  return { severity, code, message, file: null, offset: null, where: null, hint: null, ...more };
}

export function snapshot(more: Partial<SnapshotDescription> = {}): SnapshotDescription {
  const path = more.path ?? '/home/ada/jobs/shop/savepoints/savepoint-9f31c2-4be07d';
  return {
    path,
    metadataPath: `${path}/_metadata`,
    metadataVersion: 6,
    writtenBy: 'Flink 2.1 and later',
    checkpointId: 17n,
    kind: 'savepoint',
    format: 'canonical',
    incremental: false,
    bytes: 0,
    metadataBytes: 24_310,
    operators: [],
    masterStates: [],
    channelStateBytes: 0,
    files: [],
    problems: [],
    ...more,
  };
}

const MB = 1_000_000;

/** A shop's job: large and small operators, skew, timers, a source with a coordinator, an operator without uid. */
export function shop(): SnapshotDescription {
  const path = '/home/ada/jobs/shop/savepoints/savepoint-9f31c2-4be07d';
  const operators: OperatorDescription[] = [
    operator('bc764cd8ddf7a0cff126f51c16239658', {
      uid: 'users',
      name: 'User profiles',
      keyType: 'string',
      bytes: 741 * MB,
      subtaskBytes: [181, 187, 182, 191].map((mb, subtask) => ({ subtask, bytes: mb * MB })),
      states: [
        state('profile', { typeInfo: user, type: spellType(user), bytes: 230 * MB }),
        state('counters', {
          kind: 'map',
          typeInfo: { ...of('map'), arguments: [string, long] },
          type: 'map<string, long>',
          bytes: 326 * MB,
        }),
        state('history', {
          kind: 'list',
          typeInfo: { ...of('list'), arguments: [long] },
          type: 'list<long>',
          bytes: 104 * MB,
        }),
        state('lastSeen', { ttl: true, bytes: 46 * MB }),
        state('user-timers', {
          kind: 'timer',
          type: 'string',
          typeInfo: string,
          bytes: 35 * MB,
          namespaceType: 'TimeWindow',
        }),
      ],
    }),
    operator('e883208d19e3c34f8aaf2a3168a63337', {
      uid: 'sessions',
      name: 'Session windows(gap = 30 min) -> Enrich -> Map',
      keyType: 'tuple<string, long>',
      bytes: 144 * MB,
      subtaskBytes: [20, 22, 83, 19].map((mb, subtask) => ({ subtask, bytes: mb * MB })),
      states: [
        state('window-contents', {
          kind: 'aggregating',
          keyType: 'tuple<string, long>',
          namespaceType: 'TimeWindow',
          typeInfo: {
            name: 'unknown',
            className: 'com.acme.shop.SessionAcc',
            serializer: 'com.acme.shop.SessionAccSerializer',
            unreadable: 'The serializer com.acme.shop.SessionAccSerializer is the job’s own.',
          },
          type: 'unknown com.acme.shop.SessionAcc',
          bytes: 101 * MB,
          readable: false,
          why: 'The serializer com.acme.shop.SessionAccSerializer is the job’s own.',
        }),
        state('merging-window-set', {
          kind: 'list',
          keyType: 'tuple<string, long>',
          type: 'list<tuple<TimeWindow, TimeWindow>>',
          bytes: null,
        }),
      ],
      problems: [
        problem('warning', 'SKEW', 'One state uses Kryo 2, which Flink 2 does not read as it is.', {
          hint: 'Give the type a serializer of its own before you move to Flink 2.',
        }),
      ],
    }),
    operator('90bea66de1c231edf33913ecd54406c1', {
      uid: 'totals',
      name: 'Totals per country',
      bytes: 93 * MB,
      keyType: 'string',
      states: [
        state('total', {
          kind: 'reducing',
          bytes: 93 * MB,
          typeInfo: of('decimal', { parameters: [38, 18] }),
          type: 'decimal(38, 18)',
        }),
      ],
    }),
    operator('cbc357ccb763df2852fee8c4fc7d55f2', {
      uid: 'feed',
      name: 'Source: events',
      bytes: 14_812,
      maxParallelism: 32768,
      coordinatorBytes: 612,
      subtaskBytes: [3700, 3600, 3500, 3400].map((bytes, subtask) => ({ subtask, bytes })),
      states: [
        state('SourceReaderState', {
          kind: 'operator-list',
          backend: 'operator',
          keyType: null,
          typeInfo: {
            ...of('byte[]'),
            serializer: 'org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer',
          },
          type: 'byte[]',
          bytes: 14_200,
          entries: 16,
        }),
      ],
    }),
    operator('0a448493b4782967b150582570326227', {
      bytes: 2100,
      parallelism: 2,
      subtasks: 1,
      subtaskBytes: [{ subtask: 0, bytes: 2100 }],
      rawOperatorBytes: 1800,
      states: [
        state('rules', {
          kind: 'broadcast',
          backend: 'operator',
          keyType: null,
          type: 'map<string, string>',
          typeInfo: { ...of('map'), arguments: [string, string] },
          bytes: 300,
        }),
      ],
    }),
    operator('7df19f87deec5680128845fd9a6ca18d', {
      uid: 'sink',
      name: 'Sink: warehouse',
      bytes: 0,
      subtasks: 0,
      subtaskBytes: [],
      fullyFinished: true,
    }),
  ];
  return snapshot({
    path,
    bytes: 1_030 * MB,
    operators,
    masterStates: [{ name: 'pravega-reader-hook', version: 1, bytes: 188 }],
    files: Array.from({ length: 17 }, (_, i) => ({
      path: `${path}/${(0xf1a5 * (i + 1)).toString(16).padStart(8, '0')}-4a31-4c1e-9d55-0b6f1f1b${(4096 + i).toString(16)}`,
      location: `${path}/${(0xf1a5 * (i + 1)).toString(16).padStart(8, '0')}-4a31-4c1e-9d55-0b6f1f1b${(4096 + i).toString(16)}`,
      bytes: Math.round((230 * MB) / (i + 1)),
      found: true,
      moved: false,
      actualBytes: null,
    })),
  });
}

/** An incremental checkpoint of which files are gone, moved and cut off. */
export function damaged(): SnapshotDescription {
  const whole = shop();
  const path = '/data/checkpoints/3f2504e04f8941d39a0c0305e82c3301/chk-17';
  return {
    ...whole,
    path,
    metadataPath: `${path}/_metadata`,
    metadataVersion: 4,
    writtenBy: 'Flink 1.15 to 1.20',
    kind: 'checkpoint',
    format: 'native',
    incremental: true,
    channelStateBytes: 1_204_224,
    files: whole.files.map((file, i) => ({
      ...file,
      path: `hdfs://nn:8020/flink/shared/${file.path.split('/').at(-1)}`,
      location:
        i < 2 ? null : `/data/checkpoints/3f2504e04f8941d39a0c0305e82c3301/shared/${file.path.split('/').at(-1)}`,
      found: i >= 2,
      moved: i >= 2,
      actualBytes: i === 4 ? 1024 : null,
    })),
    problems: [
      ...['0000f1a5-4a31-4c1e-9d55-0b6f1f1b1000', '0001e34a-4a31-4c1e-9d55-0b6f1f1b1001'].map((name) =>
        problem('error', 'FILE_NOT_FOUND', `A file of the snapshot is missing: hdfs://nn:8020/flink/shared/${name}`, {
          file: `hdfs://nn:8020/flink/shared/${name}`,
          hint: 'Copy the file beside the metadata.',
        }),
      ),
      problem(
        'info',
        'MOVED',
        '15 files were found beside the metadata and not where it says: the snapshot was moved.',
      ),
      problem('error', 'FILE_CHANGED', 'A file has 1024 bytes, but the metadata says 46000000.', {
        file: 'shared/0004b839',
        offset: 1024,
      }),
    ],
  };
}

/** As many operators and states as asked for. */
export function large(operators: number, statesEach: number): SnapshotDescription {
  return snapshot({
    bytes: operators * statesEach * 1000,
    operators: Array.from({ length: operators }, (_, i) =>
      operator(i.toString(16).padStart(32, '0'), {
        uid: `operator-${i}`,
        name: `Operator ${i}`,
        bytes: (operators - i) * 1000,
        keyType: 'string',
        states: Array.from({ length: statesEach }, (_, s) =>
          state(`state-${s}`, { typeInfo: user, type: spellType(user) }),
        ),
      }),
    ),
    files: Array.from({ length: operators }, (_, i) => ({
      path: `/x/file-${i}`,
      location: `/x/file-${i}`,
      bytes: i,
      found: true,
      moved: false,
      actualBytes: null,
    })),
  });
}
