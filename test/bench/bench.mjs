// npm run bench -- OUT [options]: measures the engine against Flink's State Processor API (SPA) on the snapshots that
// `bash test/flink/bench.sh OUT` wrote. Both sides read the same files, in turn, each time in a new process, with the files in
// the system's cache; every count and sum must come out the same on both and be what the generator worked out, or it fails.
//
//   --formats canonical,heap,rocksdb,incremental    only these
//   --tasks scan,dump,first,key                     only these
//   --repeat N       measures everything N times and shows the medians (1)
//   --parallelism N  of SPA's job (1; the engine takes as many threads as its commands do)
//   --heap SIZE      of SPA's JVM where it holds the state in its heap (8g)
//   --sides engine,spa,spa+buf                      only these; the engine is always measured
//   --no-spa         the same as --sides engine
//   --profile        also: in which functions the engine's scans spend their time
//
// SPA reads canonical savepoints into either backend; here, into the heap's. `spa` is Flink as it comes: it reads
// local files of full snapshots without a buffer. `spa+buf` puts a buffer of 64 KB under it. Where the state is in RocksDB's
// own files, Flink copies these files whole, and there is only one way.
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { temporaryFolder } from '../tools/processes.mjs';
import { selfTimes } from './profile.mjs';
import { bundle, cat, compileSpa, ours, spa } from './sides.mjs';
import { median, printRows } from './table.mjs';

const BACKENDS = { canonical: 'hashmap', heap: 'hashmap', rocksdb: 'rocksdb', incremental: 'rocksdb' };
const TASKS = { scan: 'full scan', dump: 'dump, NDJSON', first: 'first entries', key: 'one key' };
const PROFILED_FUNCTIONS = 25;
const PROFILED_FILES = 12;
/** SPA's state is in RocksDB then, which has its own memory. */
const HEAP_BESIDE_ROCKSDB = '2g';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    formats: { type: 'string', default: Object.keys(BACKENDS).join(',') },
    tasks: { type: 'string', default: Object.keys(TASKS).join(',') },
    repeat: { type: 'string', default: '1' },
    parallelism: { type: 'string', default: '1' },
    heap: { type: 'string', default: '8g' },
    sides: { type: 'string', default: 'engine,spa,spa+buf' },
    'no-spa': { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
if (positionals.length !== 1) {
  console.error('Usage: npm run bench -- OUT [options]; `bash test/flink/bench.sh OUT` writes OUT.');
  process.exit(2);
}
const sides = options['no-spa'] ? ['engine'] : options.sides.split(',');
const out = path.resolve(positionals[0]);
const expected = JSON.parse(fs.readFileSync(path.join(out, 'counts.json'), 'utf8'));
// Beside the snapshots, not in /tmp: SPA copies all of RocksDB's files, and the dumps are large.
fs.mkdirSync(path.join(out, 'work'), { recursive: true });
process.env.TMPDIR = path.join(out, 'work');
const work = temporaryFolder('bench');

await bundle(work.path);
const classPath = sides.length === 1 ? null : await compileSpa();

const rows = [];
for (const format of chosen(options.formats, BACKENDS)) {
  const snapshot = path.join(out, expected.snapshots[format]);
  const files = filesOf(format, snapshot);
  const catSeconds = median([await cat(files), await cat(files), await cat(files)]);
  console.log(
    `${format}: ${megabytes(files)} MB in ${files.length} files; cat reads them in ${catSeconds.toFixed(2)} s`,
  );
  for (const task of chosen(options.tasks, TASKS)) {
    const runs = [];
    for (let i = 0; i < Number(options.repeat); i++) {
      for (const [side, run] of sidesOf(format)) {
        const result = await run(task, snapshot);
        check(task, side, result);
        runs.push({ side, ...result });
      }
    }
    if (task === 'key') checkSameKey(runs);
    rows.push(...summary(format, task, runs, catSeconds));
    printRows(rows.slice(-new Set(runs.map((r) => r.side)).size));
  }
  if (options.profile) await profile(format, snapshot);
}
console.log('\nAll:');
printRows(rows);
work.remove();
fs.rmSync(path.join(out, 'work'), { recursive: true });

function chosen(list, known) {
  const names = list.split(',');
  for (const name of names) if (!Object.hasOwn(known, name)) throw new Error(`There is no '${name}'.`);
  return names;
}

/** Names and functions, in the order in which they take turns. */
function sidesOf(format) {
  const common = { folder: work.path, operator: expected.operator, key: expected.key };
  const engine = ['engine', (task, snapshot) => ours(task, snapshot, common)];
  const backend = BACKENDS[format];
  const heap = backend === 'rocksdb' ? HEAP_BESIDE_ROCKSDB : options.heap;
  const flink = { ...common, classPath, backend, heap, parallelism: Number(options.parallelism) };
  const plain = ['spa', (task, snapshot) => spa(task, snapshot, { ...flink, buffered: false })];
  const buffered = ['spa+buf', (task, snapshot) => spa(task, snapshot, { ...flink, buffered: true })];
  // Without a full snapshot to buffer, SPA as it comes stands for both.
  if (backend === 'rocksdb') return sides.length === 1 ? [engine] : [engine, plain];
  return [engine, plain, buffered].filter(([side]) => side === 'engine' || sides.includes(side));
}

function check(task, side, { totals, lines }) {
  const wrong = (found, wanted) => {
    throw new Error(`${side} (${task}) found ${JSON.stringify(found)}, but it is ${JSON.stringify(wanted)}.`);
  };
  if (task === 'scan' && !isDeepStrictEqual(totals, expected.totals)) wrong(totals, expected.totals);
  if (task === 'dump' && lines !== expected.entries) wrong(lines, expected.entries);
  if (task === 'key' && totals.account.entries !== '1') wrong(totals.account.entries, '1');
}

function checkSameKey(runs) {
  for (const { side, totals } of runs) {
    if (!isDeepStrictEqual(totals, runs[0].totals)) {
      throw new Error(`${side} finds ${JSON.stringify(totals)} under ${expected.key}, ${runs[0].side} something else.`);
    }
  }
}

function summary(format, task, runs, catSeconds) {
  const of = (side, what) => median(runs.filter((r) => r.side === side).map((r) => r[what]));
  const sides = [...new Set(runs.map((r) => r.side))];
  return sides.map((side) => ({
    format,
    task: TASKS[task],
    side,
    'wall s': of(side, 'seconds').toFixed(2),
    // Without the start of the program: from opening the snapshot to the answer.
    'inside s': of(side, 'insideSeconds')?.toFixed(3) ?? '',
    'cpu s': of(side, 'cpuSeconds').toFixed(2),
    'peak MB': (of(side, 'peakKilobytes') / 1024).toFixed(0),
    'engine/side, wall': (of('engine', 'seconds') / of(side, 'seconds')).toFixed(3),
    'engine/side, cpu': (of('engine', 'cpuSeconds') / of(side, 'cpuSeconds')).toFixed(3),
    'side/cat': (of(side, 'seconds') / catSeconds).toFixed(1),
  }));
}

async function profile(format, snapshot) {
  const folder = path.join(work.path, `profile-${format}`);
  await ours('scan', snapshot, { folder: work.path, operator: expected.operator, profile: folder });
  const { functions, files } = selfTimes(folder);
  for (const [what, times] of [
    ['functions', functions.slice(0, PROFILED_FUNCTIONS)],
    ['files', files.slice(0, PROFILED_FILES)],
  ]) {
    console.log(`\n${format}, full scan: ${what} by the time spent in themselves`);
    for (const { name, share, seconds } of times) {
      console.log(`${(share * 100).toFixed(1).padStart(6)} %${seconds.toFixed(2).padStart(9)} s  ${name}`);
    }
  }
  console.log('');
}

/** A checkpoint's files lie in the folder of its job. */
function filesOf(format, snapshot) {
  const folder = format === 'incremental' ? path.dirname(snapshot) : snapshot;
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.join(file.parentPath, file.name));
}

function megabytes(files) {
  return (files.reduce((sum, file) => sum + fs.statSync(file).size, 0) / 1e6).toFixed(0);
}
