import { describe, expect, it } from 'vitest';
import type { OperatorDescription, SnapshotDescription } from '../../../src/engine/description';
import { describeSnapshot } from '../../../src/engine/inspect';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { BACK, CANCEL } from '../../../src/forms/asker';
import { bootstrapForm } from '../../../src/forms/bootstrapForm';
import { copyForm } from '../../../src/forms/copyForm';
import { entryStep } from '../../../src/forms/entryStep';
import { exportForm } from '../../../src/forms/exportForm';
import type { ModifySubject } from '../../../src/forms/modifyChanges';
import { modifyForm } from '../../../src/forms/modifyForm';
import { rescaleForm } from '../../../src/forms/rescaleForm';
import { jsonText, type PlanStepJson, planText } from '../../../src/plan/planText';
import { inEnglish } from '../../../src/view/translate';
import { fixture } from '../../engine/plan/harness';
import { scripted } from './script';

const bank = await describeSnapshot(fixture('2.3-bank-heap-canonical'), nodeFileStore);

function operator(uid: string): OperatorDescription {
  const found = bank.operators.find((o) => o.uid === uid);
  if (found === undefined) throw new Error(`There is no operator ${uid}.`);
  return found;
}

/** What a form made, as a plan holds it; it must be one that the engine reads. */
function text(step: PlanStepJson | null): string | null {
  if (step === null) return null;
  expect(readPlan(planText({ from: 'x', steps: [step], comment: ['c'] }), 'a form').steps).toHaveLength(1);
  return jsonText(step).replaceAll(/\s+/g, ' ');
}

const subject = (more: Partial<ModifySubject> = {}): ModifySubject => ({
  snapshot: bank,
  operator: null,
  state: null,
  otherSnapshot: async () => null,
  ...more,
});

describe('modify', () => {
  const modify = async (person: ReturnType<typeof scripted>, more: Partial<ModifySubject> = {}) =>
    text(await modifyForm(subject(more), person.asker, inEnglish));

  it('puts a value, shown as one of its type may look', async () => {
    const person = scripted(
      'Put an entry',
      'Accounts',
      'balance',
      'user-1',
      'nonsense',
      '{"amount": 1.5, "updatedAt": 9007199254740993}',
    );
    expect(await modify(person)).toBe(
      '{ "put": { "operator": "accounts", "state": "balance", "key": "user-1", "value": { "amount": 1.5, "updatedAt": 9007199254740993 } } }',
    );
    const value = person.asked.at(-1);
    expect(value?.offered).toEqual(['{ "amount": 0.0, "updatedAt": 0 }']);
    expect(value?.complaints).toHaveLength(1);
    expect(person.asked.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  it('asks for the namespace where there is one, and for the key in a map', async () => {
    const windows = scripted(
      'Put an entry',
      'Hourly sums',
      'window-contents',
      'u',
      '{"start": 0, "end": 3600000}',
      '["DEPOSIT", 1]',
    );
    expect(await modify(windows)).toContain('"namespace": { "start": 0, "end": 3600000 }, "value": ["DEPOSIT", 1]');
    const map = scripted('Put an entry', 'Accounts', 'counters', 'u', 'clicks', '7');
    expect(await modify(map)).toContain('"key": "u", "mapKey": "clicks", "value": 7');
    const whole = scripted('Put an entry', 'Accounts', 'counters', 'u', '', '{"a": 7}');
    expect(await modify(whole)).toContain('"key": "u", "value": { "a": 7 }');
  });

  it('begins with what was chosen in a menu, and offers only what fits it', async () => {
    const accounts = operator('accounts');
    const state = accounts.states.find(({ name }) => name === 'total') ?? null;
    const person = scripted('Rename a state', '', 'sum');
    expect(await modify(person, { operator: accounts, state })).toBe(
      '{ "renameState": { "operator": "accounts", "state": "total", "to": "sum" } }',
    );
    expect(person.asked[0]?.offered).not.toContain('Remove an operator');
    const stateless = bank.operators.find((o) => o.states.length === 0) ?? null;
    const other = scripted('Remove an operator');
    expect(await modify(other, { operator: stateless })).toMatch(/^\{ "removeOperator": "/);
    expect(other.asked[0]?.offered).toEqual(['Change an operator’s uid', 'Remove an operator']);
  });

  it('updates a field of all that match, and deletes those of a key', async () => {
    const update = scripted(
      'Update entries',
      'Accounts',
      'balance',
      'Those that match an expression',
      'value.amount < 0.0',
      'amount',
      '0.0',
    );
    expect(await modify(update)).toBe(
      '{ "update": { "operator": "accounts", "state": "balance", "where": "value.amount < 0.0", "set": { "amount": "0.0" } } }',
    );
    const whole = scripted('Update entries', 'Accounts', 'total', 'All entries of the state', 'value + 1');
    expect(await modify(whole)).toBe('{ "update": { "operator": "accounts", "state": "total", "set": "value + 1" } }');
    const gone = scripted('Delete entries', 'Accounts', 'total', 'Those of one key', 'u');
    expect(await modify(gone)).toBe('{ "delete": { "operator": "accounts", "state": "total", "key": "u" } }');
  });

  it('forgets what a person went back from', async () => {
    const person = scripted(
      ...['Delete entries', 'Accounts', 'total', 'Those of one key'],
      BACK,
      ...['Those that match an expression', "key == 'u'"],
    );
    expect(await modify(person)).toBe(
      `{ "delete": { "operator": "accounts", "state": "total", "where": "key == 'u'" } }`,
    );
    expect(person.asked.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 4, 5]);
  });

  it('knows what entries of timers and of operator state have', async () => {
    const timer = scripted('Put an entry', 'Accounts', '_timer_state/event_user-timers', 'u', 'soon', '1700000000000');
    expect(await modify(timer)).toContain('"key": "u", "timestamp": 1700000000000 }');
    const later = scripted(
      ...[
        'Update entries',
        'Accounts',
        '_timer_state/event_user-timers',
        'All entries of the state',
        'timestamp + 1000',
      ],
    );
    expect(await modify(later)).toContain('"set": { "timestamp": "timestamp + 1000" }');
    const element = scripted('Put an entry', 'Accounts', 'pending', '7');
    expect(await modify(element)).toBe('{ "put": { "operator": "accounts", "state": "pending", "value": 7 } }');
    const rate = scripted('Put an entry', 'Rates', 'rates', 'EUR', '{"currency": "EUR", "perEuro": 1.0}');
    expect(await modify(rate)).toContain('"mapKey": "EUR", "value": { "currency": "EUR", "perEuro": 1.0 }');
    const gone = scripted('Delete entries', 'Accounts', 'pending', 'Those that match an expression', 'value > 3');
    expect(await modify(gone)).toBe(
      '{ "delete": { "operator": "accounts", "state": "pending", "where": "value > 3" } }',
    );
    expect(gone.asked[3]?.offered).not.toContain('Those of one key');
  });

  it('copies an operator of another snapshot, which the person chooses', async () => {
    const other = async () => ({ from: '../other', snapshot: bank });
    const person = scripted('Copy an operator from another snapshot', 'Rates', 'rates-2');
    expect(await modify(person, { otherSnapshot: other })).toBe(
      '{ "copyOperator": { "from": "../other", "operator": "rates", "uid": "rates-2" } }',
    );
    const back = scripted('Copy an operator from another snapshot', 'Set the checkpoint id', 'x', '12');
    expect(await modify(back)).toBe('{ "setCheckpointId": 12 }');
  });

  it('ends when the person leaves', async () => {
    expect(await modify(scripted('Put an entry', CANCEL))).toBeNull();
    expect(await modify(scripted(BACK, 'Set the checkpoint id', '5'))).toBe('{ "setCheckpointId": 5 }');
  });

  it('takes text that stands in quotes as JSON, other text of a string as it is', async () => {
    const put = async (key: string) => await modify(scripted('Put an entry', 'Accounts', 'total', key, '1'));
    expect(await put('12')).toContain('"key": "12"');
    expect(await put('"a\\nb"')).toContain('"key": "a\\nb"');
    expect(await put('')).toContain('"key": ""');
    const long = scripted('Put an entry', 'Orders', 'amount', 'x', '9007199254740993', '1.0');
    expect(await modify(long)).toContain('"key": 9007199254740993');
  });
});

describe('rescale', () => {
  const rescale = async (
    person: ReturnType<typeof scripted>,
    operators = bank.operators,
    chosen: OperatorDescription | null = null,
  ) => text(await rescaleForm({ operators, chosen }, person.asker, inEnglish));
  const all = bank.operators.map((o) => o.name ?? '');

  it('is about all operators or those that are chosen', async () => {
    expect(await rescale(scripted(all, '8', '1024'))).toBe(
      '{ "rescale": { "parallelism": 8, "maxParallelism": 1024 } }',
    );
    const one = scripted('Accounts', '', '1024');
    expect(await rescale(one, bank.operators, operator('accounts'))).toBe(
      '{ "rescale": { "maxParallelism": 1024, "operators": ["accounts"] } }',
    );
    expect(one.asked[0]?.offered).toEqual(['Accounts']);
  });

  it('wants a change, and one that can be', async () => {
    const person = scripted(all, '0', '200', '100', '', '40000', '1024');
    expect(await rescale(person)).toBe('{ "rescale": { "parallelism": 200, "maxParallelism": 1024 } }');
    expect(person.asked[1]?.complaints).toEqual(['A whole number from 1 to 32768 is wanted.']);
    expect(person.asked[2]?.complaints).toEqual([
      'The parallelism 200 must not be larger than the max parallelism 100.',
      'The parallelism 200 must not be larger than the max parallelism 128.',
      'A whole number from 1 to 32768 is wanted.',
    ]);
    const nothing = scripted(all, '', '', '64');
    expect(await rescale(nothing)).toBe('{ "rescale": { "maxParallelism": 64 } }');
    expect(nothing.asked[2]?.complaints).toEqual(['Give one of the two: nothing would change.']);
  });
});

describe('copy', () => {
  it('asks for the version and what to do', async () => {
    const person = scripted('metadata version 4', 'Copy Now…');
    const file = { path: 'a', location: 'a', bytes: 1, found: true, moved: false, actualBytes: null };
    expect(await copyForm({ ...bank, files: [file] }, person.asker, inEnglish)).toEqual({
      metadataVersion: 4,
      outcome: 'copy',
    });
    expect(person.asked[0]?.offered).not.toContain('metadata version 2');
    const plan = scripted('As it is', 'Write a Plan');
    expect(await copyForm({ ...bank, files: [] }, plan.asker, inEnglish)).toEqual({
      metadataVersion: null,
      outcome: 'plan',
    });
    expect(plan.asked[0]?.offered).toContain('metadata version 2');
    expect(await copyForm(bank, scripted(CANCEL).asker, inEnglish)).toBeNull();
  });
});

describe('bootstrap', () => {
  const columns = [
    { name: 'user_id', type: 'string', samples: ['u1'] },
    { name: 'a limit', type: 'long', samples: ['1', '2'] },
  ];
  const bootstrap = async (
    person: ReturnType<typeof scripted>,
    operators: OperatorDescription[] = [],
    chosen: OperatorDescription | null = null,
  ) => {
    const subject = { data: 'limits.csv', columns, operators, chosen, isNew: false };
    return text((await bootstrapForm(subject, person.asker, inEnglish))?.step ?? null);
  };

  it('asks which Flink is to read a snapshot that is made from nothing', async () => {
    const person = scripted(
      ...['Flink 1.16 to 1.20', 'limits', '1', '128', 'user_id', 'string'],
      ...['limit', 'value', 'a limit', 'long', 'Show the Plan'],
    );
    const subject = { data: 'limits.csv', columns, operators: [], chosen: null, isNew: true };
    expect((await bootstrapForm(subject, person.asker, inEnglish))?.metadataVersion).toBe(4);
  });

  it('makes an operator from columns', async () => {
    const person = scripted(
      ...['', 'limits', '4', '3', '128', 'user_id', 'string'],
      ...['limit', 'value', 'a limit', 'long', 'Show the Plan'],
    );
    expect(await bootstrap(person)).toBe(
      '{ "bootstrap": { "operator": { "uid": "limits", "parallelism": 4, "maxParallelism": 128 }, "data": "limits.csv", ' +
        '"key": { "type": "string", "value": "row.user_id" }, ' +
        '"states": [{ "name": "limit", "kind": "value", "type": "long", "value": "row[\\"a limit\\"]" }] } }',
    );
    expect(person.asked.find(({ prompt }) => prompt.startsWith('Max'))?.complaints).toEqual([
      'The parallelism 4 must not be larger than the max parallelism 3.',
    ]);
  });

  it('adds states to an operator, whose key has a type already', async () => {
    const person = scripted(
      ...[
        'An expression…',
        'row.user_id + "x"',
        'tags',
        'map',
        'user_id',
        'string',
        'a limit',
        'long',
        'Another State…',
      ],
      ...['tags', 'seen', 'list', 'user_id', 'string', BACK, 'string', 'Show the Plan'],
    );
    const made = await bootstrap(person, bank.operators, operator('accounts'));
    expect(made).toContain('"operator": "accounts"');
    expect(made).toContain('"key": "row.user_id + \\"x\\""');
    expect(made).toContain('"kind": "map", "type": ["string", "long"], "mapKey": "row.user_id"');
    expect(made).toContain('{ "name": "seen", "kind": "list", "type": "string", "value": "row.user_id" }');
    expect(person.asked.find(({ complaints }) => complaints.length > 0)?.complaints).toEqual([
      'There is a state of this name already.',
    ]);
  });

  it.each(['reducing', 'aggregating'])('makes state of the kind %s', async (kind) => {
    const person = scripted(
      ...['limits', '1', '128', 'user_id', 'string', 'sum', kind, 'a limit', 'long', 'Show the Plan'],
    );
    expect(await bootstrap(person)).toContain(`{ "name": "sum", "kind": "${kind}", "type": "long", "value"`);
  });

  it('knows namespaces, time-to-live and timers', async () => {
    const person = scripted(
      ...['limits', '1', '128', 'user_id', 'string', 'limit', 'value', 'a limit', 'long'],
      ...['Time-to-Live of limit…', 'An expression…', 'int(row.seen)'],
      ...['Namespace of limit…', 'user_id', 'string', BACK, 'time-window', 'A Timer…'],
      ...[
        '',
        'user-timers',
        'Event time',
        'a limit',
        'Namespace of user-timers…',
        'user_id',
        'string',
        'Show the Plan',
      ],
    );
    const made = await bootstrap(person);
    expect(made).toContain(
      '"value": "row[\\"a limit\\"]", "namespace": { "type": "time-window", "value": "row.user_id" }, "ttl": "int(row.seen)"',
    );
    expect(made).toContain(
      '"timers": [ { "service": "user-timers", "domain": "event", "timestamp": "row[\\"a limit\\"]", ' +
        '"namespace": { "type": "string", "value": "row.user_id" } } ]',
    );
  });

  it('takes a namespace back with its question', async () => {
    const person = scripted(
      ...['limits', '1', '128', 'user_id', 'string', 'limit', 'value', 'a limit', 'long'],
      ...['Namespace of limit…', 'user_id', 'string', 'A Timer…', BACK, BACK, BACK, BACK, 'Show the Plan'],
    );
    const made = await bootstrap(person);
    expect(made).not.toContain('namespace');
    expect(made).not.toContain('timers');
  });

  it('takes a state back with its last question', async () => {
    const person = scripted(
      ...['limits', '1', '128', 'user_id', 'string', 'limit', 'value', 'a limit', 'long', 'Another State…'],
      ...[BACK, 'Show the Plan'],
    );
    expect((await bootstrap(person))?.match(/"name"/g)).toHaveLength(1);
  });
});

describe('modify this entry', () => {
  const of = (line: object, snapshot: Pick<SnapshotDescription, 'operators'> = bank) =>
    text(entryStep(JSON.stringify(line), snapshot));
  const op = operator('accounts').id;

  it('puts what is there, by the operator’s uid', () => {
    const line = { op, subtask: 0, state: 'counters', kind: 'map', kg: 3, key: 'u', ukey: 'a', value: 7 };
    expect(of(line)).toBe(
      '{ "put": { "operator": "accounts", "state": "counters", "key": "u", "mapKey": "a", "value": 7 } }',
    );
  });

  it('names elements of operator state by their place, broadcast entries by their key', () => {
    const element = { op, subtask: 1, state: 'pending', kind: 'operator-list', index: 2, value: 7 };
    expect(of(element)).toBe(
      '{ "put": { "operator": "accounts", "state": "pending", "subtask": 1, "index": 2, "value": 7 } }',
    );
    const rates = { op: operator('rates').id, subtask: 1, state: 'rates', kind: 'broadcast', ukey: 'EUR', value: null };
    expect(of(rates)).toBe('{ "put": { "operator": "rates", "state": "rates", "mapKey": "EUR", "value": null } }');
  });

  it('sets a timer’s time', () => {
    const timer = { op, subtask: 0, state: '_timer_state/event_t', kind: 'timer', kg: 1, key: 'u', timestamp: 5 };
    expect(of(timer)).toContain('"key": "u", "timestamp": 5, "set": { "timestamp": 5 }');
  });

  it('says which of two states of one name it means', () => {
    const twice = structuredClone(operator('accounts'));
    const [first] = twice.states;
    if (first === undefined) throw new Error('It has states.');
    twice.states.push({ ...first, name: 'counters' });
    const line = { op, subtask: 0, state: 'counters', kind: 'map', kg: 3, key: 'u', ukey: 'a', value: 7 };
    expect(of(line, { operators: [twice] })).toContain('"of": "keyed"');
  });
});

describe('export', () => {
  it('asks for what it does not know, and how', async () => {
    const person = scripted('Accounts', 'balance', 'Parquet');
    const wanted = await exportForm(
      { operators: bank.operators, operator: null, state: null },
      person.asker,
      inEnglish,
    );
    expect([wanted?.operator.uid, wanted?.state.name, wanted?.format]).toEqual(['accounts', 'balance', 'parquet']);
    const known = scripted('CSV');
    const accounts = operator('accounts');
    const state = accounts.states[0] ?? null;
    const of = { operators: bank.operators, operator: accounts, state };
    expect(await exportForm(of, known.asker, inEnglish)).toEqual({ operator: accounts, state, format: 'csv' });
    expect(known.asked[0]?.offered).toEqual(['NDJSON', 'CSV', 'Parquet']);
  });

  it('is nothing where the person leaves, or there is no state', async () => {
    const of = { operators: bank.operators, operator: null, state: null };
    expect(await exportForm(of, scripted(CANCEL).asker, inEnglish)).toBeNull();
    expect(await exportForm({ ...of, operators: [] }, scripted().asker, inEnglish)).toBeNull();
  });
});
