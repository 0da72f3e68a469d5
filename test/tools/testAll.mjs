// npm test: builds, checks types and runs every test, those in a real VS Code too.
import fs from 'node:fs';
import path from 'node:path';
import { whyNoFlink } from './flink.mjs';
import { resultsDir, root } from './paths.mjs';
import { forgetResults, readVitestResults, writeResults } from './results.mjs';
import { check, conclude, notHere, runner, runSteps } from './steps.mjs';

process.chdir(root);
const node = process.execPath;
const minutes = 60_000;
const bin = (name) => path.join(root, 'node_modules', name);
const tsc = bin('typescript/bin/tsc');
const vitestReport = path.join(resultsDir, 'vitest.json');
const reporters = [
  ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...['--test-reporter=./test/tools/countReporter.mjs', '--test-reporter-destination=stdout'],
];

/** Node 20 takes folders and Node 22 patterns; both take names. */
const testsIn = (folder) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => `${folder}/${name}`);

const noFlink = whyNoFlink();

forgetResults('all');
const tests = await runSteps([
  check('Build', node, ['esbuild.mjs'], { needed: true }),
  check('Types of the extension, the engine and the tests', node, [tsc, '-p', '.', '--noEmit']),
  check('Types of the webview', node, [tsc, '-p', 'webview', '--noEmit']),
  noFlink === undefined
    ? check('Real Flink and its jobs, which restore what is written', node, ['test/tools/flink.mjs'], {
        timeout: 15 * minutes,
      })
    : notHere('Real Flink and its jobs', `what Flink restores: ${noFlink}`),
  runner(
    'Unit, property and format tests',
    'vitest',
    node,
    [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
    { read: () => readVitestResults(vitestReport), timeout: 30 * minutes },
  ),
  runner('The counting of tests', 'tools', node, ['--test', ...reporters, ...testsIn('test/tools')]),
  runner('The package', 'package', node, ['--test', ...reporters, ...testsIn('test/host')]),
  runner('Inside the extension host', 'suite', node, ['test/host/runSuite.mjs']),
  process.platform === 'linux'
    ? runner('In the window', 'ui', node, ['--test', '--test-concurrency=1', ...reporters, ...testsIn('test/host/ui')])
    : notHere('In the window', 'the server of VS Code that these tests drive runs on Linux'),
]);
writeResults('all', tests);
process.exitCode = conclude(tests);
