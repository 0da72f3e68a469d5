// Names for operators that a snapshot knows by their hash, its health, and the walkthrough, in a real window.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chooseFromMenu, quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

/** A job as people write it: the uid of one operator is a constant of another file. */
const SOURCES = {
  'src/main/java/com/acme/Uids.java':
    'package com.acme;\n\nclass Uids {\n  static final String ACCOUNTS = "accounts";\n}\n',
  'src/main/java/com/acme/Jobs.java':
    'package com.acme;\n\nclass Jobs {\n  void build() {\n    source(env).uid("events");\n    keyed.process(f).uid(Uids.ACCOUNTS);\n  }\n}\n',
};
/** The hash of “accounts-sink”, which no source names. */
const SINK = '6e5f34822167abcca2c6f39ca5c364af';

describe('names and health in the window', { timeout: 300_000 }, () => {
  let session;
  let page;
  before(async () => {
    session = await openSource();
    page = session.page;
    for (const [name, text] of Object.entries(SOURCES)) {
      const file = path.join(session.workspace.path, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    await quickOpen(page, 'canonical/_metadata');
  });
  after(() => session?.stop());

  const rowOf = async (frame, title) =>
    frame.locator('[role="treegrid"] [role="row"][aria-level="1"]', { hasText: title }).first();

  test('hashes have the uids of the workspace’s sources, and lead there', async () => {
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    const accounts = await rowOf(frame, 'accounts');
    await accounts.waitFor();
    assert.match((await accounts.locator('.id').getAttribute('title')) ?? '', /^uid\("accounts"\) at Uids\.java:4/);
    await (await rowOf(frame, 'events')).click();
    await session.shot('names');
    await frame.getByRole('button', { name: 'uid("events") at Jobs.java:5' }).click();
    await page.locator('.tab.active', { hasText: 'Jobs.java' }).waitFor();
    await page.locator('.statusbar-item', { hasText: 'Ln 5, Col 21' }).waitFor();
    await runCommand(page, 'View: Close Editor');
  });

  test('a person names what no source names, checked while it is typed, and the settings keep it', async () => {
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await (await rowOf(frame, SINK.slice(0, 8))).click({ button: 'right' });
    await chooseFromMenu(page, 'Name This Operator…');
    const question = page.locator('.quick-input-widget:visible');
    const input = question.locator('input').first();
    await input.fill('Warehouse');
    await question.getByText('Not the uid: its hash is another.').waitFor();
    await input.fill('accounts-sink');
    await question.getByText('This is the uid: its hash is the operator’s ID.').waitFor();
    await session.shot('name-operator');
    await input.fill('Warehouse');
    await question.getByText('Not the uid').waitFor();
    await page.keyboard.press('Enter');
    await (await rowOf(frame, 'Warehouse')).waitFor();
    const settings = path.join(session.workspace.path, '.vscode/settings.json');
    const kept = JSON.parse(fs.readFileSync(settings, 'utf8'))['savepointExplorer.operatorNames'];
    assert.deepEqual(kept, { [SINK]: 'Warehouse' });
  });

  test('the tree has the same names', async () => {
    await runCommand(page, 'Focus on Snapshots View');
    const rows = page
      .locator('.pane', { has: page.locator('.pane-header', { hasText: 'Snapshots' }) })
      .locator('.monaco-list-row');
    const snapshot = rows.filter({ hasText: 'canonical' }).first();
    await snapshot.waitFor();
    if ((await snapshot.getAttribute('aria-expanded')) !== 'true') await snapshot.locator('.monaco-tl-twistie').click();
    for (const name of ['accounts', 'events', 'Warehouse']) await rows.filter({ hasText: name }).first().waitFor();
    await session.shot('names-tree');
  });

  test('a changed source names anew', async () => {
    const file = path.join(session.workspace.path, 'src/main/java/com/acme/Jobs.java');
    fs.writeFileSync(file, SOURCES['src/main/java/com/acme/Jobs.java'].replace('"events"', '"other"'));
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.locator('[role="treegrid"] .label', { hasText: '0c80f7e5' }).waitFor();
  });

  test('all entries are verified when asked, and health says so', async () => {
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByRole('button', { name: 'Verify All Entries' }).click();
    await frame.locator('.health-item', { hasText: /All \d+ entries were read/ }).waitFor();
    await session.shot('verified');
  });

  test('health warns of a max parallelism that is too small for what the settings want', async () => {
    const settings = path.join(session.workspace.path, '.vscode/settings.json');
    const kept = JSON.parse(fs.readFileSync(settings, 'utf8'));
    fs.writeFileSync(settings, JSON.stringify({ ...kept, 'savepointExplorer.wantedParallelism': 200 }));
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByText('The max parallelism is 128: the job cannot run with 200 subtasks.').waitFor();
  });

  test('the walkthrough opens the sample, and ticks off what was done', async () => {
    await runCommand(page, 'Welcome: Open Walkthrough');
    const chosen = page.locator('.quick-input-widget:visible');
    await chosen.locator('input').first().fill('Savepoint Explorer');
    await chosen.locator('.monaco-list-row').filter({ hasText: 'Savepoint Explorer' }).first().click();
    const ticked = (id) => page.locator(`[data-done-step-id$="#${id}"][aria-checked="true"]`);
    const container = page.locator('.gettingStartedContainer');
    await container.getByText('Open Sample Snapshot').click();
    await page.locator('.tab.active', { hasText: '_metadata' }).waitFor();
    // Not the one of the other snapshot, which is about to go.
    const frame = await webviewFrame(page, 'main.snapshot', { hasText: 'Accounts sink: Writer' });
    await frame.getByRole('button', { name: 'Verify All Entries' }).click();
    await frame.getByRole('button', { name: 'Expand all' }).click();
    await frame.locator('[role="treegrid"] [role="row"][aria-level="2"]', { hasText: 'balance' }).first().click();
    await page.keyboard.press('Enter');
    await frame.locator('[role="grid"]').first().waitFor();
    await page.locator('.tab', { hasText: 'Welcome' }).click();
    for (const id of ['sample', 'look', 'health']) await ticked(id).waitFor();
    await session.shot('walkthrough');
  });

  test('the page breaks no rule of its content security policy', () => {
    const broken = page.consoleLines.filter(
      (line) => /content security policy/i.test(line) && !/vscode-cdn|workbench/i.test(line),
    );
    assert.deepEqual(broken, []);
  });
});
