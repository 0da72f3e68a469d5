import type { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import { VARIABLE } from '../codec';
import type { SerializerFactory, TypeFamily } from '../family';
import { inside, objectFrom } from '../jsonInput';
import type { TypeInfo } from '../typeInfo';
import { RecordValue } from '../values';
import { intShape, longShape, stringShape } from './basic';
import { oldNfa, oldSharedBuffer } from './cepBefore16';
import { codecOf, type Field, listOf, optional, type Part, RecordPart } from './fields';
import { composite, compositeWith, serializerWith, simple } from './snapshotForms';

/**
 * Serializers of `flink-cep`. Their Java-serialized forms of up to 1.6 hold nothing that the snapshot needs: the nested
 * serializers are always the same.
 */

/** `DeweyNumber`: `i4 n, n x i4`. */
const DEWEY_NUMBER = new RecordPart('Dewey number', [{ name: 'deweyNumber', part: listOf(intShape, 'digits') }]);

/** `EventId`: `i4 id, i8 timestamp` in milliseconds. */
const EVENT_ID = new RecordPart('event id', [
  { name: 'id', part: intShape },
  { name: 'timestamp', part: longShape },
]);

/** `NodeId`: one byte, 0 for null; else 1, the event id and the page (state) name as a StringValue. */
const NODE_ID = optional(
  new RecordPart(
    'node id',
    [
      { name: 'eventId', part: EVENT_ID },
      { name: 'pageName', part: stringShape },
    ],
    ['pageName', 'eventId'],
  ),
  'node id',
);

/** `SharedBufferEdge`: target node, then version. */
const EDGE = new RecordPart('edge', [
  { name: 'target', part: NODE_ID },
  { name: 'deweyNumber', part: DEWEY_NUMBER },
]);

/** `Lockable`: `i4` reference counter, then the element. */
function lockableOf(element: Part): Part<RecordValue> {
  return new RecordPart('lockable', [
    { name: 'refCounter', part: intShape },
    { name: 'element', part: element },
  ]);
}

/** `SharedBufferNode` since 1.13 (`SharedBufferNodeSerializerSnapshotV2`): `i4 n`, n lockable edges. */
const NODE = new RecordPart('shared buffer node', [{ name: 'edges', part: listOf(lockableOf(EDGE), 'edges') }]);

/** `SharedBufferNode` up to 1.12: `i4 n`, n edges without counters. Flink reads each with the counter 0. */
const NODE_WITHOUT_COUNTERS = new RecordPart('shared buffer node', [
  { name: 'edges', part: listOf(uncounted(EDGE), 'edges') },
]);

function uncounted(element: Part<RecordValue>): Part<RecordValue> {
  const names = ['refCounter', 'element'];
  return {
    length: VARIABLE,
    read: (cursor) => new RecordValue(names, [0, element.read(cursor)]),
    skip: (cursor) => element.skip(cursor),
    write: (sink, value) => element.write(sink, value.values[1] as RecordValue),
    fromJson: (json) => {
      const given = objectFrom(json, 'a lockable').get('element') ?? null;
      return new RecordValue(names, [0, inside('element', () => element.fromJson(given))]);
    },
  };
}

/** A field without bytes: the snapshot is of a time before the field. */
function absent(value: unknown): Part {
  return { length: 0, read: () => value, skip: () => undefined, write: () => undefined, fromJson: () => value };
}

/**
 * `NFAState`: the partial matches, then the completed ones, each `i4 n` and n computation states: state name as a StringValue,
 * `NodeId`, `DeweyNumber`, `i8` start, `i8` previous timestamp (outer version 2, since 1.16, and there only if the snapshot
 * says so), one byte and the `EventId` of the start event where that byte is 1.
 */
function nfaStatePart(withPreviousTimestamp: boolean): Part<RecordValue> {
  const stored: Field[] = [
    { name: 'currentStateName', part: stringShape },
    { name: 'previousBufferEntry', part: NODE_ID },
    { name: 'version', part: DEWEY_NUMBER },
    { name: 'startTimestamp', part: longShape },
    { name: 'previousTimestamp', part: withPreviousTimestamp ? longShape : absent(-1n) },
    { name: 'startEventID', part: optional(EVENT_ID, 'start event') },
  ];
  const shown = [
    'currentStateName',
    'version',
    'startTimestamp',
    'previousTimestamp',
    'previousBufferEntry',
    'startEventID',
  ];
  const states = listOf(new RecordPart('computation state', stored, shown), 'computation states');
  return new RecordPart('NFA state', [
    { name: 'partialMatches', part: states },
    { name: 'completedMatches', part: states },
  ]);
}

const fixed =
  (name: string, part: Part) =>
  (serializer: string): Codec =>
    codecOf({ name, serializer }, part);

const deweyNumber = fixed('dewey-number', DEWEY_NUMBER);
const eventId = fixed('event-id', EVENT_ID);
const nodeId = fixed('node-id', NODE_ID);
const edge = fixed('shared-buffer-edge', EDGE);
const node = fixed('shared-buffer-node', NODE);
const oldNode = fixed('shared-buffer-node', NODE_WITHOUT_COUNTERS);
const nfaState = fixed('nfa-state', nfaStatePart(true));
const oldNfaState = fixed('nfa-state', nfaStatePart(false));

function lockable([element]: Codec[], serializer: string): Codec {
  const type: TypeInfo = { name: 'lockable', arguments: [element.type], serializer };
  // LockableTypeSerializer.getLength() is -1 even where the element's length is fixed.
  return { ...codecOf(type, lockableOf(element)), length: VARIABLE };
}

const sharedBuffer = ([key, event, version]: Codec[], serializer: string): Codec =>
  codecOf(
    { name: 'shared-buffer', arguments: [event.type], serializer },
    oldSharedBuffer(key, event, version ?? DEWEY_NUMBER),
  );

const nfa = ([event, buffer]: Codec[], serializer: string): Codec =>
  codecOf({ name: 'nfa', arguments: [event.type], serializer }, oldNfa(event, buffer, DEWEY_NUMBER));

const NFA = 'org.apache.flink.cep.nfa.';
const BUFFER = `${NFA}sharedbuffer.`;

const byName =
  (make: (serializer: string) => Codec): SerializerFactory =>
  (input) =>
    make(input.className);

const readsPreviousTimestamp = (version: number, cursor: Cursor): boolean =>
  version >= 2 && cursor.bool('flag of previous timestamps');

export const cep: TypeFamily = {
  snapshots: {
    [`${NFA}DeweyNumber$DeweyNumberSerializer$DeweyNumberSerializerSnapshot`]: simple(deweyNumber),
    [`${BUFFER}EventId$EventIdSerializer$EventIdSerializerSnapshot`]: simple(eventId),
    [`${BUFFER}NodeId$NodeIdSerializer$NodeIdSerializerSnapshot`]: composite(1, 1, (_, name) => nodeId(name)),
    [`${BUFFER}SharedBufferEdge$SharedBufferEdgeSerializer$SharedBufferEdgeSerializerSnapshot`]: composite(
      2,
      1,
      (_, name) => edge(name),
    ),
    [`${BUFFER}SharedBufferNode$SharedBufferNodeSerializer$SharedBufferNodeSerializerSnapshot`]: composite(
      1,
      1,
      (_, name) => oldNode(name),
    ),
    [`${BUFFER}SharedBufferNodeSerializerSnapshotV2`]: composite(1, 1, (_, name) => node(name)),
    [`${BUFFER}LockableTypeSerializerSnapshot`]: composite(1, 1, lockable),
    [`${NFA}NFAStateSerializerSnapshot`]: compositeWith(2, 3, readsPreviousTimestamp, (_, previous, name) =>
      previous ? nfaState(name) : oldNfaState(name),
    ),
    [`${NFA}NFA$MigratedNFASerializerSnapshot`]: composite(2, 2, nfa),
    [`${NFA}SharedBuffer$SharedBufferSerializerSnapshot`]: composite(3, 2, sharedBuffer),
  },
  serializers: {
    [`${NFA}DeweyNumber$DeweyNumberSerializer`]: byName(deweyNumber),
    [`${BUFFER}EventId$EventIdSerializer`]: byName(eventId),
    [`${BUFFER}NodeId$NodeIdSerializer`]: byName(nodeId),
    [`${BUFFER}SharedBufferEdge$SharedBufferEdgeSerializer`]: byName(edge),
    [`${BUFFER}SharedBufferNode$SharedBufferNodeSerializer`]: byName(oldNode),
    [`${BUFFER}Lockable$LockableTypeSerializer`]: serializerWith(['elementSerializer'], lockable),
    [`${NFA}NFAStateSerializer`]: byName(oldNfaState),
    [`${NFA}NFA$NFASerializer`]: serializerWith(['eventSerializer', 'sharedBufferSerializer'], nfa),
    [`${NFA}SharedBuffer$SharedBufferSerializer`]: serializerWith(
      ['keySerializer', 'valueSerializer', 'versionSerializer'],
      sharedBuffer,
    ),
  },
};
