// All that must hold of a fresh clone after `npm ci`.
import { root } from './paths.mjs';
import { npmCommand } from './processes.mjs';
import { check, conclude, runner, runSteps } from './steps.mjs';

process.chdir(root);
const npm = npmCommand();
const minutes = 60_000;
const tests = await runSteps([
  check('Format and lint', npm.command, [...npm.args, 'run', 'lint']),
  runner('npm test', 'all', npm.command, [...npm.args, 'test'], { timeout: 25 * minutes }),
  check('npm start', npm.command, [...npm.args, 'start', '--', '--check'], { timeout: 3 * minutes }),
]);
process.exitCode = conclude(tests);
