// Entries of a state, in a real window: the sample's balances, the next hundred, one key, and the way back.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, sampleDir } from '../../tools/paths.mjs';
import { runOrThrow } from '../../tools/processes.mjs';
import { quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

const ENTRIES_SHOWN = 'table.entries tbody tr';

/** What the command line says of a state of the sample: the same engine by another way. */
async function dumpOf(state, ...options) {
  const cli = path.join(root, 'dist/cli.js');
  const lines = await runOrThrow(process.execPath, [cli, 'dump', sampleDir, '--state', state, ...options]);
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('entries in the window', { timeout: 300_000 }, () => {
  let session;
  let page;
  let balances;
  before(async () => {
    session = await openSource();
    page = session.page;
    balances = await dumpOf('balance');
    await quickOpen(page, 'sample/_metadata');
  });
  after(() => session?.stop());

  const row = (frame, name) => frame.locator('[role="treegrid"] [role="row"]').filter({ hasText: name });
  const cells = (frame, index) => frame.locator(ENTRIES_SHOWN).nth(index).locator('td').allTextContents();
  const statusSays = (frame, text) => frame.locator('.entries-status', { hasText: text }).waitFor();

  test('a state opens from its row with Enter', async () => {
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByRole('searchbox').fill('balance');
    await row(frame, 'balance').last().click();
    await session.shot('narrow-names');
    await page.keyboard.press('Enter');
    await frame.locator(ENTRIES_SHOWN).first().waitFor();
    assert.equal(await frame.locator('.state-page h1').textContent(), 'balance');
    await statusSays(frame, 'Entries 1 to 100');
    const { key, value, kg, subtask } = balances[0];
    const [, ...shown] = await cells(frame, 0);
    assert.deepEqual(shown.slice(0, 5), [
      key,
      String(value.amount),
      String(value.updatedAt),
      String(kg),
      String(subtask),
    ]);
    await frame.locator('.entry-details', { hasText: 'amount' }).waitFor();
    await session.shot('entries');
  });

  test('the next page has the rest, and none is lost between', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const keys = async () => await frame.locator(`${ENTRIES_SHOWN} td:nth-child(2)`).allTextContents();
    const first = await keys();
    await frame.getByRole('button', { name: 'Next 100' }).click();
    await statusSays(frame, `Entries 101 to ${balances.length}`);
    assert.deepEqual([...first, ...(await keys())].sort(), balances.map(({ key }) => key).sort());
    await frame.getByRole('button', { name: 'Previous' }).click();
    await statusSays(frame, 'Entries 1 to 100');
    assert.deepEqual(await keys(), first);
  });

  test('a key is looked up, and its value is there decoded, as JSON and as bytes', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const wanted = balances[balances.length - 1];
    const input = frame.getByRole('textbox', { name: /^Key/ });
    await input.fill(wanted.key);
    await input.press('Enter');
    await statusSays(frame, 'Entry 1 ');
    const details = frame.locator('.entry-details');
    await details.getByText('com.acme.Balance').waitFor();
    await details.getByText(String(wanted.value.updatedAt)).waitFor();
    await details.getByRole('tab', { name: 'JSON' }).click();
    assert.deepEqual(JSON.parse(await details.locator('pre').textContent()), wanted.value);
    await details.getByRole('tab', { name: 'Bytes' }).click();
    assert.match(await details.locator('pre').first().textContent(), /^0000 {2}[0-9a-f]{2} /);
    await session.shot('entry-key');
    await input.fill('nobody at all');
    await input.press('Enter');
    await frame.locator('.entries-note', { hasText: 'There is no entry under this key.' }).waitFor();
    await frame.getByRole('button', { name: 'Show every key' }).click();
    await statusSays(frame, 'Entries 1 to 100');
  });

  test('a filter keeps what matches; a wrong one says what is wrong', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const input = frame.getByRole('textbox', { name: /^Filter/ });
    await input.fill('value.amount > 1000.0');
    await input.press('Enter');
    const matches = balances.filter(({ value }) => value.amount > 1000).length;
    assert.ok(matches > 1);
    await statusSays(frame, `Entries 1 to ${Math.min(100, matches)}`);
    await input.fill('value.amount >');
    await input.press('Enter');
    await frame.locator('.where .complaint', { hasText: 'cannot be understood' }).waitFor();
    await session.shot('entries-filter');
    await frame.getByRole('button', { name: 'Show without filter' }).click();
    await statusSays(frame, 'Entries 1 to 100');
  });

  test('a cell is copied as JSON from the keyboard', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await frame.locator(ENTRIES_SHOWN).first().locator('td').nth(1).click();
    await page.keyboard.press('Control+c');
    await frame.locator('[role="status"]', { hasText: 'Copied' }).waitFor({ state: 'attached' });
  });

  test('Alt+Left goes back to the row, and the tab stays', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await page.keyboard.press('Alt+ArrowLeft');
    await frame.locator('[role="treegrid"] [role="row"][aria-selected="true"]', { hasText: 'balance' }).waitFor();
    await page.locator('.tab.active', { hasText: '_metadata' }).waitFor();
  });

  test('a state opens from the tree, and is there again when the tab comes back', async () => {
    await runCommand(page, 'Focus on Snapshots View');
    const rows = page
      .locator('.pane', { has: page.locator('.pane-header', { hasText: 'Snapshots' }) })
      .locator('.monaco-list-row');
    for (const parent of ['sample', /^Accounts\s*\d/]) {
      const node = rows.filter({ hasText: parent }).first();
      await node.waitFor();
      if ((await node.getAttribute('aria-expanded')) === 'false') await node.locator('.monaco-tl-twistie').click();
    }
    const item = rows.filter({ hasText: 'balance' }).first();
    await item.waitFor();
    await item.hover();
    await item.getByRole('button', { name: 'Show Entries' }).click();
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    assert.equal(await frame.locator('.state-page h1').textContent(), 'balance');
    await quickOpen(page, 'bad/no-metadata/notes.txt');
    await quickOpen(page, 'sample/_metadata');
    const again = await webviewFrame(page, ENTRIES_SHOWN);
    assert.equal(await again.locator('.state-page h1').textContent(), 'balance');
    await session.shot('entries-tree');
  });

  test('the page breaks no rule of its content security policy', () => {
    const broken = page.consoleLines.filter(
      (line) => /content security policy/i.test(line) && !/vscode-cdn|workbench/i.test(line),
    );
    assert.deepEqual(broken, []);
  });
});
