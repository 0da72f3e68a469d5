// npm run bench:write -- OUT [options]: measures what writes a snapshot, on those that `bash test/flink/bench.sh OUT` wrote,
// beside `cp -r` and, where it can do the same, beside Flink's State Processor API (SPA). Each runs in turn, in a new process,
// with the source in the system's cache, and its result is removed again. Every result of the engine is scanned afterwards: its
// counts and sums must be those that the generator worked out.
//
//   --format canonical|heap|rocksdb|incremental    the source (canonical)
//   --tasks removeOperator,rescale,…               only these
//   --repeat N       measures everything N times and shows the medians (1)
//   --heap SIZE      of SPA's JVM (8g)
//   --no-spa         only the engine and cp
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { temporaryFolder } from '../tools/processes.mjs';
import { bundle, compileSpa, ours, spaWrites, writes } from './sides.mjs';
import { median, printRows } from './table.mjs';

/** What the command line is told for each task; `keeps` says whether the operator is still there, with all its state. */
const TASKS = {
  copy: { args: (from) => ['copy', from], keeps: true },
  'copy to canonical': { args: (from) => ['copy', from, '--format', 'canonical'], keeps: true },
  'copy to heap': { args: (from) => ['copy', from, '--format', 'heap'], keeps: true },
  removeOperator: { args: (from, uid) => ['modify', from, '--remove-operator', '--operator', uid], spa: 'remove' },
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
      runs.push({ side: 'spa', ...(await measured(() => spaWrites(task.spa, source, target, heap))) });
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

async function engine(name, { args, keeps }) {
  const [command, ...rest] = args(source, operator, key);
  const isDry = rest.includes('--dry-run');
  const line = [path.join(work.path, 'cli.js'), command, ...rest, ...(isDry ? [] : ['--out', target])];
  const result = await writes(process.execPath, line, common);
  if (keeps === true) {
    const found = (await ours('scan', target, common)).totals;
    if (!isDeepStrictEqual(found, totals)) {
      throw new Error(`${name} wrote ${JSON.stringify(found)}, but it is ${JSON.stringify(totals)}.`);
    }
  }
  return result;
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
