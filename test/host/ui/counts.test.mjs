// How many entries there are and where, in a real window, from the package: its database must be in it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, sampleDir } from '../../tools/paths.mjs';
import { runOrThrow } from '../../tools/processes.mjs';
import { quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openPackage } from './session.mjs';

/** What the command line says of the sample: the same engine by another way. */
async function statsOfSample() {
  const cli = path.join(root, 'dist/cli.js');
  return JSON.parse(await runOrThrow(process.execPath, [cli, 'stats', sampleDir, '--json']));
}

const titleOf = ({ name, uid, id }) => name ?? uid ?? id;
const grouped = (number) => number.toLocaleString('en');

describe('the count of entries in the window', { timeout: 600_000 }, () => {
  let session;
  let page;
  let stats;
  before(async () => {
    session = await openPackage('counts', { 'savepointExplorer.countUpTo': 0 });
    page = session.page;
    stats = await statsOfSample();
    await quickOpen(page, 'sample/_metadata');
  });
  after(() => session?.stop());

  const shown = () => webviewFrame(page, SNAPSHOT_SHOWN);
  const footer = (frame, text) => frame.locator('.footer-count', { hasText: text }).waitFor();
  /** Entries by what an operator or state is called, as the table shows them. */
  const table = (frame) =>
    frame
      .locator('[role="treegrid"] .rows [role="row"]')
      .evaluateAll((rows) =>
        rows.map((row) => [row.querySelector('.label').textContent, row.querySelector('.cell.entries').textContent]),
      );

  test('nothing is counted that nobody asked for', async () => {
    const frame = await shown();
    await footer(frame, 'The entries are not counted.');
    await frame.getByRole('button', { name: 'Expand all' }).click();
    assert.ok((await table(frame)).some(([, entries]) => entries === '—not counted'));
  });

  test('counts what the command line counts', async () => {
    const frame = await shown();
    await frame.getByRole('button', { name: 'Count Entries' }).click();
    await footer(frame, `${grouped(stats.entries)} entries counted in`);
    // Only rows in sight are drawn.
    await frame.getByRole('button', { name: 'Collapse all' }).click();
    const found = new Map(await table(frame));
    for (const operator of stats.operators) {
      assert.equal(found.get(titleOf(operator)), grouped(operator.entries), titleOf(operator));
    }
    await session.shot('counted');
  });

  test('shows where the entries of a state are, and opens its largest key', async () => {
    const frame = await shown();
    const operator = stats.operators.find(({ states }) =>
      states.some(({ largest, kind }) => kind === 'value' && largest.length > 2),
    );
    const state = operator.states.find(({ largest, kind }) => kind === 'value' && largest.length > 2);
    await frame.getByRole('searchbox').fill(state.name);
    await frame
      .locator('[role="treegrid"] .rows [role="row"][aria-level="2"]', { hasText: state.name })
      .first()
      .click();
    const keys = frame.locator('.largest tbody button');
    await keys.first().waitFor();
    assert.deepEqual(
      await keys.allTextContents(),
      state.largest.map(({ key }) => key),
    );
    await frame.locator('[data-figure="By key group"] summary').click();
    const groups = frame.locator('[data-figure="By key group"] tbody tr');
    const sum = (await groups.locator('td:nth-of-type(1)').allTextContents())
      .map((text) => Number(text.replaceAll(',', '')))
      .reduce((all, entries) => all + entries, 0);
    assert.equal(sum, state.entries);
    await session.shot('pictures');
    await keys.first().click();
    await frame.locator('.state-page h1', { hasText: state.name }).waitFor();
    await session.shot('largest-key');
  });

  test('is kept: another editor of the same snapshot need not count', async () => {
    await runCommand(page, 'View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    await quickOpen(page, 'sample/_metadata');
    await footer(await shown(), `${grouped(stats.entries)} entries, counted before.`);
    const database = path.join(session.server.user, 'User/globalStorage/savepoint-explorer.savepoint-explorer/index');
    assert.ok(fs.readdirSync(database).includes('CURRENT'), 'the database lies below the extension’s storage');
    // And nothing lies beside the snapshot that was not there.
    const beside = fs.readdirSync(path.join(session.workspace.path, 'sample')).sort();
    assert.deepEqual(beside, fs.readdirSync(sampleDir).sort());
  });

  test('is there again when its tab was hidden', async () => {
    await quickOpen(page, 'canonical/_metadata');
    await footer(await shown(), 'The entries are not counted.');
    await (await shown()).getByRole('button', { name: 'Count Entries' }).click();
    await quickOpen(page, 'bad/text/_metadata');
    await quickOpen(page, 'canonical/_metadata');
    await footer(await shown(), /entries counted in|counted before/);
  });

  test('is cleared by a command, which says how much that was', async () => {
    await runCommand(page, 'Savepoint Explorer: Clear Cache');
    await page.locator('.notification-list-item', { hasText: /The cache is cleared: .*B were freed/ }).waitFor();
    await session.shot('cleared');
    await runCommand(page, 'View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    await runCommand(page, 'Developer: Reload Window');
    await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 90_000 });
    await quickOpen(page, 'sample/_metadata');
    await footer(await shown(), 'The entries are not counted.');
  });
});
