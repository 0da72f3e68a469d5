import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSnapshot } from '../../../../src/engine/inspect';
import { writeWhole } from '../../../../src/engine/storage/nodeWholeFile';
import type { DecoderChoices } from '../../../../src/engine/types/decoderChoices';
import type { StateTarget, ValueNode } from '../../../../src/view/shownEntries';
import type { RowQuery } from '../../../../src/view/shownRows';
import { exportRows } from '../../../../src/worker/entries/exportRows';
import { rowAnswers } from '../../../../src/worker/entries/rowAnswers';
import { StateSessions } from '../../../../src/worker/entries/stateSessions';
import { engineHandlers } from '../../../../src/worker/handlers';
import { fixture } from '../../../engine/plan/harness';
import { ENUM, jobsOwn, TUPLE, withJobsOwn } from '../../../jobsOwn';
import { useTemporaryFolder } from '../../../temporaryFolder';
import { compareHere } from '../compare/compareHere';
import { countNothing } from '../stats/countNothing';

const PAIR = jobsOwn(TUPLE, 'PairSnapshot');
const KIND = jobsOwn(ENUM, 'KindSnapshot');
const CHOSEN: DecoderChoices = { [PAIR]: 'tuple<long, long>', [KIND]: 'int' };
const path = fixture('2.3-accounts-heap-canonical');
const store = withJobsOwn(path, { [TUPLE]: 'PairSnapshot', [ENUM]: 'KindSnapshot' });
const sessions = new StateSessions(store);
const answers = rowAnswers(sessions);
const folder = useTemporaryFolder();
const context = () => ({ signal: new AbortController().signal, progress: () => {} });

const target = (state: string): StateTarget => ({
  operator: '14cfd403e0929194539014eaed9ae6ed',
  state,
  backend: 'canonical',
});
const query = (state: string): RowQuery => ({
  target: target(state),
  key: null,
  namespace: null,
  mapKey: null,
  filter: null,
  sort: null,
  expand: [],
});
const of = (decoders?: DecoderChoices) => ({ path, version: 1, ...(decoders !== undefined && { decoders }) });
const first = { block: 7, index: 0 };

async function detailOf(state: string, decoders?: DecoderChoices) {
  const place = (await rowsOf(state, decoders)).rows[0]?.place ?? first;
  const asked = { ...of(decoders), target: target(state), key: null, place, zone: 'UTC' };
  const { parts } = await answers.rowDetail(asked, context());
  const value = parts.find(({ part }) => part === 'value');
  if (value === undefined) throw new Error('The entry has no value.');
  return value;
}

function rowsOf(state: string, decoders?: DecoderChoices) {
  return answers.rows(
    { ...of(decoders), ...query(state), at: { row: 0 }, before: 0, count: 1, zone: 'UTC' },
    context(),
  );
}

const nodesOf = (node: ValueNode): ValueNode[] => [node, ...node.children.flatMap(nodesOf)];

describe('rows of values that only the job can read', () => {
  it('are bytes, then what was chosen, then bytes again: each choice has a session of its own', async () => {
    for (const decoders of [undefined, CHOSEN, {}, CHOSEN]) {
      const { columns, rows } = await rowsOf('average', decoders);
      const isChosen = decoders === CHOSEN;
      const value = columns.findIndex(({ part }) => part === 'value');
      expect(columns[value]?.type).toContain(isChosen ? 'long' : `unknown ${PAIR}`);
      expect(rows[0]?.cells[value]?.look).toBe(isChosen ? 'number' : 'opaque');
    }
  });

  it('say in full which classes could be chosen for, and which were', async () => {
    expect((await detailOf('history')).node).toMatchObject({ look: 'opaque', undecoded: [KIND] });
    const { node } = await detailOf('history', CHOSEN);
    const kinds = nodesOf(node).filter(({ label }) => label === 'kind');
    expect(kinds[0]).toMatchObject({ look: 'number', type: 'int', chosenFor: KIND });
    // The bytes of fields are known with chosen types too.
    expect(kinds.every(({ bytes }) => bytes !== null && bytes.to - bytes.from === 4)).toBe(true);
    expect(nodesOf(node).some(({ undecoded }) => undecoded !== undefined)).toBe(false);
  });

  it('that do not fit say so, and name the class', async () => {
    const { node } = await detailOf('average', { [PAIR]: 'string' });
    expect(node).toMatchObject({ look: 'opaque', undecoded: [PAIR] });
    expect(node.hint).toContain(`The decoder that was chosen does not fit (string for ${PAIR})`);
  });

  it('are found under a key, looked for and exported as chosen', async () => {
    const lookUp = { operator: target('').operator, key: '"gustav"', namespace: null, mapKey: null, zone: 'UTC' };
    const found = await answers.lookUpKey({ ...of(CHOSEN), ...lookUp, target: target('average') }, context());
    expect(found.states[0]?.rows[0]?.cells.map(({ text }) => text)).toContain('6000');
    const file = folder.at('rows.ndjson');
    const asked = {
      ...query('average'),
      filter: 'value[1] > 5000',
      path,
      file,
      format: 'ndjson',
      decoders: CHOSEN,
    } as const;
    const { rows } = await exportRows(store, writeWhole, asked, new AbortController().signal, () => {});
    expect(rows).toBeGreaterThan(0);
    const [line] = readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ state: 'average', value: [3, 6000] });
  });
});

it('what is wrong with a type is said before it is chosen', async () => {
  const writing = { createFolder: () => Promise.reject(new Error('Nothing is written.')), threads: null };
  const { checkDecoder } = engineHandlers(store, describeSnapshot, writing, countNothing, compareHere);
  expect(await checkDecoder({ type: 'tuple<long, string>' }, context())).toBeNull();
  expect(await checkDecoder({ type: 'tuple<lonng>' }, context())).toContain('No type is called lonng');
});
