// npm run fuzz -- [--minutes N] [--seed S] [--from RUN]: damages the fixtures and their values in ever new ways, and reads them.
// What the engine does not take as it should is kept below .host/fuzz, and the exit code is 1.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { hostDir, root } from './paths.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 5);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const from = Number(values.from ?? 0);
if (!(minutes > 0) || !Number.isSafeInteger(seed) || !Number.isSafeInteger(from)) {
  console.error('usage: npm run fuzz -- [--minutes N] [--seed S] [--from RUN]');
  process.exit(2);
}

/** A thread that is silent for so long hangs, in milliseconds. */
const SILENCE = 30_000;
/** Memory of the thread's JavaScript, in megabytes: an endless value meets it soon. */
const HEAP = 1024;

const folder = path.join(hostDir, 'fuzz');
const program = path.join(folder, 'worker.cjs');
await build({
  entryPoints: [path.join(root, 'test/tools/fuzzWorker.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  sourcemap: 'inline',
});
process.setSourceMapsEnabled(true);

console.log(`seed ${seed}, ${minutes} minutes`);
const until = Date.now() + minutes * 60_000;
const failures = [];
let snapshots = 0;
let damagedValues = 0;
let next = from;
while (next !== null && Date.now() < until) next = await runThread(next);
console.log(`${snapshots} snapshots and ${damagedValues} values damaged, ${failures.length} failures (seed ${seed})`);
process.exit(failures.length === 0 ? 0 : 1);

/** Runs cases from `first` on until the time is up or the thread dies, and returns the number of the case to go on with. */
function runThread(first) {
  return new Promise((resolve) => {
    let run = first;
    let silent;
    const worker = new Worker(program, {
      workerData: { fixtures: path.join(root, 'test/fixtures'), seed, from: first },
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    });
    const end = async (following) => {
      clearTimeout(silent);
      clearTimeout(timeUp);
      worker.removeAllListeners();
      await worker.terminate();
      resolve(following);
    };
    const timeUp = setTimeout(() => end(run), Math.max(0, until - Date.now()));
    const listen = () => {
      clearTimeout(silent);
      silent = setTimeout(() => {
        failed({ run, complaint: `Nothing comes back for ${SILENCE / 1000} s.`, done: [], files: [] });
        end(run + 1);
      }, SILENCE);
    };
    worker.on('message', (told) => {
      listen();
      if (told.kind === 'begin') {
        run = told.run;
        snapshots++;
      }
      if (told.kind === 'values') damagedValues += told.cases;
      if (told.kind === 'failed') failed(told);
    });
    worker.on('error', (e) => {
      failed({ run, complaint: `The thread died: ${e.stack ?? e}`, done: [], files: [] });
      // A thread that never came to its first case would not do so a second time.
      end(snapshots === 0 ? null : run + 1);
    });
    listen();
  });
}

function failed({ run, complaint, done, files }) {
  const kept = path.join(folder, `${seed}-${run}`);
  for (const [name, bytes] of files) {
    const file = path.join(
      kept,
      path.relative(path.join(root, 'test/fixtures'), path.resolve(root, 'test/fixtures', name)),
    );
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
  }
  failures.push(complaint);
  console.log(`case ${run} (--seed ${seed} --from ${run})${done.length > 0 ? `: ${done.join(', ')}` : ''}`);
  console.log(`  ${complaint.split('\n').slice(0, 8).join('\n  ')}`);
  if (files.length > 0) console.log(`  kept in ${path.relative(root, kept)}`);
}
