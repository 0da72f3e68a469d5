// Counts of the test runners. A runner says how its tests ended in a file; who believes only an exit code counts tests
// that never ran.
import fs from 'node:fs';
import path from 'node:path';
import { resultsDir } from './paths.mjs';

const fileOf = (name) => path.join(resultsDir, `${name}.json`);

/** `tests`: one of each test that ran or was skipped: `{ title, state: 'passed' | 'failed' | 'skipped', error? }`. */
export function writeResults(name, tests) {
  fs.mkdirSync(resultsDir, { recursive: true });
  const file = fileOf(name);
  fs.writeFileSync(`${file}.tmp`, JSON.stringify({ tests }, null, 1));
  fs.renameSync(`${file}.tmp`, file);
}

export function forgetResults(name) {
  fs.rmSync(fileOf(name), { force: true });
}

/** The tests of a runner, or undefined when it never came to its end. */
export function readResults(name) {
  try {
    return JSON.parse(fs.readFileSync(fileOf(name), 'utf8')).tests;
  } catch {
    return undefined;
  }
}

/** The tests in the file that Vitest's `json` reporter writes, or undefined when there is none. */
export function readVitestResults(file) {
  let report;
  try {
    report = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  return report.testResults.flatMap((suite) => {
    // A file that fails before its first test has no tests, and is a failure all the same.
    const title = path.basename(suite.name);
    if (suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')) {
      return [{ title, state: 'failed', error: suite.message }];
    }
    return suite.assertionResults.map((test) => ({
      title: `${title}: ${test.fullName}`,
      state: test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped',
      error: test.failureMessages?.join('\n'),
    }));
  });
}
