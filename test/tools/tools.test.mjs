// The counting must not be fooled: what the tools say when a runner dies, hangs, lies or runs nothing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { resultsDir } from './paths.mjs';
import { findProgram, run, sleep, temporaryFolder } from './processes.mjs';
import { forgetResults, readVitestResults, writeResults } from './results.mjs';
import { check, conclude, count, runner, runSteps } from './steps.mjs';

const node = process.execPath;
const script = (text) => ['--input-type=module', '-e', text];
const NAME = 'tools-selftest';
const results = path.join(import.meta.dirname, 'results.mjs');
const keep = (tests) =>
  `import { writeResults } from ${JSON.stringify(results)}; writeResults('${NAME}', ${JSON.stringify(tests)});`;
const passed = { title: 'a', state: 'passed' };

describe('a runner', () => {
  after(() => forgetResults(NAME));
  const states = async (text, options) => {
    const tests = await runner('runner', NAME, node, script(text), options).tests();
    return tests.map((t) => t.state);
  };

  test('counts what its result file says', async () => {
    assert.deepEqual(await states(keep([passed, { title: 'b', state: 'skipped' }])), ['passed', 'skipped']);
  });
  test('that ends well without a result has failed', async () => {
    assert.deepEqual(await states('process.exit(0)'), ['failed']);
  });
  test('does not take the result of an earlier run for its own', async () => {
    writeResults(NAME, [passed]);
    assert.deepEqual(await states('process.exit(0)'), ['failed']);
  });
  test('that ran no test has failed', async () => {
    assert.deepEqual(await states(keep([])), ['failed']);
  });
  test('that fails though its tests passed has failed', async () => {
    assert.deepEqual(await states(`${keep([passed])} process.exitCode = 3;`), ['passed', 'failed']);
  });
  test('that never ends has failed', async () => {
    assert.deepEqual(await states('setInterval(() => {}, 1000)', { timeout: 500 }), ['failed']);
  });
});

describe('steps', () => {
  const silent = async (steps) => {
    const { log } = console;
    console.log = () => {};
    try {
      return await runSteps(steps);
    } finally {
      console.log = log;
    }
  };

  test('go on after a failure, and stop after one that the others need', async () => {
    const ok = check('ok', node, script(''));
    const bad = check('bad', node, script('process.exit(1)'));
    const needed = check('needed', node, script('process.exit(1)'), { needed: true });
    assert.deepEqual(count(await silent([bad, ok])), { passed: 1, failed: 1, skipped: 0 });
    assert.deepEqual(count(await silent([needed, ok])), { passed: 0, failed: 2, skipped: 0 });
  });

  test('conclude with one line and an exit code', () => {
    const { log } = console;
    const lines = [];
    console.log = (line) => lines.push(line);
    try {
      assert.equal(conclude([passed]), 0);
      assert.equal(conclude([passed, { title: 'b', state: 'failed' }]), 1);
      assert.equal(conclude([]), 1);
    } finally {
      console.log = log;
    }
    assert.deepEqual(
      lines.map((line) => line.trim()),
      ['1 passed, 0 failed', '1 passed, 1 failed', '0 passed, 0 failed'],
    );
  });
});

describe('the report of Vitest', () => {
  const file = path.join(resultsDir, 'tools-selftest-vitest.json');
  before(() => fs.mkdirSync(resultsDir, { recursive: true }));
  after(() => fs.rmSync(file, { force: true }));

  test('counts a file that fails before its first test', () => {
    const assertionResults = [{ fullName: 'x', status: 'passed' }];
    const testResults = [
      { name: '/a.test.ts', status: 'passed', assertionResults },
      { name: '/b.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] },
      { name: '/c.test.ts', status: 'passed', assertionResults: [{ fullName: 'y', status: 'pending' }] },
    ];
    fs.writeFileSync(file, JSON.stringify({ testResults }));
    assert.deepEqual(
      readVitestResults(file).map((t) => t.state),
      ['passed', 'failed', 'skipped'],
    );
  });
  test('that is not there is no result', () => {
    assert.equal(readVitestResults('/nowhere.json'), undefined);
  });
});

describe('programs', () => {
  test('leave nothing running behind', {
    skip: process.platform === 'win32' && 'process groups are POSIX',
  }, async () => {
    const folder = temporaryFolder('savepoint-explorer-tools');
    const file = path.join(folder.path, 'pid');
    const child = `import { spawn } from 'node:child_process'; import fs from 'node:fs';
      const c = spawn('sleep', ['60'], { stdio: 'ignore' }); fs.writeFileSync(${JSON.stringify(file)}, String(c.pid)); c.unref();`;
    await run(node, script(child));
    const pid = Number(fs.readFileSync(file, 'utf8'));
    folder.remove();
    // Its new parent may need a moment to take note of its end.
    const isRunning = () => {
      try {
        process.kill(pid, 0);
        return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
      } catch {
        return false;
      }
    };
    for (const end = Date.now() + 5000; isRunning() && Date.now() < end; ) await sleep(50);
    assert.equal(isRunning(), false);
  });

  test('that are not there are a failure, and not found', async () => {
    assert.equal((await run('/nowhere/program', [], { quiet: true })).code, 1);
    assert.equal(findProgram('no-such-program-anywhere'), undefined);
  });
});
