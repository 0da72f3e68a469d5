// Runs test/host/suite inside the extension host of a real VS Code: a desktop one where it can be had and started, else
// code-server in a headless Chromium. HOST=desktop or HOST=server insists on one.
import fs from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { hostDir, root } from '../tools/paths.mjs';
import { run, temporaryFolder } from '../tools/processes.mjs';
import { forgetResults, readResults, writeResults } from '../tools/results.mjs';
import { startBrowser } from './browser.mjs';
import { canDownload, downloadDesktop, hasScreen, starts } from './desktop.mjs';
import { installVirtualScreen } from './install.mjs';
import { startServer, windowAddress } from './server.mjs';
import { makeWorkspace } from './workspace.mjs';

const TIMEOUT = 240_000;
const NAME = 'suite';

/** Bundles the suite into one CommonJS file, which is what the extension host loads. */
async function buildSuite() {
  const outfile = path.join(hostDir, 'suite/index.js');
  await esbuild.build({
    entryPoints: [path.join(root, 'test/host/suite/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  return outfile;
}

async function runOnDesktop(executable, task) {
  const user = temporaryFolder('savepoint-explorer-desktop');
  try {
    return await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: task.tests,
      launchArgs: [task.workspace, '--disable-extensions', '--disable-gpu', '--user-data-dir', user.path],
      extensionTestsEnv: task.env,
    }).catch((error) => error.code ?? 1);
  } finally {
    user.remove();
  }
}

/** The page reports to two functions that the extension host's test mode calls. Resolves with VS Code's own exit code. */
async function runOnServer(task) {
  let server;
  let browser;
  const log = [];
  try {
    server = await startServer({ development: true, env: task.env });
    browser = await startBrowser();
    const page = await browser.context.newPage();
    page.on('console', (message) => log.push(`[page ${message.type()}] ${message.text()}`));
    const exit = new Promise((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (type, args) => log.push(`[${type}] ${format(...[args].flat())}`));
    await page.goto(
      windowAddress(server, { folder: task.workspace, extensionDevelopmentPath: root, extensionTestsPath: task.tests }),
    );
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve('timeout'), TIMEOUT);
    });
    const code = await Promise.race([exit, late]);
    clearTimeout(timer);
    if (code === 'timeout') await page.screenshot({ path: path.join(hostDir, 'suite-timeout.png') });
    return code;
  } finally {
    fs.writeFileSync(path.join(hostDir, 'suite.log'), [...log, server?.log() ?? ''].join('\n'));
    await browser?.stop();
    await server?.stop();
  }
}

/** A desktop VS Code that starts on this machine, or why there is none. */
async function findDesktop() {
  if (!(await canDownload())) return { why: 'VS Code cannot be downloaded here' };
  if (!hasScreen() && (await installVirtualScreen()) === undefined) return { why: 'there is no screen and no xvfb' };
  const executable = await downloadDesktop();
  const trial = await starts(executable);
  return trial.ok ? { executable } : { why: `the downloaded VS Code does not start: ${trial.output.trim()}` };
}

async function main() {
  const wanted = process.env.HOST;
  const desktop = wanted === 'server' ? { why: 'asked for' } : await findDesktop();
  if (desktop.executable === undefined && wanted === 'desktop') throw new Error(`No desktop VS Code: ${desktop.why}`);
  if (desktop.executable !== undefined && !hasScreen()) {
    const screen = await installVirtualScreen();
    const env = { ...process.env, HOST: 'desktop' };
    const { code } = await run(screen, ['-a', process.execPath, import.meta.filename], {
      env,
      timeout: TIMEOUT + 60_000,
    });
    return code;
  }

  forgetResults(NAME);
  const workspace = makeWorkspace();
  const output = temporaryFolder('savepoint-explorer-result');
  const resultFile = path.join(output.path, 'result.json');
  const task = {
    tests: await buildSuite(),
    workspace: workspace.path,
    env: { SUITE_RESULT: resultFile, SUITE_GREP: process.env.SUITE_GREP ?? '' },
  };
  try {
    console.log(
      desktop.executable !== undefined ? `Host: ${desktop.executable}` : `Host: code-server (${desktop.why})`,
    );
    const code =
      desktop.executable !== undefined ? await runOnDesktop(desktop.executable, task) : await runOnServer(task);
    // VS Code ends with 0 when the extension host dies, and when the extension is not there: only the file is proof.
    if (!fs.existsSync(resultFile)) {
      console.error(`The suite did not come to its end (VS Code: ${code}). See .host/suite.log.`);
      return 1;
    }
    const { tests } = JSON.parse(fs.readFileSync(resultFile, 'utf8'));
    if (code !== 0 && tests.every((test) => test.state === 'passed')) {
      tests.push({ title: `VS Code ended with ${code}`, state: 'failed' });
    }
    writeResults(NAME, tests);
    for (const test of tests)
      console.log(`  ${test.state === 'passed' ? '✔' : test.state} ${test.title}`, test.error ?? '');
    return tests.length > 0 && readResults(NAME).every((test) => test.state === 'passed') ? 0 : 1;
  } finally {
    workspace.remove();
    output.remove();
  }
}

process.exitCode = await main();
