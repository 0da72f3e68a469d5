import * as assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activeTabOf, closeAll, extension, openEditor, until, VIEW_TYPE, workspaceFile } from './helpers';

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
    assert.deepEqual(
      named.filter((name) => !own.includes(name)),
      [],
    );
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

  it('copying a path fills the clipboard', async () => {
    const uri = workspaceFile('canonical/_metadata');
    await openEditor('canonical/_metadata');
    await activeTabOf(uri);
    await vscode.env.clipboard.writeText('before');
    await vscode.commands.executeCommand('savepointExplorer.copyPath', uri);
    await until('the clipboard is filled', async () => (await vscode.env.clipboard.readText()) !== 'before');
  });
});
