import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

export const EXTENSION_ID = 'savepoint-explorer.savepoint-explorer';
export const VIEW_TYPE = 'savepointExplorer.snapshot';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(EXTENSION_ID);
  assert.ok(found, `${EXTENSION_ID} is not there`);
  return found;
}

/** Waits until `probe` gives something that is true, and returns it. */
export async function until<T>(what: string, probe: () => T | Promise<T>, timeout = 20_000): Promise<NonNullable<T>> {
  for (const end = Date.now() + timeout; Date.now() < end; ) {
    const value = await probe();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Not within ${timeout} ms: ${what}`);
}

/** A file of the test workspace. */
export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file as a click in the explorer does, and returns its tab once it is in front. */
export async function openEditor(name: string): Promise<vscode.Tab> {
  const uri = workspaceFile(name);
  await vscode.commands.executeCommand('vscode.open', uri);
  return await activeTabOf(uri);
}

export async function activeTabOf(uri: vscode.Uri): Promise<vscode.Tab> {
  return await until(`a tab of ${uri.path}`, () => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab !== undefined && uriOf(tab)?.toString() === uri.toString() ? tab : undefined;
  });
}

function uriOf(tab: vscode.Tab): vscode.Uri | undefined {
  const { input } = tab;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await until('no tab is left', () => vscode.window.tabGroups.all.every((group) => group.tabs.length === 0));
}
