import * as assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activeTabOf, closeAll, openEditor, VIEW_TYPE, workspaceFile } from './helpers';

describe('custom editor', () => {
  afterEach(closeAll);

  for (const name of ['sample', 'canonical', 'bad/empty', 'bad/truncated', 'bad/parquet', 'bad/newer', 'bad/locked']) {
    it(`${name}/_metadata opens in it, by its name`, async () => {
      const tab = await openEditor(`${name}/_metadata`);
      assert.ok(tab.input instanceof vscode.TabInputCustom);
      assert.equal(tab.input.viewType, VIEW_TYPE);
      assert.equal(tab.isDirty, false);
    });
  }

  it('other files do not', async () => {
    const tab = await openEditor('bad/no-metadata/notes.txt');
    assert.ok(tab.input instanceof vscode.TabInputText);
  });

  it('a file of any name opens in it when asked to: a savepoint of Flink 1.2 is a single file', async () => {
    const uri = workspaceFile('bad/no-metadata/notes.txt');
    await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPE);
    const tab = await activeTabOf(uri);
    assert.ok(tab.input instanceof vscode.TabInputCustom);
  });

  it('opening and closing changes nothing on the disk', async () => {
    const folder = workspaceFile('sample');
    const before = await listing(folder);
    await openEditor('sample/_metadata');
    await closeAll();
    assert.deepEqual(await listing(folder), before);
  });
});

/** Names, sizes and times of the files in a folder. */
async function listing(folder: vscode.Uri): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const lines = entries.map(async ([name, type]) => {
    const { size, mtime } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, name));
    return `${name} ${type} ${size} ${mtime}`;
  });
  return (await Promise.all(lines)).sort();
}
