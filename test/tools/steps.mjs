// Steps one after the other, and an honest count of all that they tested.
import { run } from './processes.mjs';
import { forgetResults, readResults } from './results.mjs';

/**
 * A program that says by its exit code alone whether something holds: one test.
 * `needed`: when it fails, the steps after it are not run, and count as failed.
 */
export const check = (title, command, args, { timeout = 300_000, needed = false } = {}) => ({
  title,
  needed,
  async tests() {
    const { code } = await run(command, args, { timeout });
    return [{ title, state: code === 0 ? 'passed' : 'failed', error: code === 0 ? undefined : `exit code ${code}` }];
  },
});

/** A test runner that leaves its counts under `name`. Its exit code must agree with them. */
export const runner = (
  title,
  name,
  command,
  args,
  { timeout = 600_000, read = () => readResults(name), env = {} } = {},
) => ({
  title,
  needed: false,
  async tests() {
    forgetResults(name);
    const { code } = await run(command, args, { timeout, env: { ...process.env, RESULTS_NAME: name, ...env } });
    const tests = read() ?? [];
    if (tests.length === 0) return [{ title, state: 'failed', error: `no result (exit code ${code})` }];
    if (code !== 0 && tests.every((test) => test.state !== 'failed')) {
      return [...tests, { title, state: 'failed', error: `exit code ${code}, though no test failed` }];
    }
    return tests;
  },
});

/** What cannot be run here, counted as skipped and said in the summary. */
export const notHere = (title, why) => ({
  title,
  needed: false,
  tests: async () => [{ title: why, state: 'skipped' }],
});

/** Runs the steps and prints what came of them. Returns all tests. */
export async function runSteps(steps) {
  const done = [];
  let stopped = false;
  for (const step of steps) {
    const from = Date.now();
    console.log(`\n── ${step.title}`);
    const tests = stopped
      ? [{ title: step.title, state: 'failed', error: 'not run, because a step that it needs failed' }]
      : await step.tests();
    stopped ||= step.needed && tests.some((test) => test.state === 'failed');
    done.push({ step, tests, seconds: (Date.now() - from) / 1000 });
  }
  console.log('\n── Summary');
  for (const { step, tests, seconds } of done) {
    const { passed, failed, skipped } = count(tests);
    const left = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(
      `${failed > 0 ? '✖' : '✔'} ${step.title}: ${passed} passed, ${failed} failed${left} (${seconds.toFixed(0)} s)`,
    );
    for (const test of tests) {
      if (test.state === 'failed')
        console.log(`    failed: ${test.title}${test.error ? `\n${indent(test.error)}` : ''}`);
      if (test.state === 'skipped') console.log(`    skipped: ${test.title}`);
    }
  }
  return done.flatMap(({ tests }) => tests);
}

const indent = (text) => text.replace(/^/gm, '      ').split('\n').slice(0, 20).join('\n');

export function count(tests) {
  const of = (state) => tests.filter((test) => test.state === state).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

/** Prints the one line that says it all, and returns the exit code that goes with it. */
export function conclude(tests) {
  const { passed, failed } = count(tests);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
