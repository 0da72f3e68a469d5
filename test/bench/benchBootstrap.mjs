// npm run bench:bootstrap -- [options]: measures how long state is made of rows, beside `cp -r` of the result. The rows hold what
// the snapshots of `bash test/flink/bench.sh` hold: a POJO, a map, a list, a value with time to live and a timer for each of the
// keys, about seven entries. What comes out is counted, and each format must give the same.
//
//   --keys N         rows, each with a key of its own (3,100,000: about 22 million entries, 1 GB)
//   --formats csv,ndjson
//   --repeat N       measures everything N times and shows the medians (1)

import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../tools/processes.mjs';
import { bundle, writes } from './sides.mjs';
import { median, printRows } from './table.mjs';

/** Rows that are written at once. */
const BATCH = 5000;

const { values: options } = parseArgs({
  options: {
    keys: { type: 'string', default: '3100000' },
    formats: { type: 'string', default: 'csv,ndjson' },
    repeat: { type: 'string', default: '1' },
  },
});
const keys = Number(options.keys);
const work = temporaryFolder('bench');
await bundle(work.path);

const rows = [];
let entries = null;
for (const format of options.formats.split(',')) {
  const data = path.join(work.path, `rows.${format}`);
  await writeRows(data, format);
  const plan = path.join(work.path, 'bench.savepoint-plan.json');
  fs.writeFileSync(plan, JSON.stringify(planOf(data)));
  const target = path.join(work.path, 'written');
  const copy = path.join(work.path, 'copy');
  const runs = [];
  for (let i = 0; i < Number(options.repeat); i++) {
    const line = [path.join(work.path, 'cli.js'), 'apply', plan, '--out', target];
    runs.push({ side: 'engine', ...(await writes(process.execPath, line)) });
    runs.push({ side: 'cp -r', ...(await writes('cp', ['-r', target, copy])) });
    const { proof } = JSON.parse(fs.readFileSync(path.join(target, 'savepoint-explorer.json'), 'utf8'));
    entries ??= proof.entries;
    if (proof.entries !== entries || proof.keysChecked !== entries)
      throw new Error(`${format}: ${JSON.stringify(proof)}`);
    fs.rmSync(target, { recursive: true });
    fs.rmSync(copy, { recursive: true });
  }
  rows.push(...summary(format, runs));
  fs.rmSync(data);
}
printRows(rows);
console.log(`${entries} entries of ${keys} keys`);
work.remove();

async function writeRows(file, format) {
  const out = fs.createWriteStream(file);
  let lines = format === 'csv' ? ['id,amount,updatedAt,tags,history,seen,due\n'] : [];
  for (let i = 0; i < keys; i++) {
    lines.push(format === 'csv' ? csvLine(rowOf(i)) : `${JSON.stringify(rowOf(i))}\n`);
    if (lines.length < BATCH) continue;
    if (!out.write(lines.join(''))) await once(out, 'drain');
    lines = [];
  }
  out.end(lines.join(''));
  await once(out, 'close');
}

function rowOf(i) {
  const time = 1_700_000_000_000 + i;
  const tags = Object.fromEntries(Array.from({ length: (i % 3) + 2 }, (_, k) => [`tag-${(i + k * 31) % 1000}`, i * k]));
  const history = Array.from({ length: (i % 4) + 1 }, (_, k) => i + k);
  const id = `user-${String((i * 7919) % keys).padStart(9, '0')}`;
  return { id, amount: i / 4, updatedAt: time, tags, history, seen: time, due: time + 1000 };
}

function csvLine({ id, amount, updatedAt, tags, history, seen, due }) {
  const quoted = (value) => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
  return `${[id, amount, updatedAt, quoted(tags), quoted(history), seen, due].join()}\n`;
}

function planOf(data) {
  const states = [
    {
      name: 'balance',
      kind: 'value',
      type: 'pojo bench.Balance {amount: double, updatedAt: long}',
      value: "{'amount': double(row.amount), 'updatedAt': int(row.updatedAt)}",
    },
    { name: 'tags', kind: 'map', type: ['string', 'long'], value: 'row.tags' },
    { name: 'history', kind: 'list', type: 'long', value: 'row.history' },
    { name: 'seen', kind: 'value', type: 'long', value: 'int(row.seen)', ttl: 'int(row.seen)' },
  ];
  const timers = [{ service: 'user-timers', domain: 'event', timestamp: 'int(row.due)' }];
  const operator = { uid: 'accounts', parallelism: 4, maxParallelism: 128 };
  return { steps: [{ bootstrap: { operator, data, key: { type: 'string', value: 'row.id' }, states, timers } }] };
}

function summary(format, runs) {
  const of = (side, what) => median(runs.filter((run) => run.side === side).map((run) => run[what]));
  return [...new Set(runs.map(({ side }) => side))].map((side) => ({
    format,
    task: 'bootstrap',
    side,
    'wall s': of(side, 'seconds').toFixed(2),
    'cpu s': of(side, 'cpuSeconds').toFixed(2),
    'peak MB': (of(side, 'peakKilobytes') / 1024).toFixed(0),
  }));
}
