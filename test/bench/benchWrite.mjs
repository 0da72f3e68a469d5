// npm run bench:write -- OUT [options]: measures what writes a snapshot, on those that `bash test/flink/bench.sh OUT` wrote,
// beside `cp -r` and, where it can do the same, beside Flink's State Processor API (SPA). Each runs in turn, in a new process,
// with the source in the system's cache, and its result is removed again. Every result, of either side, is read back before: an
// operator that is to be there must have the counts and sums that the generator worked out, one that was removed must be gone,
// and all others must have what they have in the source.
//
//   --format canonical|heap|rocksdb|incremental    the source (canonical)
//   --tasks removeOperator,rescale,…               only these
//   --repeat N       measures everything N times and shows the medians (1)
//   --heap SIZE      of SPA's JVM (8g)
//   --no-spa         only the engine and cp
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { temporaryFolder } from '../tools/processes.mjs';
import { bundle, compileSpa, ours, spaWrites, writes } from './sides.mjs';
import { median, printRows } from './table.mjs';

/** What the command line is told for each task. The operator `keeps` all that it has, or is removed (`removes`), or changes. */
const TASKS = {
  copy: { args: (from) => ['copy', from], keeps: true },
  'copy to canonical': { args: (from) => ['copy', from, '--format', 'canonical'], keeps: true },
  'copy to heap': { args: (from) => ['copy', from, '--format', 'heap'], keeps: true },
  removeOperator: {
    args: (from, uid) => ['modify', from, '--remove-operator', '--operator', uid],
    spa: 'remove',
    removes: true,
  },
  renameState: {
    args: (from, uid) => ['modify', from, '--operator', uid, '--state', 'history', '--rename-state', 'past'],
  },
  removeState: { args: (from, uid) => ['modify', from, '--operator', uid, '--state', 'history', '--remove-state'] },
  'put one entry': {
    args: (from, uid, key) => [
      ...['modify', from, '--operator', uid, '--state', 'counters'],
      ...['--key', JSON.stringify(key), '--map-key', '"bench"', '--put', '1'],
    ],
  },
  rescale: { args: (from) => ['rescale', from, '--parallelism', '3'], keeps: true },
  'max parallelism': {
    args: (from) => ['rescale', from, '--parallelism', '3', '--max-parallelism', '256'],
    keeps: true,
  },
  'dry run of max parallelism': {
    args: (from) => ['rescale', from, '--parallelism', '3', '--max-parallelism', '256', '--dry-run'],
  },
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    format: { type: 'string', default: 'canonical' },
    tasks: { type: 'string', default: Object.keys(TASKS).join(',') },
    repeat: { type: 'string', default: '1' },
    heap: { type: 'string', default: '8g' },
    'no-spa': { type: 'boolean', default: false },
  },
});
if (positionals.length !== 1) {
  console.error('Usage: npm run bench:write -- OUT [options]; `bash test/flink/bench.sh OUT` writes OUT.');
  process.exit(2);
}
const out = path.resolve(positionals[0]);
const { snapshots, operator, key, totals } = JSON.parse(fs.readFileSync(path.join(out, 'counts.json'), 'utf8'));
const source = path.join(out, snapshots[options.format]);
// Beside the snapshots: on the disk that they are on, where files can be shared.
fs.mkdirSync(path.join(out, 'work'), { recursive: true });
process.env.TMPDIR = path.join(out, 'work');
const work = temporaryFolder('bench');
const target = path.join(work.path, 'written');

await bundle(work.path);
const classPath = options['no-spa'] ? null : await compileSpa();
const common = { folder: work.path, operator, key };
const cli = path.join(work.path, 'cli.js');
// By its id: metadata that SPA writes has no uids.
const operatorId = operatorsOf(source).find(({ uid, name }) => uid === operator || name === operator).id;
const before = contentOf(source);

const rows = [];
for (const name of options.tasks.split(',')) {
  if (!Object.hasOwn(TASKS, name)) throw new Error(`There is no '${name}'.`);
  const task = TASKS[name];
  const runs = [];
  for (let i = 0; i < Number(options.repeat); i++) {
    runs.push({ side: 'cp -r', ...(await measured(() => writes('cp', ['-r', source, target]))) });
    runs.push({ side: 'engine', ...(await measured(() => engine(name, task))) });
    if (classPath !== null && task.spa !== undefined) {
      const heap = { classPath, heap: options.heap, folder: work.path };
      const spa = async () => {
        const result = await spaWrites(task.spa, source, target, heap);
        await readBack(`${name} of SPA`, task);
        return result;
      };
      runs.push({ side: 'spa', ...(await measured(spa)) });
    }
  }
  rows.push(...summary(name, runs));
}
printRows(rows);
work.remove();
fs.rmSync(path.join(out, 'work'), { recursive: true });

/** Runs something, and removes what it wrote. */
async function measured(run) {
  try {
    return await run();
  } finally {
    fs.rmSync(target, { recursive: true, force: true });
  }
}

async function engine(name, task) {
  const [command, ...rest] = task.args(source, operator, key);
  const isDry = rest.includes('--dry-run');
  const line = [cli, command, ...rest, ...(isDry ? [] : ['--out', target])];
  const result = await writes(process.execPath, line, common);
  if (!isDry) await readBack(name, task);
  return result;
}

/** Fails where the snapshot that was written is not what the task makes of the source. */
async function readBack(what, { keeps = false, removes = false }) {
  const { has, others } = contentOf(target);
  if (has === removes) throw new Error(`${what}: the operator is ${has ? '' : 'not '}there.`);
  if (!isDeepStrictEqual(others, before.others)) {
    throw new Error(`${what}: other operators have ${show(others)}, but had ${show(before.others)}.`);
  }
  if (!keeps) return;
  const found = (await ours('scan', target, common)).totals;
  if (isDeepStrictEqual(found, totals)) return;
  throw new Error(`${what} wrote ${JSON.stringify(found)}, but it is ${JSON.stringify(totals)}.`);
}

function operatorsOf(snapshot) {
  return JSON.parse(answer('inspect', snapshot, '--json')).operators;
}

/** What the command line prints. */
function answer(...args) {
  return execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
}

const show = (map) => JSON.stringify([...map]);

/** Whether the operator of the totals is there, and a hash of what each of the others holds, by its id. */
function contentOf(snapshot) {
  const ids = operatorsOf(snapshot).map(({ id }) => id);
  const others = new Map();
  for (const id of ids.filter((one) => one !== operatorId)) {
    const lines = answer('dump', snapshot, '--operator', id).split('\n').sort();
    others.set(id, createHash('sha256').update(lines.join('\n')).digest('hex'));
  }
  return { has: ids.includes(operatorId), others };
}

function summary(task, runs) {
  const of = (side, what) => median(runs.filter((run) => run.side === side).map((run) => run[what]));
  return [...new Set(runs.map(({ side }) => side))].map((side) => ({
    format: options.format,
    task,
    side,
    'wall s': of(side, 'seconds').toFixed(2),
    'cpu s': of(side, 'cpuSeconds').toFixed(2),
    'peak MB': (of(side, 'peakKilobytes') / 1024).toFixed(0),
    'side/cp, wall': (of(side, 'seconds') / of('cp -r', 'seconds')).toFixed(2),
    'engine/side, wall': (of('engine', 'seconds') / of(side, 'seconds')).toFixed(3),
  }));
}
