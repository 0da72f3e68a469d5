import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { Sink } from '../../../src/engine/bytes/sink';
import { decodeBase64 } from '../../../src/engine/json/base64';
import type { Json } from '../../../src/engine/json/jsonValue';
import { printJson } from '../../../src/engine/json/printJson';
import { readCoordinatorState } from '../../../src/engine/raw/coordinatorState';
import { readLegacyState } from '../../../src/engine/raw/legacyState';
import { ENUMERATOR_FORMATS } from '../../../src/engine/raw/payload/enumerators';
import { type PayloadFormat, versioned } from '../../../src/engine/raw/payload/reading';
import { RECOVERABLES } from '../../../src/engine/raw/payload/recoverables';
import { COMMITTABLE_FORMATS, WRITER_FORMATS } from '../../../src/engine/raw/payload/sinks';
import { SPLIT_FORMATS } from '../../../src/engine/raw/payload/splits';
import { PAYLOAD_STATES, readPayload } from '../../../src/engine/raw/payload/states';

const parsed = (json: Json): unknown => JSON.parse(printJson(json));

const PENDING_FILE = {
  targetPath: 'file:/tmp/bucket/part-0',
  size: 6,
  recoverable: {
    version: 1,
    is: [
      {
        format: 'local recoverable',
        value: {
          offset: 6,
          targetFile: '/tmp/bucket/part-0',
          tempFile: '/tmp/bucket/.part-0.inprogress.f9778d48-8ef6-479c-94cf-36316f339e87',
        },
      },
    ],
  },
};
const { size: _, ...IN_PROGRESS_FILE } = PENDING_FILE;

const BARE_SPLIT = {
  splitId: '2',
  path: { scheme: null, userInfo: null, host: null, port: -1, path: '/data/b', query: null, fragment: null },
  offset: 0,
  length: 10,
  fileModificationTime: 1,
  fileSize: 10,
  hostnames: [],
  readerPosition: null,
};
const WHOLE_SPLIT = {
  splitId: '0000000001',
  path: {
    scheme: 'hdfs',
    userInfo: null,
    host: 'nn',
    port: 8020,
    path: '/data/part-0.csv',
    query: null,
    fragment: null,
  },
  offset: 128,
  length: 4096,
  fileModificationTime: 1700000000000,
  fileSize: 8192,
  hostnames: ['host1', 'host2'],
  readerPosition: { offset: 512, recordsAfterOffset: 7 },
};
const fileSplit = (value: unknown) => ({ version: 1, is: [{ format: 'FileSource split', value }] });
/** JSON numbers of this size are not exact as JavaScript numbers; the text is. */
const KAFKA_SPLIT = { topic: 'orders', partition: 3, startingOffset: 42, stoppingOffset: Number(-(2n ** 63n)) };

const GCS_OBJECT = {
  bucketName: 'bucket',
  objectName: 'out/part-0',
  componentObjectIds: ['00000000-0000-0001-0000-000000000002', 'ffffffff-ffff-ffff-8000-000000000000'],
};

/**
 * Written by the serializers of Flink 2.3.0, of its Kafka connectors 5.0.0 and 3.4.0 (the dynamic source, version 1), and of the file
 * systems of Flink 1.20.0.
 */
const SAMPLES: readonly [string, readonly PayloadFormat[], number, string, unknown][] = [
  [
    'FileSource split',
    SPLIT_FORMATS,
    1,
    'AAowMDAwMDAwMDAxAQEFaGRmcwABA25uAAAfVAERL2RhdGEvcGFydC0wLmNzdgAAAAAAAAAAAIAAAAAAAAAQAAAAAYvP5WgAAAAAAAAAIAAAAAACAAVob3N0MQAFaG9zdDIBAAAAAAAAAgAAAAAAAAAABw==',
    WHOLE_SPLIT,
  ],
  [
    'FileSource split',
    SPLIT_FORMATS,
    1,
    'AAEyAQAAAP////8BCC9kYXRhL2IAAAAAAAAAAAAAAAAAAAAAAAoAAAAAAAAAAQAAAAAAAAAKAAAAAAA=',
    BARE_SPLIT,
  ],
  [
    'FileSource enumerator',
    ENUMERATOR_FORMATS,
    1,
    '776t3gEAAAACAAAAAQAAAHMAAAAACjAwMDAwMDAwMDEBAQVoZGZzAAEDbm4AAB9UAREvZGF0YS9wYXJ0LTAuY3N2AAAAAAAAAAAAgAAAAAAAABAAAAABi8/laAAAAAAAAAAgAAAAAAIABWhvc3QxAAVob3N0MgEAAAAAAAACAAAAAAAAAAAHOwAAAAABMgEAAAD/////AQgvZGF0YS9iAAAAAAAAAAAAAAAAAAAAAAAKAAAAAAAAAAEAAAAAAAAACgAAAAAACAAAAC9kYXRhL8O8',
    { splits: [fileSplit(WHOLE_SPLIT), fileSplit(BARE_SPLIT)], alreadyProcessedPaths: ['/data/ü'] },
  ],
  [
    'HybridSource split',
    SPLIT_FORMATS,
    0,
    'AAAAAQABMgAAAAEAAAA7AAEyAQAAAP////8BCC9kYXRhL2IAAAAAAAAAAAAAAAAAAAAAAAoAAAAAAAAAAQAAAAAAAAAKAAAAAAA=',
    { sourceIndex: 1, splitId: '2', split: fileSplit(BARE_SPLIT) },
  ],
  [
    'HybridSource enumerator',
    ENUMERATOR_FORMATS,
    0,
    'AAAAAAAAAAEAAABP776t3gEAAAABAAAAAAAAADsAAAAAATIBAAAA/////wEIL2RhdGEvYgAAAAAAAAAAAAAAAAAAAAAACgAAAAAAAAABAAAAAAAAAAoAAAAAAA==',
    {
      currentSourceIndex: 0,
      state: {
        version: 1,
        is: [
          { format: 'FileSource enumerator', value: { splits: [fileSplit(BARE_SPLIT)], alreadyProcessedPaths: [] } },
        ],
      },
    },
  ],
  [
    'FileSink committable',
    COMMITTABLE_FORMATS,
    2,
    'HnZcgAABYgEAAAACAAAAlyyFPIkBABdmaWxlOi90bXAvYnVja2V0L3BhcnQtMAAAAAAAAAAGAAAAAQAAAGlXS3QeBgAAAAAAAAASAAAAQwAAAC90bXAvYnVja2V0L3BhcnQtMC90bXAvYnVja2V0Ly5wYXJ0LTAuaW5wcm9ncmVzcy5mOTc3OGQ0OC04ZWY2LTQ3OWMtOTRjZi0zNjMxNmYzMzllODcAAA==',
    {
      bucketId: 'b',
      pendingFile: { version: 2, is: [{ format: 'pending file', value: PENDING_FILE }] },
      inProgressFileToCleanup: null,
      compactedFileToCleanup: null,
    },
  ],
  [
    'file sink bucket',
    WRITER_FORMATS,
    3,
    'HnZLeQAAAAEAAAAFAQAAAGIAEGZpbGU6L3RtcC9idWNrZXQAAAGLz+VoAAEAAAACAAAAj7OkBz0BABdmaWxlOi90bXAvYnVja2V0L3BhcnQtMAAAAAEAAABpV0t0HgYAAAAAAAAAEgAAAEMAAAAvdG1wL2J1Y2tldC9wYXJ0LTAvdG1wL2J1Y2tldC8ucGFydC0wLmlucHJvZ3Jlc3MuZjk3NzhkNDgtOGVmNi00NzljLTk0Y2YtMzYzMTZmMzM5ZTg3',
    {
      bucketId: { version: 1, is: [{ format: 'string', value: 'b' }] },
      bucketPath: 'file:/tmp/bucket',
      inProgressFileCreationTime: 1700000000000,
      inProgressFile: { version: 2, is: [{ format: 'in-progress file', value: IN_PROGRESS_FILE }] },
    },
  ],
  ['KafkaSource split', SPLIT_FORMATS, 0, 'AAZvcmRlcnMAAAADAAAAAAAAACqAAAAAAAAAAA==', KAFKA_SPLIT],
  [
    'KafkaSource enumerator',
    ENUMERATOR_FORMATS,
    3,
    'AAAAAQAAAAAAAAAcAAZvcmRlcnMAAAADAAAAAAAAACqAAAAAAAAAAAAAAAAB',
    {
      partitions: [
        { split: { version: 0, is: [{ format: 'KafkaSource split', value: KAFKA_SPLIT }] }, assigned: true },
      ],
      initialDiscoveryFinished: true,
    },
  ],
  [
    'DynamicKafkaSource split',
    SPLIT_FORMATS,
    1,
    'AAJjMQAAAAAABm9yZGVycwAAAAMAAAAAAAAAKoAAAAAAAAAA',
    { kafkaClusterId: 'c1', split: KAFKA_SPLIT },
  ],
  [
    'DynamicKafkaSource enumerator',
    ENUMERATOR_FORMATS,
    1,
    'AAAAAQACczEAAAABAAJjMQAAAAEABm9yZGVycwAGaDo5MDkyAAAAAgAAAAEAAmMxAAAAFQAAAAEABm9yZGVycwAAAAMAAAAAAQ==',
    {
      kafkaStreams: [
        { streamId: 's1', clusters: [{ kafkaClusterId: 'c1', topics: ['orders'], bootstrapServers: 'h:9092' }] },
      ],
      clusterEnumeratorStates: [
        {
          kafkaClusterId: 'c1',
          state: {
            version: 2,
            is: [
              {
                format: 'KafkaSource enumerator',
                value: {
                  partitions: [{ topic: 'orders', partition: 3, assigned: true }],
                  initialDiscoveryFinished: true,
                },
              },
            ],
          },
        },
      ],
    },
  ],
  [
    'DynamicKafkaSource enumerator',
    ENUMERATOR_FORMATS,
    2,
    'AAAAAQACczEAAAABAAJjMQAAAAEABm9yZGVycwAGaDo5MDkyAQAAAUqs7QAFc3IAXm9yZy5hcGFjaGUuZmxpbmsuY29ubmVjdG9yLmthZmthLnNvdXJjZS5lbnVtZXJhdG9yLmluaXRpYWxpemVyLlJlYWRlckhhbmRsZWRPZmZzZXRzSW5pdGlhbGl6ZXICZmY99iHADQIAAkoADnN0YXJ0aW5nT2Zmc2V0TAATb2Zmc2V0UmVzZXRTdHJhdGVneXQAN0xvcmcvYXBhY2hlL2thZmthL2NsaWVudHMvY29uc3VtZXIvT2Zmc2V0UmVzZXRTdHJhdGVneTt4cP/////////+fnIANW9yZy5hcGFjaGUua2Fma2EuY2xpZW50cy5jb25zdW1lci5PZmZzZXRSZXNldFN0cmF0ZWd5AAAAAAAAAAASAAB4cgAOamF2YS5sYW5nLkVudW0AAAAAAAAAABIAAHhwdAAIRUFSTElFU1QAAAAAAwAAAAEAAmMxAAAALQAAAAEAAAAAAAAAHAAGb3JkZXJzAAAAAwAAAAAAAAAqgAAAAAAAAAAAAAAAAQ==',
    {
      kafkaStreams: [
        {
          streamId: 's1',
          clusters: [
            {
              kafkaClusterId: 'c1',
              topics: ['orders'],
              bootstrapServers: 'h:9092',
              startingOffsetsInitializer: {
                $class:
                  'org.apache.flink.connector.kafka.source.enumerator.initializer.ReaderHandledOffsetsInitializer',
                startingOffset: -2,
                offsetResetStrategy: 'EARLIEST',
              },
              stoppingOffsetsInitializer: null,
            },
          ],
        },
      ],
      clusterEnumeratorStates: [
        {
          kafkaClusterId: 'c1',
          state: {
            version: 3,
            is: [
              {
                format: 'KafkaSource enumerator',
                value: {
                  partitions: [
                    {
                      split: { version: 0, is: [{ format: 'KafkaSource split', value: KAFKA_SPLIT }] },
                      assigned: true,
                    },
                  ],
                  initialDiscoveryFinished: true,
                },
              },
            ],
          },
        },
      ],
    },
  ],
  [
    'Hadoop recoverable',
    RECOVERABLES,
    1,
    'XmxD1wYAAAAAAAAAGQAAACcAAABoZGZzOi8vbm46ODAyMC9vdXQvcGFydC0waGRmczovL25uOjgwMjAvb3V0Ly5wYXJ0LTAuaW5wcm9ncmVzcy4x',
    { offset: 6, targetFile: 'hdfs://nn:8020/out/part-0', tempFile: 'hdfs://nn:8020/out/.part-0.inprogress.1' },
  ],
  [
    'S3 recoverable',
    RECOVERABLES,
    1,
    'MhR2mAoAAABvdXQvcGFydC0wAgAAAHVwAgAAAAEAAAACAAAAZTECAAAAAgAAAMOpAACgAAAAAAARAAAAb3V0L19wYXJ0LTBfdG1wXzFNAAAAAAAAAA==',
    {
      objectName: 'out/part-0',
      uploadId: 'up',
      parts: [
        { partNumber: 1, eTag: 'e1' },
        { partNumber: 2, eTag: 'é' },
      ],
      numBytesInParts: 10485760,
      incompleteObjectName: 'out/_part-0_tmp_1',
      incompleteObjectLength: 77,
    },
  ],
  [
    'S3 recoverable',
    RECOVERABLES,
    1,
    'MhR2mAEAAABvAQAAAHUAAAAAAAAAAAAAAAAAAAAA//////////8=',
    {
      objectName: 'o',
      uploadId: 'u',
      parts: [],
      numBytesInParts: 0,
      incompleteObjectName: null,
      incompleteObjectLength: -1,
    },
  ],
  [
    'GCS commit recoverable',
    RECOVERABLES,
    1,
    'AAZidWNrZXQACm91dC9wYXJ0LTAAAAACAAAAAAAAAAEAAAAAAAAAAv//////////gAAAAAAAAAA=',
    GCS_OBJECT,
  ],
  [
    'GCS resume recoverable',
    RECOVERABLES,
    1,
    'AAZidWNrZXQACm91dC9wYXJ0LTAAAAACAAAAAAAAAAEAAAAAAAAAAv//////////gAAAAAAAAAAAAAAAAAAACQE=',
    { ...GCS_OBJECT, position: 9, closed: true },
  ],
  [
    'KafkaSink writer',
    WRITER_FORMATS,
    2,
    'AAJ0eAAAAAEAAAAEAAAAAQAAAAEABnR4LTAtMQAAAAAAAAAJ',
    {
      transactionalIdPrefix: 'tx',
      ownedSubtaskId: 1,
      totalNumberOfOwnedSubtasks: 4,
      transactionOwnership: 'EXPLICIT_BY_WRITER_STATE',
      precommittedTransactionalIds: [{ transactionalId: 'tx-0-1', checkpointId: 9 }],
    },
  ],
  [
    'KafkaSink committable',
    COMMITTABLE_FORMATS,
    1,
    'AAUAAAAAAAAATQAGdHgtMC0x',
    { epoch: 5, producerId: 77, transactionalId: 'tx-0-1' },
  ],
];

describe.each(SAMPLES)('%s', (format, formats, version, base64, value) => {
  const bytes = decodeBase64(base64);
  const read = (of: Uint8Array): unknown => parsed(versioned(version, new Cursor(of), formats));

  test('is read as what Flink wrote', () => {
    expect(read(bytes)).toEqual({ version, is: [{ format, value }] });
  });

  test('cut short or with a byte too many is something else, and kept as bytes', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(read(bytes.subarray(0, length))).not.toEqual({ version, is: [{ format, value }] });
    }
    const longer = new Uint8Array([...bytes, 0]);
    expect(read(longer)).toEqual({ version, bytes: Buffer.from(longer).toString('base64') });
  });
});

test('all digits of a long are kept', () => {
  const kafka = decodeBase64('AAZvcmRlcnMAAAADAAAAAAAAACqAAAAAAAAAAA==');
  expect(printJson(versioned(0, new Cursor(kafka), SPLIT_FORMATS))).toContain('"stoppingOffset":-9223372036854775808');
});

describe('committable collectors', () => {
  const committable = {
    version: 1,
    is: [{ format: 'KafkaSink committable', value: { epoch: 5, producerId: 77, transactionalId: 'tx-0-1' } }],
  };
  const request = { committable, numberOfRetries: 0, state: 'RECEIVED' };
  const collector = (checkpoint: object) => ({
    version: 2,
    is: [{ format: 'committable collector', value: { checkpoints: [checkpoint] } }],
  });
  const read = (base64: string) => parsed(readPayload('streaming_committer_raw_states', decodeBase64(base64)));

  test('of Flink 2.3', () => {
    expect(
      read(
        'AAAAAgAAAGK5HyUsAAAAAQAAAAEAAABSAAAAAAAAAAkAAAACAAAAAgAAAAEAAAA6AAAAAAAAAAAAAAABAAAAIgAAAAEAAAASAAUAAAAAAAAATQAGdHgtMC0xAAAAAAAAAAAAAAABAAAAAA==',
      ),
    ).toEqual(
      collector({
        checkpointId: 9,
        numberOfSubtasks: 2,
        subtasks: [{ subtask: 0, requests: [request], numCommittables: 1, numFailed: 0 }],
      }),
    );
  });

  test('of Flink 1.20', () => {
    expect(
      read(
        'AAAAAgAAAF65HyUsAAAAAAAAAAEAAABOAAAAAAAAAAkAAAAAAAAAAQAAADoAAAAAAAAAAQAAACIAAAABAAAAEgAFAAAAAAAAAE0ABnR4LTAtMQAAAAAAAAAAAAAAAQAAAAAAAAAA',
      ),
    ).toEqual(
      collector({
        checkpointId: 9,
        subtasks: [{ requests: [request], numCommittables: 1, numDrained: 0, numFailed: 0 }],
      }),
    );
  });
});

describe('coordinator state', () => {
  test('of version 0 goes on with its readers and the splits that it gave them', () => {
    const sink = new Sink();
    sink.i32(0);
    sink.i32(9);
    sink.bytes4(Uint8Array.of(1, 2, 3));
    sink.i32(1);
    sink.i32(4);
    sink.utf('host');
    sink.i32(0);
    sink.i32(1);
    sink.i64(17n);
    sink.i32(1);
    sink.i32(4);
    sink.i32(1);
    sink.bytes4(decodeBase64('AAZvcmRlcnMAAAADAAAAAAAAACqAAAAAAAAAAA=='));
    expect(parsed(readCoordinatorState(sink.toBytes()))).toEqual({
      format: 'SourceCoordinator',
      coordinatorVersion: 0,
      enumerator: { version: 9, bytes: 'AQID' },
      registeredReaders: [{ subtask: 4, location: 'host' }],
      assignmentsByCheckpoint: [
        {
          checkpointId: 17,
          subtasks: [
            { subtask: 4, splits: [{ version: 0, is: [{ format: 'KafkaSource split', value: KAFKA_SPLIT }] }] },
          ],
        },
      ],
    });
  });

  test('of version 1 ends with the enumerator', () => {
    const sink = new Sink();
    sink.i32(1);
    sink.i32(2);
    sink.bytes4(Uint8Array.of(0));
    expect(parsed(readCoordinatorState(sink.toBytes()))).toMatchObject({ coordinatorVersion: 1 });
    sink.u8(0);
    expect(() => readCoordinatorState(sink.toBytes())).toThrow(/left over/);
  });

  test('of a version that Flink does not write is refused', () => {
    expect(() => readCoordinatorState(Uint8Array.of(0, 0, 0, 2))).toThrow(/version 0 or 1, found 2/);
  });
});

test('hostile bytes give bytes or an error, and nothing else', () => {
  const readers: ((bytes: Uint8Array) => Json)[] = [
    ...[...PAYLOAD_STATES].map((state) => (bytes: Uint8Array) => readPayload(state, bytes)),
    readCoordinatorState,
    readLegacyState,
  ];
  const samples = fc.constantFrom(...SAMPLES).map(([, , version, base64]) => {
    const sink = new Sink();
    sink.i32(version);
    sink.bytes4(decodeBase64(base64));
    return sink.toBytes();
  });
  const damaged = fc
    .tuple(samples, fc.nat(), fc.nat(255))
    .map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged), (bytes) => {
      for (const read of readers) {
        try {
          printJson(read(bytes));
        } catch (e) {
          if (!(e instanceof EngineError) || e.code === 'INTERNAL') throw e;
        }
      }
    }),
    { numRuns: 500 },
  );
});
