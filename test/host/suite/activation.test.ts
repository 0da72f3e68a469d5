import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { EXTENSION_ID, extension, openEditor, until } from './helpers';

describe('activation', () => {
  it('the extension is there, from this checkout', () => {
    assert.equal(extension().id, EXTENSION_ID);
    assert.equal(extension().extensionUri.scheme, 'file');
  });

  it('it asks for nothing at start: no activation but by what it contributes, by plans in the workspace, and by pages left open', () => {
    assert.deepEqual(extension().packageJSON.activationEvents, [
      'workspaceContains:**/*.savepoint-plan.json',
      'onWebviewPanel:savepointExplorer.comparison',
    ]);
  });

  it('it sleeps while other files are opened', async () => {
    const [notes] = await vscode.workspace.findFiles('**/notes.txt');
    assert.ok(notes);
    await vscode.commands.executeCommand('vscode.open', notes);
    assert.equal(extension().isActive, false);
  });

  it('opening a snapshot wakes it', async () => {
    await openEditor('sample/_metadata');
    await until('the extension is active', () => extension().isActive);
  });
});
