// Two snapshots compared in a real window: chosen from a list, the changed field, a plan that puts the old value back, a reload,
// stop and go on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../../tools/paths.mjs';
import { chooseFromMenu, quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

/** Rows of the large snapshot: so many that comparing it can be stopped. */
const ROWS = 1_500_000;

describe('two snapshots compared in the window', { timeout: 420_000 }, () => {
  let session;
  let page;
  const inWorkspace = (name) => path.join(session.workspace.path, name);
  const savepoint = (...args) => execFileSync(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args]);
  const questions = () => page.locator('.quick-input-widget:visible');
  const choose = async (prompt, label) => {
    await questions().getByPlaceholder(prompt).waitFor();
    await questions().locator('input').first().fill(label);
    await questions().locator('.monaco-list-row').filter({ hasText: label }).first().click();
  };
  const detail = (frame) => frame.getByRole('complementary', { name: 'The chosen difference' });

  before(async () => {
    session = await openSource();
    page = session.page;
    const counter = [
      '--operator',
      'accounts',
      '--state',
      'counters',
      '--key',
      '"user-1003"',
      '--map-key',
      '"WITHDRAWAL"',
    ];
    savepoint('modify', inWorkspace('sample'), '--out', inWorkspace('fixed'), ...counter, '--put', '5');
  });
  after(() => session?.stop());

  test('a neighbour is offered first; the answer, the state and the field that differ', async () => {
    await quickOpen(page, 'sample/_metadata');
    await webviewFrame(page, SNAPSHOT_SHOWN);
    await runCommand(page, 'Savepoint Explorer: Compare…');
    await questions().getByPlaceholder('Compare sample with which snapshot?').waitFor();
    await questions().getByText('in the same folder').waitFor();
    await session.shot('compare-choose');
    await choose('Compare sample with which snapshot?', 'fixed');
    const frame = await webviewFrame(page, '.compare-verdict');
    await frame
      .getByText(/^1 of \d+ operators differ/)
      .first()
      .waitFor();
    const counters = frame.locator('.compare-row').filter({ hasText: 'counters' });
    assert.deepEqual(await counters.locator('.number').allTextContents(), ['0', '0', '1']);
    await detail(frame).getByText('"user-1003"').waitFor();
    assert.deepEqual(await detail(frame).locator('tbody mark').allTextContents(), ['6', '5']);
    await session.shot('compare');
  });

  test('follows the theme', async () => {
    for (const [theme, kind] of [
      ['Light Modern', 'vscode-light'],
      ['Dark High Contrast', 'vscode-high-contrast'],
      ['Dark Modern', 'vscode-dark'],
    ]) {
      await runCommand(page, 'Preferences: Color Theme');
      await choose('Select Color Theme', theme);
      await questions().waitFor({ state: 'hidden' });
      await (await webviewFrame(page, '.compare-verdict')).locator(`body.${kind}`).waitFor();
      await session.shot(`compare-${kind}`);
    }
  });

  test('an old value goes into a plan', async () => {
    const frame = await webviewFrame(page, '.compare-verdict');
    await detail(frame).getByRole('button', { name: 'Put the Old Value Back…' }).click();
    await page.locator('.tab.active', { hasText: 'savepoint-plan.json' }).waitFor();
    for (const line of ['"put"', '"state": "counters"', '"key": "user-1003"', '"mapKey": "WITHDRAWAL"', '"value": 6'])
      await page.locator('.view-line', { hasText: line }).first().waitFor();
  });

  test('one side opens where the entry is', async () => {
    await page.locator('.tab', { hasText: '↔' }).click();
    const frame = await webviewFrame(page, '.compare-verdict');
    await detail(frame).getByRole('button', { name: 'Show in the Second' }).click();
    await page.locator('.tab.active', { hasText: '_metadata' }).waitFor();
    await webviewFrame(page, '.state-page, .entries-page, [role="grid"]', { hasText: 'user-1003' });
  });

  test('two snapshots of the tree, one selected before the other', async () => {
    await runCommand(page, 'Focus on Snapshots View');
    const rows = page
      .locator('.pane', { has: page.locator('.pane-header', { hasText: 'Snapshots' }) })
      .locator('.monaco-list-row');
    await rows
      .filter({ hasText: /^fixed/ })
      .first()
      .click({ button: 'right' });
    await chooseFromMenu(page, 'Select for Compare');
    await page.getByText('fixed is selected for compare').first().waitFor();
    await rows
      .filter({ hasText: /^sample/ })
      .first()
      .click({ button: 'right' });
    await chooseFromMenu(page, 'Compare with Selected');
    await page.locator('.tab.active', { hasText: 'fixed ↔ sample' }).waitFor();
    const frame = await webviewFrame(page, '.compare-side.before .compare-name', { hasText: 'fixed' });
    await detail(frame).getByText('"user-1003"').waitFor();
    assert.deepEqual(await detail(frame).locator('tbody mark').allTextContents(), ['5', '6']);
  });

  test('the page is there again when the window is loaded again', async () => {
    // A window that is closed at once may forget its last tabs: VS Code writes them down now and then.
    for (let i = 0; !(await page.evaluate(remembersComparison)); i++) {
      assert.ok(i < 180, 'VS Code does not write its tabs down');
      await page.waitForTimeout(500);
    }
    await page.reload();
    await page.locator('.tab', { hasText: 'fixed ↔ sample' }).waitFor({ timeout: 90_000 });
    // A window that is still being put together may go back to the tab that was open, after the click.
    let frame;
    for (let i = 0; frame === undefined; i++) {
      await page.locator('.tab', { hasText: 'fixed ↔ sample' }).click();
      const wanted = { hasText: 'fixed', timeout: 15_000 };
      frame = await webviewFrame(page, '.compare-side.before .compare-name', wanted).catch((error) => {
        if (i === 5) throw error;
      });
    }
    await detail(frame).getByText('"user-1003"').waitFor();
  });

  test('a long comparison is stopped, and goes on', async () => {
    const data = inWorkspace('rows.csv');
    const lines = ['k,v'];
    for (let i = 0; i < ROWS; i++) lines.push(`user-${i},${i * 7}`);
    fs.writeFileSync(data, `${lines.join('\n')}\n`);
    const state = ['--state', 'v', '--kind', 'value', '--type', 'long', '--value', 'int(row.v)'];
    const key = ['--uid', 'large', '--key', 'row.k', '--key-type', 'string'];
    savepoint('bootstrap', data, '--out', inWorkspace('large'), ...key, ...state, '--max-parallelism', '128');
    // Key groups that have nothing in common are compared as one, which takes its time.
    savepoint('rescale', inWorkspace('large'), '--out', inWorkspace('larger'), '--max-parallelism', '127');
    await quickOpen(page, 'large/_metadata');
    await webviewFrame(page, SNAPSHOT_SHOWN);
    await runCommand(page, 'Savepoint Explorer: Compare…');
    await choose('Compare large with which snapshot?', 'larger');
    const frame = await webviewFrame(page, '.compare-side.after .compare-name', { hasText: 'larger' });
    await frame.getByText(/\d\sentries\scompared/).waitFor();
    await frame.getByRole('button', { name: 'Stop', exact: true }).click();
    await frame.getByText(/^Stopped: /).waitFor();
    await session.shot('compare-stopped');
    await frame.getByRole('button', { name: 'Continue' }).click();
    await frame.getByText('3,000,000 entries compared').waitFor({ timeout: 120_000 });
    await frame.getByText('max parallelism 128 → 127').waitFor();
    const entries = frame.locator('.compare-row').filter({ hasText: 'large' }).first().locator('.number');
    assert.deepEqual(await entries.allTextContents(), ['0', '0', '0']);
  });

  test('the page breaks no rule of its content security policy', () => {
    const broken = page.consoleLines.filter(
      (line) => /content security policy/i.test(line) && !/vscode-cdn|workbench/i.test(line),
    );
    assert.deepEqual(broken, []);
  });
});

/** Runs in the window: whether the tab of the last comparison stands in VS Code's own memory. */
async function remembersComparison() {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db')) continue;
    const database = await done(indexedDB.open(name));
    try {
      if (!database.objectStoreNames.contains('ItemTable')) continue;
      const values = await done(database.transaction('ItemTable').objectStore('ItemTable').getAll());
      if (values.some((value) => typeof value === 'string' && value.includes('fixed ↔ sample'))) return true;
    } finally {
      database.close();
    }
  }
  return false;
}
