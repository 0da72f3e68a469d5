import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, extension, openEditor, until, workspaceFile } from './helpers';

const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'balance', backend: 'canonical' };
const query = { target, key: 'user-1122', namespace: null, mapKey: null, filter: null, sort: null, expand: [] };

/** Accepts what the quick input shows, as Enter does. */
const accept = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

describe('rows of a state', () => {
  afterEach(closeAll);

  it('a value is a read-only document of its own, found again by its address', async () => {
    await extension().activate();
    const { fsPath } = workspaceFile('sample/_metadata');
    const place = { path: fsPath, version: 1, target, key: 'user-1122', place: { block: 2, index: 0 }, zone: 'UTC' };
    const open = (more: object): Thenable<vscode.TextDocument> =>
      vscode.workspace.openTextDocument(
        vscode.Uri.from({
          scheme: 'savepoint-value',
          path: '/balance.json',
          query: JSON.stringify({ ...place, ...more }),
        }),
      );
    const document = await open({ column: 'value', as: 'json' });
    assert.deepEqual(JSON.parse(document.getText()), { amount: 860, updatedAt: 1767609260000 });
    const bytes = await open({ column: 'key', as: 'hex' });
    assert.match(bytes.getText(), /user-1122/);
    const lost = await open({ column: 'key', as: 'text', place: { block: 2, index: 99 } });
    assert.match(lost.getText(), /no entry/);
    const wrong = await vscode.workspace.openTextDocument(vscode.Uri.parse('savepoint-value:/x.json?{}'));
    assert.match(wrong.getText(), /names no value/);
  });

  it('are exported to the file that is proposed, whole', async function () {
    // A desktop's own dialog answers to nobody but a person.
    if (vscode.env.uiKind !== vscode.UIKind.Web) this.skip();
    await openEditor('sample/_metadata');
    const uri = workspaceFile('sample/_metadata');
    const file = workspaceFile('balance.ndjson').fsPath;
    const running = vscode.commands.executeCommand('savepointExplorer.exportRows', { uri, query });
    await until(`${file} is written`, async () => {
      if (existsSync(file)) return true;
      await accept();
      return false;
    });
    await running;
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 1);
    assert.equal(JSON.parse(lines[0] ?? '').key, 'user-1122');
    const left = readdirSync(path.dirname(file)).filter((name) => name.endsWith('.partial'));
    assert.deepEqual(left, []);
    await vscode.workspace.fs.delete(vscode.Uri.file(file));
  });
});
