import * as assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activeTabOf, closeAll, extension, until, VIEW_TYPE, workspaceFile } from './helpers';

interface Contributed {
  command: string;
  title: string;
  category?: string;
}

const contributed = (): Contributed[] => extension().packageJSON.contributes.commands;

describe('commands', () => {
  after(closeAll);

  it('every command of package.json is there once the extension is active, and no other', async () => {
    await extension().activate();
    const own = (await vscode.commands.getCommands(true)).filter(
      // VS Code makes commands of its own for each view: focus, open, reset its place.
      (name) => name.startsWith('savepointExplorer.') && !name.startsWith('savepointExplorer.snapshots.'),
    );
    const named = contributed().map((c) => c.command);
    assert.ok(named.length > 0);
    assert.deepEqual(own.sort(), named.sort());
  });

  it('all stand under “Savepoint Explorer” in the palette', () => {
    for (const { command, category } of contributed()) assert.equal(category, 'Savepoint Explorer', command);
  });

  it('the sample opens', async () => {
    await closeAll();
    await vscode.commands.executeCommand('savepointExplorer.openSample');
    const tab = await until('a tab', () => vscode.window.tabGroups.activeTabGroup.activeTab);
    assert.ok(tab.input instanceof vscode.TabInputCustom);
    assert.equal(tab.input.viewType, VIEW_TYPE);
    assert.match(tab.input.uri.path, /_metadata$/);
  });

  it('a row of the page gives its texts to the clipboard', async () => {
    const row = { webviewSection: 'state', name: 'balance', uid: 'accounts', operatorId: 'ab12', type: 'long' };
    for (const [command, text] of [
      ['copyName', row.name],
      ['copyUid', row.uid],
      ['copyOperatorId', row.operatorId],
      ['copyType', row.type],
    ] as const) {
      await vscode.commands.executeCommand(`savepointExplorer.${command}`, row);
      await until(`${command} copies “${text}”`, async () => (await vscode.env.clipboard.readText()) === text);
    }
  });

  it('a folder opens by its _metadata', async () => {
    await closeAll();
    await vscode.commands.executeCommand('savepointExplorer.openResource', workspaceFile('canonical'));
    await activeTabOf(workspaceFile('canonical/_metadata'));
  });
});
