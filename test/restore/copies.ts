import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { fixturesRoot } from '../corpus';
import type { Case } from './cases';
import { allFired } from './fired';
import type { Backend } from './flink';
import { has, type Line, linesOf, withFields } from './lines';

interface FixtureEntry {
  name: string;
  flink: string;
  backend: Backend;
  format: 'canonical' | 'native' | 'checkpoint';
  job: string;
}

export const fixtures = JSON.parse(readFileSync(path.join(fixturesRoot, 'index.json'), 'utf8')) as FixtureEntry[];

/** The job and the backend of a fixture, whose name is without its release. */
export function fixtureOf(name: string): FixtureEntry {
  const entry = fixtures.find((fixture) => fixture.name.replace(/^[\d.]+-/, '') === name);
  if (entry === undefined) throw new Error(`There is no fixture ${name}.`);
  return entry;
}

/** What restoring a change log needs to know. */
export const CHANGELOG = { 'state.changelog.storage': 'filesystem' };

const [JOIN, JOIN_HERE] = ['0a5c9df6a799a100aad5be29e1474d6f', '31b6d411c4a2985cf038ec8cd3dd7ac9'];
const anotherId = {
  title: 'sql-heap-canonical, an operator given another id',
  steps: [{ changeUid: { operator: JOIN, id: JOIN_HERE } }],
  model: (lines: readonly Line[]) =>
    lines.map((line) => (has(line, { op: JOIN }) ? withFields(line, { op: JOIN_HERE }) : line)),
};

const ACCOUNTS = [
  ...['alice', 'bob', '', 'nul\u0000inside', '\u{1f4b0} vault', 'Зоя', 'dora', 'emil', 'fritz', 'gustav', 'hedwig'],
  'a name that is rather longer than all of the others',
];

/** Snapshots that Flink wrote and that were only copied. */
export const copies: Case[] = [...new Set(fixtures.map(({ name }) => name.replace(/^[\d.]+-/, '')))].map((name) => {
  const { backend, format, job } = fixtureOf(name);
  const other: Backend = backend === 'hashmap' ? 'rocksdb' : 'hashmap';
  // The canonical format is for all backends.
  const backends = format === 'canonical' ? [backend, other] : [backend];
  const common: Case = { title: `${name}, copied`, from: name, backends };
  if (name.includes('changelog')) return { ...common, task: { options: CHANGELOG } };
  if (job === 'in-flight') return { ...common, model: arrived, isDealtAnew: true, task: { settles: true } };
  if (job === 'async')
    return { ...common, model: withoutKeyed, task: { finishes: true }, fired: () => allFired(linesOf(`2.3-${name}`)) };
  // Its operators without uid have other ids where the job's graph was made in another order.
  if (name === 'sql-heap-canonical') return { ...common, ...anotherId };
  if (job === 'bank' || job.startsWith('accounts')) return { ...common, task: { finishes: true }, fired: allFired };
  return common;
});

/** All 400 events of the job, most of which were in channels when the checkpoint was taken. */
function arrived(lines: readonly Line[]): Line[] {
  const sums = new Map<string, number>();
  for (let seq = 0; seq < 400; seq++) {
    const account = ACCOUNTS[(seq * 7) % (seq < 200 ? 12 : 6)];
    sums.set(account, (sums.get(account) ?? 0) + seq);
  }
  const op = '7968152a5bbe1581827fbee6788b6bd1';
  const counts = { op, kind: 'value', state: 'sum' };
  return [
    ...lines.filter((line) => !has(line, counts)),
    ...[...sums].map(([key, value]) => withFields(new Map(), { ...counts, key, value })),
  ];
}

/** States of the asynchronous API can only be asked by their own function; what is seen of them is that its timers fire. */
function withoutKeyed(lines: readonly Line[]): Line[] {
  return lines.filter((line) => !line.has('key'));
}
