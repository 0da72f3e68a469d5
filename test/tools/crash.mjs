// npm run crash -- [--moments N] [--seed S]: ends the commands that write at N moments of each kind (each operation on a file, any
// time, a full disk, Ctrl+C …) and looks at what is left. `npm test` does the same for a few moments.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './paths.mjs';
import { run } from './processes.mjs';

const { values } = parseArgs({ options: { moments: { type: 'string' }, seed: { type: 'string' } } });
const moments = values.moments ?? '100';
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
if (!/^[1-9]\d{0,5}$/.test(moments) || !/^\d{1,10}$/.test(seed)) {
  console.error('usage: npm run crash -- [--moments N] [--seed S]');
  process.exit(2);
}
console.log(`${moments} moments of each kind, seed ${seed}`);
const { code } = await run(
  process.execPath,
  [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/engine/crash'],
  { cwd: root, timeout: 24 * 3_600_000, env: { ...process.env, CRASH_MOMENTS: moments, CRASH_SEED: seed } },
);
process.exit(code);
