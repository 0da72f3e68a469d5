import { decodeBase64 } from '../../json/base64';
import { VARIABLE } from '../codec';
import { arrayFrom, badValue, inside, objectFrom, stringFrom } from '../jsonInput';
import { RecordValue } from '../values';
import { booleanShape, intShape, longShape, stringShape } from './basic';
import { enumCodec } from './enums';
import { listOf, optional, type Part, RecordPart } from './fields';

/**
 * What a CEP operator of Flink 1.3 to 1.5 kept under each key: the whole NFA in one value. Later versions read it once, when
 * they restore such a snapshot (`NFA.NFASerializer`, `SharedBuffer.SharedBufferSerializer` and `MigrationUtils` of 1.6 to 1.20).
 */

/** `i4 length`, bytes: a condition of the job, as Java serialized it. */
const CONDITION: Part<Uint8Array> = {
  length: VARIABLE,
  read: (cursor) => cursor.bytes4('condition').slice(),
  skip: (cursor) => void cursor.bytes4('condition'),
  write: (sink, value) => sink.bytes4(value),
  fromJson: (json) => decodeBase64(stringFrom(json, 'bytes as base64')),
};

const STATE = new RecordPart('state', [
  { name: 'name', part: stringShape },
  {
    name: 'stateType',
    part: enumCodec('org.apache.flink.cep.nfa.State$StateType', ['Start', 'Final', 'Normal', 'Stop'], ''),
  },
]);

/** The transitions of one state, each of which names it again. */
const TRANSITIONS = new RecordPart('list of transitions', [
  { name: 'state', part: stringShape },
  {
    name: 'transitions',
    part: listOf(
      new RecordPart('transition', [
        { name: 'source', part: stringShape },
        { name: 'target', part: stringShape },
        {
          name: 'action',
          part: enumCodec('org.apache.flink.cep.nfa.StateTransitionAction', ['TAKE', 'IGNORE', 'PROCEED'], ''),
        },
        { name: 'condition', part: optional(CONDITION, 'condition') },
      ]),
      'transitions',
    ),
  },
]);

const STATES_AND_TRANSITIONS = ['states', 'transitions'];

/** `i4 n`, n states, then the transitions of n states, which have no count of their own. */
const GRAPH: Part<RecordValue> = {
  length: VARIABLE,
  read: (cursor) => {
    const n = cursor.count('states');
    const states = Array.from({ length: n }, () => STATE.read(cursor));
    return new RecordValue(STATES_AND_TRANSITIONS, [states, Array.from({ length: n }, () => TRANSITIONS.read(cursor))]);
  },
  skip: (cursor) => {
    const n = cursor.count('states');
    for (let i = 0; i < n; i++) STATE.skip(cursor);
    for (let i = 0; i < n; i++) TRANSITIONS.skip(cursor);
  },
  write: (sink, { values }) => {
    const [states, transitions] = values as [RecordValue[], RecordValue[]];
    sink.i32(states.length);
    for (const state of states) STATE.write(sink, state);
    for (const one of transitions) TRANSITIONS.write(sink, one);
  },
  fromJson: (json) => {
    const object = objectFrom(json, 'states and their transitions');
    const [states, transitions] = STATES_AND_TRANSITIONS.map((name, i) =>
      inside(name, () =>
        arrayFrom(object.get(name) ?? null, 'a list').map((item, at) =>
          inside(`[${at}]`, () => (i === 0 ? STATE : TRANSITIONS).fromJson(item)),
        ),
      ),
    );
    if (states.length !== transitions.length)
      throw badValue(`${states.length} states have ${transitions.length} lists of transitions.`);
    return new RecordValue(STATES_AND_TRANSITIONS, [states, transitions]);
  },
};

/**
 * `SharedBuffer`: pages of the events that a state took, each with a timestamp, a counter that tells apart equal events, and the
 * number of references to it; then edges between entries, numbered through all pages (target -1: none).
 */
export function oldSharedBuffer(key: Part, event: Part, version: Part): RecordPart {
  const entry = new RecordPart('entry', [
    { name: 'value', part: event },
    { name: 'timestamp', part: longShape },
    { name: 'counter', part: intShape },
    { name: 'referenceCounter', part: intShape },
  ]);
  const page = new RecordPart('page', [
    { name: 'key', part: key },
    { name: 'entries', part: listOf(entry, 'entries') },
  ]);
  const edge = new RecordPart('edge', [
    { name: 'source', part: intShape },
    { name: 'target', part: intShape },
    { name: 'version', part: version },
  ]);
  return new RecordPart('shared buffer', [
    { name: 'pages', part: listOf(page, 'pages') },
    { name: 'edges', part: listOf(edge, 'edges') },
  ]);
}

/** `NFA`: states and transitions, `i8` window time, `bool` whether timeouts are handled, shared buffer, computation states. */
export function oldNfa(event: Part, sharedBuffer: Part, version: Part): RecordPart {
  const computationState = new RecordPart('computation state', [
    { name: 'state', part: stringShape },
    { name: 'previousState', part: stringShape },
    { name: 'timestamp', part: longShape },
    { name: 'version', part: version },
    { name: 'startTimestamp', part: longShape },
    { name: 'counter', part: intShape },
    { name: 'event', part: optional(event, 'event') },
  ]);
  return new RecordPart('NFA', [
    { name: 'graph', part: GRAPH },
    { name: 'windowTime', part: longShape },
    { name: 'handleTimeout', part: booleanShape },
    { name: 'sharedBuffer', part: sharedBuffer },
    { name: 'computationStates', part: listOf(computationState, 'computation states') },
  ]);
}
