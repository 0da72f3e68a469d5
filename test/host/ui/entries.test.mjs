// Entries of a state, in a real window: the sample's balances, every row, one key, search, sort, columns, and the way back.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, sampleDir } from '../../tools/paths.mjs';
import { runOrThrow } from '../../tools/processes.mjs';
import { chooseFromMenu, quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

const ENTRIES_SHOWN = '[role="grid"] [role="gridcell"]';

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
  /** A row of the grid by its number, from 1. */
  const entry = (frame, number) => frame.locator(`.grid-body [aria-rowindex="${number + 1}"]`);
  const cells = (frame, number) => entry(frame, number).locator('> *').allTextContents();
  const statusSays = (frame, text) => frame.locator('.entries-status', { hasText: text }).waitFor();
  const all = () => `of ${balances.length}`;
  const spoken = (frame, text) => frame.locator('[role="status"]', { hasText: text }).waitFor({ state: 'attached' });
  const keyInput = (frame) => frame.getByRole('textbox', { name: /^Key/ });
  const filterInput = (frame) => frame.getByRole('combobox', { name: /^Filter/ });

  test('a state opens from its row with Enter', async () => {
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByRole('searchbox').fill('balance');
    await row(frame, 'balance').last().click();
    await session.shot('narrow-names');
    await page.keyboard.press('Enter');
    await frame.locator(ENTRIES_SHOWN).first().waitFor();
    assert.equal(await frame.locator('.state-page h1').textContent(), 'balance');
    await statusSays(frame, `Row 1 ${all()}`);
    const { key, value, kg, subtask } = balances[0];
    const [, ...shown] = await cells(frame, 1);
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

  test('the keyboard goes through every row, in the order of a dump, to the last one', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const seen = new Map();
    const collect = async () => {
      for (const [number, key] of await frame
        .locator('.grid-body .grid-row:not([hidden])')
        .evaluateAll((rows) =>
          rows.map((r) => [Number(r.getAttribute('aria-rowindex')) - 1, r.children[1].textContent]),
        ))
        seen.set(number, key);
    };
    await entry(frame, 1).locator('> *').nth(1).click();
    for (let i = 0; i < balances.length && seen.size < balances.length; i++) {
      await collect();
      await page.keyboard.press('PageDown');
    }
    await collect();
    assert.deepEqual(
      [...seen].sort(([a], [b]) => a - b).map(([, key]) => key),
      balances.map(({ key }) => key),
    );
    await page.keyboard.press('Control+End');
    await statusSays(frame, `Row ${balances.length} ${all()}`);
    await page.keyboard.press('Control+Home');
    await statusSays(frame, `Row 1 ${all()}`);
  });

  test('a key is looked up, and its value is there decoded, as JSON and as bytes', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const wanted = balances[balances.length - 1];
    await keyInput(frame).fill(wanted.key);
    await keyInput(frame).press('Enter');
    await statusSays(frame, 'Row 1 of 1');
    await frame.locator('.entries-work', { hasText: `only key group ${wanted.kg} read` }).waitFor();
    const details = frame.locator('.entry-details');
    await details.getByText('com.acme.Balance').first().waitFor();
    await details.getByText(String(wanted.value.updatedAt)).first().waitFor();
    await details.getByRole('tab', { name: 'JSON' }).click();
    assert.deepEqual(JSON.parse(await details.locator('pre').textContent()), wanted.value);
    await details.getByRole('tab', { name: 'Bytes' }).click();
    assert.match(await details.locator('pre').first().textContent(), /^0000 {2}[0-9a-f]{2} /);
    await session.shot('entry-key');
    await details.getByRole('tab', { name: 'All States' }).click();
    await details.locator('.found-state', { hasText: 'balance' }).waitFor();
    await session.shot('entry-states');
    await details.getByRole('tab', { name: 'Value' }).click();
    await keyInput(frame).fill('nobody at all');
    await keyInput(frame).press('Enter');
    await frame.locator('.entries-note', { hasText: 'There is no entry under this key.' }).waitFor();
    await frame.getByRole('button', { name: 'Show every key' }).click();
    await statusSays(frame, `Row 1 ${all()}`);
  });

  test('a filter keeps what matches; a wrong one says what is wrong and changes nothing', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await filterInput(frame).fill('value.amo');
    await frame.getByRole('option', { name: /value\.amount/ }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await filterInput(frame).inputValue(), 'value.amount');
    await page.keyboard.type(' > 1000.0');
    await page.keyboard.press('Enter');
    const matches = balances.filter(({ value }) => value.amount > 1000).length;
    assert.ok(matches > 1);
    await statusSays(frame, `of ${matches}`);
    await filterInput(frame).fill('value.amount >');
    await frame.locator('.where .complaint', { hasText: 'cannot be understood' }).waitFor();
    await page.keyboard.press('Enter');
    await statusSays(frame, `of ${matches}`);
    await session.shot('entries-filter');
    await frame.getByRole('button', { name: 'Show without filter' }).click();
    await statusSays(frame, `Row 1 ${all()}`);
  });

  test('search goes to the next match, and says how many there are', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const wanted = balances[Math.floor(balances.length / 2)];
    await entry(frame, 1).locator('> *').nth(1).click();
    await page.keyboard.press('Control+f');
    await page.keyboard.type(wanted.key);
    await frame.locator('.find-status', { hasText: 'matches' }).waitFor();
    await page.keyboard.press('Enter');
    await frame.locator('.find-status', { hasText: '1 of ' }).waitFor();
    await frame.locator('.grid-row.current', { hasText: wanted.key }).waitFor();
    await session.shot('entries-search');
    await page.keyboard.press('Escape');
    assert.equal(await frame.evaluate(() => document.activeElement.textContent), wanted.key);
  });

  test('a press on a head sorts', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const amounts = balances.map(({ value }) => value.amount).sort((a, b) => b - a);
    const head = frame.getByRole('columnheader', { name: /^amount/ });
    await head.click();
    await frame.locator('.grid-body [aria-rowindex="2"]', { hasText: String(amounts[0]) }).waitFor();
    await head.press('Enter');
    await frame.locator('.grid-body [aria-rowindex="2"]', { hasText: String(amounts.at(-1)) }).waitFor();
    await head.press('Enter');
    await entry(frame, 1).filter({ hasText: balances[0].key }).waitFor();
  });

  test('columns stay as a person laid them out', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await frame.getByRole('button', { name: 'Columns' }).click();
    await frame.getByRole('checkbox', { name: /^key group/ }).click();
    await page.keyboard.press('Escape');
    await frame.getByRole('button', { name: 'Back to the Snapshot' }).click();
    const back = await webviewFrame(page, SNAPSHOT_SHOWN);
    await row(back, 'balance').last().click();
    await page.keyboard.press('Enter');
    await back.locator(ENTRIES_SHOWN).first().waitFor();
    assert.deepEqual(await back.locator('.grid-head .head-text').allTextContents(), [
      'key',
      'amount',
      'updatedAt',
      'subtask',
    ]);
    await back.getByRole('button', { name: 'Columns' }).click();
    await back.getByRole('button', { name: 'Reset' }).click();
    await page.keyboard.press('Escape');
    await back.getByRole('columnheader', { name: 'key group' }).waitFor();
  });

  test('a screen reader hears the place, the head and the value of every cell, and how many rows there are', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const grid = frame.getByRole('grid', { name: 'balance' });
    assert.equal(await grid.getAttribute('aria-rowcount'), String(balances.length + 1));
    assert.equal(await grid.getAttribute('aria-colcount'), '6');
    const heads = await frame.locator('.grid-head').ariaSnapshot();
    for (const head of ['key string', 'amount double', 'updatedAt long', 'key group', 'subtask'])
      assert.ok(heads.includes(`columnheader "${head}`), heads);
    const { key, value, kg, subtask } = balances[0];
    const cells = [key, value.amount, value.updatedAt, kg, subtask];
    const heard = await entry(frame, 1).ariaSnapshot();
    assert.match(heard, /^- row .*\n +- rowheader "1"/);
    const said = [...heard.matchAll(/- gridcell "([^"]*)"/g)].map(([, text]) => text);
    assert.deepEqual(said, cells.map(String));
    const places = await entry(frame, 1)
      .locator('> *')
      .evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-colindex')));
    assert.deepEqual(places, ['1', '2', '3', '4', '5', '6']);
  });

  test('a value closes and opens in the details, by the keyboard', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    const value = frame.getByRole('tree').first();
    const field = value.getByText('amount');
    await value.getByRole('treeitem').first().focus();
    await page.keyboard.press('ArrowLeft');
    await field.waitFor({ state: 'hidden' });
    assert.equal(await value.getByRole('treeitem').first().getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowRight');
    await field.waitFor();
    await page.keyboard.press('ArrowDown');
    const focused = frame.locator('[role="treeitem"]:focus');
    assert.match((await focused.textContent()) ?? '', /amount/);
  });

  test('what a filter leaves is exported from the page', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await filterInput(frame).fill('value.amount > 1000.0');
    await page.keyboard.press('Enter');
    const wanted = balances.filter(({ value }) => value.amount > 1000);
    await statusSays(frame, `of ${wanted.length}`);
    await frame.getByRole('button', { name: 'Export…' }).click();
    const asked = page.locator('.quick-input-widget:visible');
    await asked.locator('.monaco-list-row').filter({ hasText: 'NDJSON' }).first().click();
    await asked.getByText('Export balance').waitFor();
    await page.keyboard.press('Enter');
    const file = path.join(session.workspace.path, 'balance.ndjson');
    // It is there once it is whole.
    while (!fs.existsSync(file)) await page.waitForTimeout(50);
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      wanted,
    );
    await frame.getByRole('button', { name: 'Show without filter' }).click();
    await statusSays(frame, all());
  });

  test('cells are copied from the keyboard and from the menu', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await entry(frame, 1).locator('> *').nth(1).click();
    await page.keyboard.press('Control+c');
    await spoken(frame, 'Copied');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await entry(frame, 2).locator('> *').nth(1).click({ button: 'right' });
    await chooseFromMenu(page, 'Copy as CSV');
    await spoken(frame, 'Copied 3 rows');
  });

  test('Alt+Left goes back to the row, and the tab stays', async () => {
    const frame = await webviewFrame(page, ENTRIES_SHOWN);
    await entry(frame, 1).locator('> *').nth(1).click();
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
    await entry(frame, 5).locator('> *').nth(1).click();
    await statusSays(frame, `Row 5 ${all()}`);
    await quickOpen(page, 'bad/no-metadata/notes.txt');
    await quickOpen(page, 'sample/_metadata');
    const again = await webviewFrame(page, ENTRIES_SHOWN);
    assert.equal(await again.locator('.state-page h1').textContent(), 'balance');
    await statusSays(again, `Row 5 ${all()}`);
    await session.shot('entries-tree');
  });

  test('the page breaks no rule of its content security policy', () => {
    const broken = page.consoleLines.filter(
      (line) => /content security policy/i.test(line) && !/vscode-cdn|workbench/i.test(line),
    );
    assert.deepEqual(broken, []);
  });
});
