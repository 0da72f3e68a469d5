// From a snapshot to a new one in a real window: the form, the plan with a fault and without, the dry run, the run.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chooseFromMenu, quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

describe('a plan in the window', { timeout: 300_000 }, () => {
  let session;
  let page;
  before(async () => {
    session = await openSource({
      'editor.minimap.enabled': false,
      // What is typed is what stands there.
      'editor.autoClosingBrackets': 'never',
      'editor.autoSurround': 'never',
    });
    page = session.page;
    await quickOpen(page, 'sample/_metadata');
    await webviewFrame(page, SNAPSHOT_SHOWN);
  });
  after(() => session?.stop());

  const questions = () => page.locator('.quick-input-widget:visible');
  /** Chooses from the list of a question, once that is the one that is asked. */
  const choose = async (prompt, label) => {
    await questions().getByPlaceholder(prompt).waitFor();
    await questions().locator('input').first().fill(label);
    await questions().locator('.monaco-list-row').filter({ hasText: label }).first().click();
  };
  /** Answers a question that asks for a text. */
  const answer = async (prompt, text) => {
    await questions().getByText(prompt).waitFor();
    await questions().locator('input').first().fill(text);
    await page.keyboard.press('Enter');
  };
  const squiggles = () => page.locator('.editor-instance .squiggly-error');
  const lens = (title) => page.locator('.codelens-decoration a', { hasText: title });

  test('the form asks in turn, says what is wrong with an answer, goes back, and ends in a plan', async () => {
    await runCommand(page, 'Savepoint Explorer: Modify…');
    await choose('What do you want to change?', 'Put an entry');
    await choose('Which operator?', 'Accounts');
    await choose('Which state?', 'total');
    await questions().getByText('Key, string').waitFor();
    await questions().getByRole('button', { name: 'Back' }).click();
    await choose('Which state?', 'balance');
    await answer('Key, string', 'user-1001');
    await answer('Value, pojo com.acme.Balance', '{"amount": 1.5,');
    await questions().getByText('Expected').first().waitFor();
    await session.shot('form');
    await questions().locator('input').first().fill('{"amount": 1.5, "updatedAt": "now"}');
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: 'modify-sample.savepoint-plan.json' }).waitFor();
    await page.locator('.view-line', { hasText: '"state": "balance"' }).waitFor();
  });

  test('a value of the wrong type is marked, and the mark goes when it is mended', async () => {
    await squiggles().first().waitFor();
    await lens('Dry run').waitFor();
    await session.shot('plan-squiggle');
    // The value is selected: what is typed takes its place.
    await page.keyboard.insertText('{ "amount": 1.5, "updatedAt": 7 }');
    await squiggles().first().waitFor({ state: 'detached' });
  });

  test('names and fields are completed in the plan', async () => {
    await page.locator('.view-line', { hasText: '"state"' }).getByText('"balance"').click();
    await page.keyboard.press('Control+Space');
    const offered = page.locator('.suggest-widget.visible .monaco-list-row');
    await offered.filter({ hasText: 'com.acme.Balance' }).waitFor();
    await session.shot('plan-completion');
    await page.keyboard.press('Escape');
  });

  test('the next form adds to the plan that is open', async () => {
    await runCommand(page, 'Savepoint Explorer: Rescale…');
    await questions().getByPlaceholder('Which operators?').waitFor();
    await page.keyboard.press('Enter');
    await answer('New parallelism', '8');
    await answer('New max parallelism', '1024');
    await page.locator('.view-line', { hasText: '"rescale"' }).waitFor();
    assert.equal(
      await page.locator('.tab', { hasText: 'savepoint-plan.json' }).count(),
      1,
      'a plan of its own was made',
    );
  });

  test('a dry run shows what would change, entry by entry and by key group', async () => {
    await lens('Dry run').click();
    const frame = await webviewFrame(page, '.report');
    assert.match(await frame.locator('h1').textContent(), /^Dry run of modify-sample/);
    const accounts = frame.getByRole('region', { name: 'Accounts', exact: true });
    await accounts.getByText('Parallelism 4 → 8').waitFor();
    const samples = accounts.getByRole('table', { name: 'Changed entries of balance' });
    assert.match(await samples.textContent(), /user-1001.*"amount":1\.5,"updatedAt":7/s);
    const rows = accounts.getByRole('table', { name: 'Entries by subtask' }).locator('tbody tr');
    assert.equal(await rows.count(), 8);
    await accounts.getByText('1,024 key groups').waitFor();
    await session.shot('report');
    for (const theme of ['Dark Modern', 'Dark High Contrast']) {
      await runCommand(page, 'Preferences: Color Theme');
      await choose('Select Color Theme', theme);
      await questions().waitFor({ state: 'hidden' });
      await frame.locator(theme === 'Dark Modern' ? 'body.vscode-dark' : 'body.vscode-high-contrast').waitFor();
      await session.shot(`report-${theme.replaceAll(' ', '-').toLowerCase()}`);
    }
  });

  test('a changed plan makes the report say that it is of yesterday', async () => {
    const frame = await webviewFrame(page, '.report');
    await frame.getByRole('button', { name: 'Show the Plan' }).click();
    await page.locator('.tab.active[data-resource-name="modify-sample.savepoint-plan.json"]').waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('// why\n');
    await frame.getByText('The plan has changed since this dry run.').waitFor();
    await frame.getByRole('button', { name: 'Dry Run Again' }).first().click();
    await frame.getByText('The plan has changed since this dry run.').waitFor({ state: 'detached' });
  });

  test('a run asks for a folder, and opens what it wrote with its proof', async () => {
    const report = await webviewFrame(page, '.report');
    await report.getByRole('button', { name: 'Run…' }).click();
    await questions().getByText('A folder that is new or empty').waitFor();
    const input = questions().locator('input').first();
    const proposed = await input.inputValue();
    assert.equal(path.dirname(proposed), session.workspace.path);
    await input.fill(path.join(session.workspace.path, 'sample'));
    await questions().getByText('This folder is not empty').waitFor();
    await input.fill(proposed);
    await page.keyboard.press('Enter');
    const frame = await webviewFrame(page, '.written');
    await frame.getByText('proved by reading it back').waitFor();
    await session.shot('written');
    assert.ok(fs.existsSync(path.join(proposed, '_metadata')));
    const kept = JSON.parse(fs.readFileSync(path.join(proposed, 'savepoint-explorer.json'), 'utf8'));
    assert.match(kept.plan, /^\/\/ why\n/);
    assert.ok(kept.proof.entries > 0);
  });

  test('an entry of the page goes into the plan that is open', async () => {
    await quickOpen(page, 'sample/_metadata');
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByRole('searchbox').fill('total');
    await frame.locator('[role="treegrid"] [role="row"]').filter({ hasText: 'total' }).last().click();
    await page.keyboard.press('Enter');
    const cell = frame.locator('.grid-body [aria-rowindex="2"] > *').nth(1);
    await cell.waitFor();
    const key = await cell.textContent();
    await cell.click({ button: 'right' });
    await chooseFromMenu(page, 'Modify This Entry…');
    await page.locator('.tab.active[data-resource-name="modify-sample.savepoint-plan.json"]').waitFor();
    await page.locator('.view-line', { hasText: `"${key}"` }).waitFor();
    await session.shot('plan-entry');
  });

  test('a state of the tree is asked about itself alone', async () => {
    await runCommand(page, 'Focus on Snapshots View');
    const rows = page
      .locator('.pane', { has: page.locator('.pane-header', { hasText: 'Snapshots' }) })
      .locator('.monaco-list-row');
    for (const parent of [/^sample\s*\d/, /^Accounts\s*\d/]) {
      const node = rows.filter({ hasText: parent }).first();
      await node.waitFor();
      if ((await node.getAttribute('aria-expanded')) === 'false') await node.locator('.monaco-tl-twistie').click();
    }
    await rows.filter({ hasText: 'balance' }).first().click({ button: 'right' });
    await chooseFromMenu(page, 'Modify…');
    await questions().locator('.monaco-list-row').filter({ hasText: 'Rename a state' }).waitFor();
    assert.equal(await questions().locator('.monaco-list-row').filter({ hasText: 'Remove an operator' }).count(), 0);
    await page.keyboard.press('Escape');
  });

  test('the pages break no rule of their content security policy', () => {
    const broken = page.consoleLines.filter(
      (line) => /content security policy/i.test(line) && !/vscode-cdn|workbench/i.test(line),
    );
    assert.deepEqual(broken, []);
  });
});
