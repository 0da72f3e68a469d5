import type { EntrySelection, NewValue, PlanStep, RawTarget, StateReference } from './plan';
import { bytesOf, jsonOf, namesOf, PlanFields, positionOf, timeOf } from './planFields';
import type { PlanValue } from './planText';

export type WithoutPlace<S> = S extends PlanStep ? Omit<S, 'place'> : never;
/** A step of a plan file may be several of the plan: one for each of the names that it gives. */
export type StepReader = (value: PlanValue) => WithoutPlace<PlanStep>[];

const STATE = ['operator', 'state', 'of'] as const;
const PARTS = ['key', 'namespace', 'mapKey', 'timestamp', 'subtask', 'index'] as const;
const SELECTION = [...PARTS, 'where'] as const;
const BYTES = ['hex', 'base64'] as const;

/** Readers of the steps that change what a state holds. */
export const STATE_STEPS: Readonly<Record<string, StepReader>> = {
  removeState: (value) => {
    const fields = new PlanFields(value, STATE);
    const reference = referenceOf(fields);
    return namesOf(fields.need('state')).map((state) => ({ kind: 'removeState', ...reference, state }));
  },
  renameState: (value) => {
    const fields = new PlanFields(value, [...STATE, 'to', 'states']);
    const states = fields.field('states');
    if (states === undefined) return [{ kind: 'renameState', ...stateOf(fields), to: fields.need('to').string() }];
    if (fields.has('state') || fields.has('to')) {
      throw states.error('Either one state with "state" and "to", or several with "states".');
    }
    const reference = referenceOf(fields);
    return namesToNames(states).map(([state, to]) => ({ kind: 'renameState', ...reference, state, to }));
  },
  put: (value) => {
    const fields = new PlanFields(value, [...STATE, ...PARTS, 'value', 'ttl']);
    return [
      {
        kind: 'put',
        ...stateOf(fields),
        ...partsOf(fields),
        ...fields.some(['value'], jsonOf),
        ...fields.some(['ttl'], timeOf),
      },
    ];
  },
  delete: (value) => {
    const fields = new PlanFields(value, [...STATE, ...SELECTION]);
    const selection = selectionOf(fields);
    if (Object.keys(selection).length === 0) {
      throw value.error(
        `It must say which entries: one of ${SELECTION.map((name) => `"${name}"`).join(', ')}.`,
        'removeState removes all of a state.',
      );
    }
    return [{ kind: 'delete', ...stateOf(fields), ...selection }];
  },
  update: (value) => {
    const fields = new PlanFields(value, [...STATE, ...SELECTION, 'set']);
    return [{ kind: 'update', ...stateOf(fields), ...selectionOf(fields), set: newValue(fields.need('set')) }];
  },
  setBytes: (value) => {
    const fields = new PlanFields(value, ['what', ...STATE, ...SELECTION, 'name', 'partition', 'keyGroup', ...BYTES]);
    const what = fields.field('what');
    if (what !== undefined) return [{ kind: 'setRawBytes', target: rawTarget(what, value), bytes: bytesOf(fields) }];
    const entries = new PlanFields(value, [...STATE, ...SELECTION, ...BYTES]);
    const selection = selectionOf(entries);
    if (Object.keys(selection).length === 0) throw value.error('It must say which entries, by a key or by "where".');
    return [{ kind: 'setBytes', ...stateOf(entries), ...selection, bytes: bytesOf(entries) }];
  },
};

/** What the command `raw` calls it. */
function rawTarget(what: PlanValue, step: PlanValue): RawTarget {
  switch (what.string()) {
    case 'coordinator':
      return {
        what: 'coordinator',
        operator: new PlanFields(step, ['what', 'operator', ...BYTES]).need('operator').string(),
      };
    case 'master':
      return { what: 'master', name: new PlanFields(step, ['what', 'name', ...BYTES]).need('name').string() };
    case 'raw-operator': {
      const fields = new PlanFields(step, ['what', 'operator', 'subtask', 'partition', ...BYTES]);
      const [subtask, partition] = [positionOf(fields.need('subtask')), positionOf(fields.need('partition'))];
      return { what: 'raw-operator', operator: fields.need('operator').string(), subtask, partition };
    }
    case 'raw-keyed': {
      const fields = new PlanFields(step, ['what', 'operator', 'keyGroup', ...BYTES]);
      return {
        what: 'raw-keyed',
        operator: fields.need('operator').string(),
        keyGroup: positionOf(fields.need('keyGroup')),
      };
    }
    default:
      throw what.error('Expected "coordinator", "master", "raw-operator" or "raw-keyed".');
  }
}

function referenceOf(fields: PlanFields): Omit<StateReference, 'state'> {
  const operator = fields.need('operator').string();
  const of = fields.field('of');
  if (of === undefined) return { operator };
  const text = of.string();
  if (text !== 'keyed' && text !== 'operator') throw of.error('Expected "keyed" or "operator".');
  return { operator, of: text };
}

const stateOf = (fields: PlanFields): StateReference => ({
  ...referenceOf(fields),
  state: fields.need('state').string(),
});

/** `{"old": "new", …}`. */
function namesToNames(value: PlanValue): [string, string][] {
  const { json } = value;
  const pairs = json instanceof Map ? [...json] : [];
  if (pairs.length === 0) throw value.error('Expected an object of the names that are, with the names to be.');
  return pairs.map(([from, to]) => {
    if (typeof to === 'string' && to !== '') return [from, to];
    throw value.innermost([from]).error('Expected a string that is not empty.');
  });
}

const partsOf = (fields: PlanFields) => ({
  ...fields.some(['key', 'namespace', 'mapKey'], jsonOf),
  ...fields.some(['timestamp'], timeOf),
  ...fields.some(['subtask', 'index'], positionOf),
});

const selectionOf = (fields: PlanFields): EntrySelection => ({
  ...partsOf(fields),
  ...fields.some(['where'], (value) => value.string()),
});

function newValue(value: PlanValue): NewValue {
  if (value.isString) return { kind: 'whole', expression: value.string() };
  const { json } = value;
  if (!(json instanceof Map) || json.size === 0) {
    throw value.error('Expected an expression, or an object of fields with an expression each.');
  }
  return { kind: 'fields', expressions: [...json] };
}
