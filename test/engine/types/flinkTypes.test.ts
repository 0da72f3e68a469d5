import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/engine/json/parseJson';
import { writeJson } from '../../../src/engine/json/writeJson';
import { spellType } from '../../../src/engine/types/typeInfo';
import { checkLaws, checkMutation, checkPrefixes, mutation } from './codecLaws';
import { codecOf, composite, hex, readValue, type Snapshot, simple, versioned, writeValue } from './snapshotBytes';

const INT = simple('IntSerializer');
const LONG = simple('LongSerializer');
const STRING = simple('StringSerializer');
const VOID = simple('VoidSerializer');

const RUNTIME = 'org.apache.flink.runtime.state.';
const STREAMING = 'org.apache.flink.streaming.';
const NFA = 'org.apache.flink.cep.nfa.';
const BUFFER = `${NFA}sharedbuffer.`;
const SCALA = 'org.apache.flink.api.scala.typeutils.';
const SCALA_2 = 'org.apache.flink.table.api.typeutils.';
const KAFKA = 'org.apache.flink.streaming.connectors.kafka.';

const plain = (className: string) => versioned(className, 3);
const VOID_NAMESPACE = plain(`${RUNTIME}VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot`);
const TIME_WINDOW = plain(`${STREAMING}api.windowing.windows.TimeWindow$Serializer$TimeWindowSerializerSnapshot`);
const ttl = (value: Snapshot, version = 'ttl') =>
  composite(`${RUNTIME}${version}.TtlStateFactory$TtlSerializerSnapshot`, 2, [LONG, value]);
const timer = (key: Snapshot, namespace: Snapshot) =>
  composite(`${STREAMING}api.operators.TimerSerializerSnapshot`, 2, [key, namespace]);
const element = (value: Snapshot) =>
  composite(`${STREAMING}runtime.streamrecord.StreamElementSerializer$StreamElementSerializerSnapshot`, 2, [value]);
const union = composite(`${STREAMING}api.datastream.CoGroupedStreams$UnionSerializerSnapshot`, 2, [STRING, LONG]);
const entry = composite(`${STREAMING}api.operators.co.IntervalJoinOperator$BufferEntrySerializerSnapshot`, 2, [STRING]);

const DEWEY = plain(`${NFA}DeweyNumber$DeweyNumberSerializer$DeweyNumberSerializerSnapshot`);
const EVENT_ID = plain(`${BUFFER}EventId$EventIdSerializer$EventIdSerializerSnapshot`);
const NODE_ID = composite(`${BUFFER}NodeId$NodeIdSerializer$NodeIdSerializerSnapshot`, 1, [EVENT_ID]);
const EDGE = composite(`${BUFFER}SharedBufferEdge$SharedBufferEdgeSerializer$SharedBufferEdgeSerializerSnapshot`, 1, [
  NODE_ID,
  DEWEY,
]);
const NODE = composite(`${BUFFER}SharedBufferNodeSerializerSnapshotV2`, 1, [EDGE]);
const OLD_NODE = composite(
  `${BUFFER}SharedBufferNode$SharedBufferNodeSerializer$SharedBufferNodeSerializerSnapshot`,
  1,
  [composite('org.apache.flink.api.common.typeutils.base.ListSerializerSnapshot', 1, [EDGE])],
);
const lockable = (value: Snapshot) => composite(`${BUFFER}LockableTypeSerializerSnapshot`, 1, [value]);
const nfaState = (version: number, previous = true) =>
  composite(`${NFA}NFAStateSerializerSnapshot`, version, [DEWEY, NODE_ID, EVENT_ID], (sink) => {
    if (version > 1) sink.bool(previous);
  });

const twoPhase = (version: number, nullable: boolean, folder = '', context = STRING) =>
  composite(
    `${STREAMING}api.functions.sink.${folder}TwoPhaseCommitSinkFunction$StateSerializerSnapshot`,
    version,
    [INT, context],
    (sink) => {
      if (version > 3) sink.bool(nullable);
    },
  );

const option = (value: Snapshot, from = SCALA) => composite(`${from}ScalaOptionSerializerSnapshot`, 2, [value]);
const caseClass = (className: string, fields: readonly Snapshot[], from = SCALA) =>
  composite(`${from}ScalaCaseClassSerializerSnapshot`, 2, fields, (sink) => sink.utf(className));
const traversable = (value: Snapshot) =>
  composite(`${SCALA}TraversableSerializerSnapshot`, 2, [value], (sink) => sink.utf('implicitly[CanBuildFrom]'));
const scalaEnum = versioned(`${SCALA}ScalaEnumSerializerSnapshot`, 3, (sink) => {
  sink.utf('a.Colour');
  sink.i32(2);
  sink.utf('Red');
  sink.i32(0);
  sink.utf('Blue');
  sink.i32(7);
});

const NODE_ID_BYTES = '01 00000005 0000000000000009 05 70 61 67 65';
const NODE_ID_JSON = '{"pageName":"page","eventId":{"id":5,"timestamp":9}}';
const DEWEY_BYTES = '00000002 00000001 00000003';
const DEWEY_JSON = '{"deweyNumber":[1,3]}';
const state = (previous: string, event: string) =>
  `03 73 31 ${NODE_ID_BYTES} ${DEWEY_BYTES} 0000000000000064 ${previous} ${event}`;
const stateJson = (previous: number, event: string) =>
  `{"currentStateName":"s1","version":${DEWEY_JSON},"startTimestamp":100,"previousTimestamp":${previous},` +
  `"previousBufferEntry":${NODE_ID_JSON},"startEventID":${event}}`;

/** Type as it is spelled, its snapshot, bytes, and what they mean. Spelled out from the sources of Flink's serializers. */
const CASES: readonly [string, Snapshot, string, string][] = [
  ['void-namespace', VOID_NAMESPACE, '00', 'null'],
  ['time-window', TIME_WINDOW, 'ffffffffffffffff 0000000000000064', '{"start":-1,"end":100}'],
  [
    'global-window',
    plain(`${STREAMING}api.windowing.windows.GlobalWindow$Serializer$GlobalWindowSerializerSnapshot`),
    '00',
    '"GlobalWindow"',
  ],
  ['ttl<int>', ttl(INT), '000000000000000d 00000007', '{"$ttl":13,"value":7}'],
  ['ttl<string>', ttl(STRING, 'v2.ttl'), '000000000000000d 00', '{"$ttl":13,"value":null}'],
  [
    'string',
    versioned(`${RUNTIME}ttl.TtlAwareSerializerSnapshot`, 1, (sink) => {
      sink.bool(false);
      STRING(sink);
    }),
    '02 61',
    '"a"',
  ],
  [
    'timer<int, time-window>',
    timer(INT, TIME_WINDOW),
    '7fffffffffffffff 00000001 0000000000000002 0000000000000003',
    '{"timestamp":-1,"key":1,"namespace":{"start":2,"end":3}}',
  ],
  [
    'timer<int, void-namespace>',
    timer(INT, VOID_NAMESPACE),
    '8000000000000005 00000001 00',
    '{"timestamp":5,"key":1,"namespace":null}',
  ],
  ['stream-record<string>', element(STRING), '00 0000000000000005 02 61', '{"timestamp":5,"value":"a"}'],
  ['stream-record<string>', element(STRING), '01 02 61', '{"value":"a"}'],
  ['stream-record<string>', element(STRING), '02 0000000000000005', '{"watermark":5}'],
  [
    'stream-record<string>',
    element(STRING),
    '03 0000000000000001 0000000000000002 0000000000000003 00000004',
    '{"markedTime":1,"operatorIdLower":2,"operatorIdUpper":3,"subtaskIndex":4}',
  ],
  ['stream-record<string>', element(STRING), '04 ffffffff', '{"watermarkStatus":-1}'],
  ['stream-record<string>', element(STRING), '05 01', '{"backlog":true}'],
  ['stream-record<string>', element(STRING), '06 00000002 0000000000000005', '{"watermark":5,"subpartitionIndex":2}'],
  ['union<string, long>', union, '01 02 61', '{"one":"a","two":null}'],
  ['union<string, long>', union, '02 0000000000000007', '{"one":null,"two":7}'],
  ['buffer-entry<string>', entry, '01 02 61', '{"element":"a","hasBeenJoined":true}'],

  ['dewey-number', DEWEY, DEWEY_BYTES, DEWEY_JSON],
  ['event-id', EVENT_ID, '00000005 0000000000000009', '{"id":5,"timestamp":9}'],
  ['node-id', NODE_ID, NODE_ID_BYTES, NODE_ID_JSON],
  ['node-id', NODE_ID, '00', 'null'],
  [
    'shared-buffer-edge',
    EDGE,
    `${NODE_ID_BYTES} ${DEWEY_BYTES}`,
    `{"target":${NODE_ID_JSON},"deweyNumber":${DEWEY_JSON}}`,
  ],
  [
    'shared-buffer-node',
    NODE,
    `00000001 00000003 00 ${DEWEY_BYTES}`,
    `{"edges":[{"refCounter":3,"element":{"target":null,"deweyNumber":${DEWEY_JSON}}}]}`,
  ],
  [
    'shared-buffer-node',
    OLD_NODE,
    `00000001 00 ${DEWEY_BYTES}`,
    `{"edges":[{"refCounter":0,"element":{"target":null,"deweyNumber":${DEWEY_JSON}}}]}`,
  ],
  ['lockable<string>', lockable(STRING), '0000000a 02 61', '{"refCounter":10,"element":"a"}'],
  [
    'nfa-state',
    nfaState(2),
    `00000001 ${state('0000000000000065', '01 00000001 0000000000000002')} 00000000`,
    `{"partialMatches":[${stateJson(101, '{"id":1,"timestamp":2}')}],"completedMatches":[]}`,
  ],
  [
    'nfa-state',
    nfaState(2, false),
    `00000000 00000001 ${state('', '00')}`,
    `{"partialMatches":[],"completedMatches":[${stateJson(-1, 'null')}]}`,
  ],
  [
    'nfa-state',
    nfaState(1),
    `00000000 00000001 ${state('', '00')}`,
    `{"partialMatches":[],"completedMatches":[${stateJson(-1, 'null')}]}`,
  ],

  [
    'two-phase-commit<int, string>',
    twoPhase(2, false),
    '0000000c 0000000000000001 00000001 0000000d 0000000000000002 01 02 63',
    '{"pendingTransaction":{"handle":12,"transactionStartTime":1},"pendingCommitTransactions":[{"handle":13,"transactionStartTime":2}],"context":"c"}',
  ],
  [
    'two-phase-commit<int, string>',
    twoPhase(3, true),
    '00 00000000 00',
    '{"pendingTransaction":null,"pendingCommitTransactions":[],"context":null}',
  ],
  [
    'two-phase-commit<int, string>',
    twoPhase(4, false, 'legacy.'),
    '0000000c 0000000000000001 00000000 00',
    '{"pendingTransaction":{"handle":12,"transactionStartTime":1},"pendingCommitTransactions":[],"context":null}',
  ],
  [
    'kafka-transaction',
    plain(`${KAFKA}FlinkKafkaProducer$TransactionStateSerializer$TransactionStateSerializerSnapshot`),
    '01 0002 69 64 0000000000000005 ffff',
    '{"transactionalId":"id","producerId":5,"epoch":-1}',
  ],
  [
    'kafka-context',
    plain(`${KAFKA}FlinkKafkaProducer011$ContextStateSerializer$ContextStateSerializerSnapshot`),
    '00000002 0001 61 0001 62',
    '{"transactionalIds":{"$set":["a","b"]}}',
  ],
  [
    'kafka-id-hint',
    plain(`${KAFKA}FlinkKafkaProducer$NextTransactionalIdHintSerializer$NextTransactionalIdHintSerializerSnapshot`),
    '0000000000000005 00000002',
    '{"lastParallelism":2,"nextFreeTransactionalId":5}',
  ],
  [
    'xa-sink-state',
    versioned(
      'org.apache.flink.connector.jdbc.xa.XaSinkStateSerializer$XaSinkStateSimpleXaTypeSerializerSnapshot',
      3,
      (sink) => sink.i32(1),
    ),
    '00000000 00000001 0000000000000009 00000003 000000c9 02 0102 01 03',
    '{"prepared":[{"checkpointId":9,"xid":{"formatId":201,"globalTransactionId":"AQI=","branchQualifier":"Aw=="},"attempts":3}],"hanging":[]}',
  ],

  ['option<int>?', option(INT), '01 00000007', '7'],
  ['option<int>?', option(INT, SCALA_2), '00', 'null'],
  [
    'either<string, int>',
    composite(`${SCALA}ScalaEitherSerializerSnapshot`, 1, [STRING, INT]),
    '01 02 61',
    '{"left":"a"}',
  ],
  [
    'either<string, int>',
    composite(`${SCALA}ScalaEitherSerializerSnapshot`, 1, [STRING, INT]),
    '00 00000001',
    '{"right":1}',
  ],
  ['try<string>', composite(`${SCALA}ScalaTrySerializerSnapshot`, 2, [STRING, INT]), '01 02 61', '{"success":"a"}'],
  ['try<string>', composite(`${SCALA}ScalaTrySerializerSnapshot`, 2, [STRING, INT]), '00 00000001', '{"failure":1}'],
  ['case-class a.B<string, int>', caseClass('a.B', [STRING, INT]), '02 61 00000001', '["a",1]'],
  ['case-class a.C<int, long>', caseClass('a.C', [INT, LONG], SCALA_2), '00000001 0000000000000002', '[1,2]'],
  ['traversable<int>', traversable(INT), '00000002 01 00000001 00', '[1,null]'],
  ['scala-enum a.Colour {Red, Blue = 7}', scalaEnum, '00000007', '"Blue"'],
  ['unit', plain(`${SCALA}UnitSerializer$UnitSerializerSnapshot`), '00', 'null'],
];

describe("Flink's own types", () => {
  it.each(CASES)('%s', (type, snapshot, bytes, json) => {
    const codec = codecOf(snapshot);
    expect(spellType(codec.type)).toBe(type);
    expect(writeJson(readValue(codec, hex(bytes)))).toBe(json);
    // VoidNamespaceSerializer.getLength() is 0, though it writes a byte.
    checkLaws(type.includes('void-namespace') ? { ...codec, length: -1 } : codec, hex(bytes));
    checkPrefixes(codec, hex(bytes));
  });

  it('refuse or keep changed bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CASES), mutation, ([, snapshot, bytes], [at, to]) =>
        checkMutation(codecOf(snapshot), hex(bytes), at, to),
      ),
      { numRuns: 600 },
    );
  });

  it('a timer orders by its bytes as by its time', () => {
    const codec = codecOf(timer(INT, VOID_NAMESPACE));
    const long = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
    fc.assert(
      fc.property(long, long, (a, b) => {
        const [x, y] = [a, b].map((time) =>
          Buffer.from(
            writeValue(
              codec,
              codec.fromJson(
                new Map([
                  ['timestamp', time],
                  ['key', 1n],
                  ['namespace', null],
                ]),
              ),
            ),
          ),
        );
        expect(Math.sign(Buffer.compare(x, y))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });

  it('fixed lengths', () => {
    expect(codecOf(ttl(INT)).length).toBe(12);
    expect(codecOf(ttl(STRING)).length).toBe(-1);
    expect(codecOf(timer(INT, TIME_WINDOW)).length).toBe(28);
    expect(codecOf(caseClass('a.B', [INT, LONG])).length).toBe(12);
    expect(codecOf(caseClass('a.B', [INT, VOID_NAMESPACE])).length).toBe(-1);
    expect(codecOf(lockable(INT)).length).toBe(-1);
    expect(codecOf(EVENT_ID).length).toBe(12);
  });

  it('a value that is there and null is not one that is missing', () => {
    const nested = codecOf(option(option(INT)));
    for (const bytes of ['00', '01 00', '01 01 00000005']) checkLaws(nested, hex(bytes), { json: bytes.length !== 5 });
    expect(writeJson(readValue(nested, hex('01 00')))).toBe('null');
    checkLaws(codecOf(twoPhase(4, true, '', VOID)), hex('00 00000000 01 00'), { json: false });
  });

  it('hashes Scala tuples as Scala 2.12 does', () => {
    // Read off scala-library 2.12.7.
    const pair = codecOf(caseClass('scala.Tuple2', [STRING, INT]));
    expect(pair.hash?.(['a', 1])).toBe(128003929);
    const longs = codecOf(caseClass('scala.Tuple2', [LONG, LONG]));
    expect(longs.hash?.([-1n, 1n << 40n])).toBe(688563393);
    const doubles = codecOf(caseClass('scala.Tuple2', [simple('DoubleSerializer'), simple('FloatSerializer')]));
    expect(doubles.hash?.([2.5, -3])).toBe(648327286);
    expect(doubles.hash?.([1e20, 0.1])).toBe(1021286157);
    expect(doubles.hash?.([2 ** 63, -0])).toBe(258101219);
    expect(codecOf(caseClass('a.B', [INT])).hash).toBeUndefined();
  });

  it.each([
    ['a record where a field is missing', timer(INT, INT), '{"timestamp":1,"key":1}', 'namespace'],
    ['a field that is not there', EVENT_ID, '{"id":1,"timestamp":2,"x":3}', 'x'],
    ['both alternatives', union, '{"one":"a","two":1}', 'either'],
    ['a constant that is not there', scalaEnum, '"Green"', 'Red, Blue'],
    ['too few fields', caseClass('a.B', [INT, INT]), '[1]', '2 fields'],
    ['an int that is too large', EVENT_ID, '{"id":2147483648,"timestamp":2}', 'does not fit'],
  ])('refuse %s', (_, snapshot, json, message) => {
    expect(() => codecOf(snapshot).fromJson(parseJson(json))).toThrow(message);
  });

  it.each([
    ['a tag of a stream element', element(STRING), '07', 'tags 0 to 6'],
    ['a tag of a union', union, '03', 'tag 1 or 2'],
    ['an id of an enumeration', scalaEnum, '00000001', 'no value with the id 1'],
    ['a count', DEWEY, '7fffffff', 'announced'],
  ])('refuse %s that no writer makes', (_, snapshot, bytes, message) => {
    expect(() => readValue(codecOf(snapshot), hex(bytes))).toThrow(message);
  });
});
