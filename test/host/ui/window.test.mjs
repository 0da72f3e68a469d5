// A person's first minutes, in a real window: with the extension installed from its package, and from source.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, sampleDir } from '../../tools/paths.mjs';
import { runOrThrow } from '../../tools/processes.mjs';
import { quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openPackage, openSource } from './session.mjs';

const TOP_ROWS = '[role="treegrid"] [role="row"][aria-level="1"]';

/** What the command line says of the sample: the same engine by another way. */
async function inspectSample() {
  const json = await runOrThrow(process.execPath, [path.join(root, 'dist/cli.js'), 'inspect', sampleDir, '--json']);
  return JSON.parse(json);
}

for (const [mode, open] of [
  ['package', openPackage],
  ['source', openSource],
]) {
  describe(`the window, extension from ${mode}`, { timeout: 600_000 }, () => {
    let session;
    let page;
    let sample;
    before(async () => {
      session = await open();
      page = session.page;
      sample = await inspectSample();
    });
    after(() => session?.stop());

    test('is a development host only from source', async () => {
      assert.equal((await page.title()).includes('[Extension Development Host]'), mode === 'source');
    });

    test('a click on _metadata shows the operators of the snapshot', async () => {
      const rows = page.locator('.explorer-folders-view .monaco-list-row');
      await rows.filter({ hasText: 'sample' }).click();
      await rows.filter({ hasText: '_metadata' }).first().click();
      const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
      const titles = await frame.locator(`${TOP_ROWS} .label`).allTextContents();
      const expected = sample.operators.map((operator) => operator.name ?? operator.uid ?? operator.id);
      assert.ok(expected.length > 0);
      assert.deepEqual(titles.map((t) => t.slice(0, 8)).sort(), expected.map((t) => t.slice(0, 8)).sort());
      await session.shot('editor');
    });

    test('an operator opens to its states, by keyboard', async () => {
      const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
      const operator = sample.operators.find((o) => o.states.length > 0);
      const title = operator.name ?? operator.uid ?? operator.id;
      await frame.getByRole('button', { name: 'Collapse all' }).click();
      const row = frame
        .locator(TOP_ROWS)
        .filter({ hasText: title.slice(0, 8) })
        .first();
      await row.click();
      await page.keyboard.press('ArrowRight');
      for (const state of operator.states.slice(0, 3)) {
        await frame
          .locator('[role="treegrid"] [role="row"][aria-level="2"]', { hasText: state.name })
          .first()
          .waitFor();
      }
      await session.shot('states');
    });

    test('the filter keeps what matches', async () => {
      const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
      const filter = frame.getByRole('searchbox');
      await filter.fill('no operator has such a name');
      await frame.getByText('Nothing here matches').waitFor();
      await filter.fill('');
      await frame.locator(TOP_ROWS).first().waitFor();
      assert.equal(await frame.locator(TOP_ROWS).count(), sample.operators.length);
    });

    test('the page breaks no rule of its content security policy', () => {
      const broken = page.consoleLines.filter(
        (line) => /content security policy/i.test(line) && !/vscode-cdn|workbench/i.test(line),
      );
      assert.deepEqual(broken, []);
    });

    test('the sample opens from the palette', async () => {
      await runCommand(page, 'View: Close All Editors');
      await page.locator('.tab').first().waitFor({ state: 'detached' });
      await runCommand(page, 'Savepoint Explorer: Open Sample');
      await webviewFrame(page, SNAPSHOT_SHOWN);
      await page.locator('.tab', { hasText: '_metadata' }).waitFor();
    });

    test('the tree lists the snapshots of the workspace, and shows in the editor what is clicked', async () => {
      await runCommand(page, 'View: Close All Editors');
      await page.locator('.tab').first().waitFor({ state: 'detached' });
      await runCommand(page, 'Focus on Snapshots View');
      const rows = page
        .locator('.pane', { has: page.locator('.pane-header', { hasText: 'Snapshots' }) })
        .locator('.monaco-list-row');
      for (const name of ['sample', 'canonical', 'truncated']) await rows.filter({ hasText: name }).first().waitFor();
      const snapshot = rows.filter({ hasText: 'sample' }).first();
      await snapshot.locator('.monaco-tl-twistie').click();
      const operator = sample.operators[0];
      const title = operator.name ?? operator.uid ?? operator.id;
      await rows
        .filter({ hasText: title.slice(0, 8) })
        .first()
        .click();
      const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
      await frame.locator(`${TOP_ROWS}[aria-selected="true"]`, { hasText: title.slice(0, 8) }).waitFor();
      await session.shot('tree');
    });

    test('a snapshot written by a real job opens by Quick Open', async () => {
      await quickOpen(page, 'canonical/_metadata');
      await page.locator('.tab.active', { hasText: '_metadata' }).waitFor();
      const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
      await frame.locator(TOP_ROWS).first().waitFor();
    });
  });
}
