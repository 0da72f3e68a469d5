import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { activeTabOf, closeAll, extension, until, VIEW_TYPE, workspaceFile } from './helpers';

const run = (command: string, ...given: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`savepointExplorer.${command}`, ...given);

/** Accepts what the quick input shows, as Enter does. */
const accept = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');

/** The plan in front. */
async function planInFront(): Promise<vscode.TextDocument> {
  return await until('a plan is in front', () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.path.endsWith('.savepoint-plan.json') === true ? document : undefined;
  });
}

async function planWith(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = workspaceFile(`${name}.savepoint-plan.json`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

const plan = (...steps: object[]): string => `// a plan\n${JSON.stringify({ from: 'canonical', steps }, null, 2)}\n`;

/** Runs the plan in front: the folder that is proposed is taken. */
async function runInto(folder: vscode.Uri, running: Thenable<unknown>): Promise<void> {
  // The question for the folder has its answer in it already.
  const metadata = path.join(folder.fsPath, '_metadata');
  await until(`${metadata} is written`, async () => {
    if (existsSync(metadata)) return true;
    await accept();
    return false;
  });
  await running;
  const tab = await activeTabOf(vscode.Uri.file(metadata));
  assert.ok(tab.input instanceof vscode.TabInputCustom);
  assert.equal(tab.input.viewType, VIEW_TYPE);
}

function record(folder: vscode.Uri): { format: string; plan: string; proof: Record<string, number> } {
  return JSON.parse(readFileSync(path.join(folder.fsPath, 'savepoint-explorer.json'), 'utf8'));
}

describe('plans', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('an entry of the page becomes a step, the next one another of the same plan', async () => {
    await extension().activate();
    const uri = workspaceFile('canonical/_metadata');
    const line = (key: string, value: number) =>
      JSON.stringify({
        op: '14cfd403e0929194539014eaed9ae6ed',
        subtask: 0,
        state: 'total',
        kind: 'reducing',
        kg: 1,
        key,
        value,
      });
    await run('modifyEntry', { uri, line: line('anna', 3) });
    const document = await planInFront();
    assert.equal(document.uri.scheme, 'untitled');
    assert.equal(document.languageId, 'jsonc');
    assert.match(document.getText(), /"from": "canonical"/);
    assert.match(document.getText(), /"key": "anna",\s+"value": 3/);
    assert.equal(document.getText(vscode.window.activeTextEditor?.selection), '3');
    await run('modifyEntry', { uri, line: line('bert', 4) });
    await until('the second step', () => document.getText().includes('"bert"'));
    assert.equal(vscode.window.activeTextEditor?.document, document);
    assert.equal(document.getText(vscode.window.activeTextEditor?.selection), '4');
  });

  it('problems are marked where they are, and go when they are mended', async () => {
    const document = await planWith('faults', plan({ removeState: { operator: 'accounts', state: 'totel' } }));
    const found = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Savepoint Explorer');
    const [diagnostic] = await until('a problem', () => (found().length > 0 ? found() : undefined));
    assert.ok(diagnostic);
    assert.equal(document.getText(diagnostic.range), '"totel"');
    assert.equal(diagnostic.code, 'NOT_FOUND');
    assert.match(diagnostic.message, /has no .*totel/);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, diagnostic.range, '"total"');
    await vscode.workspace.applyEdit(edit);
    await until('no problem', () => found().length === 0);
  });

  it('names of the snapshot are completed, and told of', async () => {
    const document = await planWith('names', plan({ removeState: { operator: 'accounts', state: '' } }));
    const at = document.positionAt(document.getText().indexOf('"state": "') + '"state": "'.length);
    const labels = async (): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    await until('the states are offered', async () => (await labels()).includes('balance'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(document.getText().indexOf('accounts') + 2),
    );
    const texts = hovers.flatMap(({ contents }) => contents.map((c) => (typeof c === 'string' ? c : c.value)));
    assert.ok(
      texts.some((text) => text.includes('14cfd403e0929194539014eaed9ae6ed')),
      texts.join('\n'),
    );
  });

  it('lenses stand above the first line', async () => {
    const document = await planWith('lenses', plan());
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.command]),
      [
        [0, 'savepointExplorer.dryRunPlan'],
        [0, 'savepointExplorer.runPlan'],
        [0, 'savepointExplorer.addPlanStep'],
      ],
    );
  });

  it('a dry run opens a report and writes nothing', async () => {
    const document = await planWith('dry', plan({ setCheckpointId: 5 }));
    const before = readdirSync(path.dirname(document.uri.fsPath));
    await run('dryRunPlan', document.uri);
    await until('a report', () =>
      vscode.window.tabGroups.all.some(({ tabs }) =>
        tabs.some(
          ({ input, label }) => input instanceof vscode.TabInputWebview && label === 'Dry run: dry.savepoint-plan.json',
        ),
      ),
    );
    assert.deepEqual(readdirSync(path.dirname(document.uri.fsPath)), before);
  });

  for (const [what, step] of [
    ['modify', { put: { operator: 'accounts', state: 'total', key: 'gustav', value: 7 } }],
    ['rescale', { rescale: { parallelism: 3, maxParallelism: 512 } }],
  ] as const) {
    it(`a run of ${what} writes, proves and opens a new snapshot`, async () => {
      const document = await planWith(what, plan(step));
      const out = workspaceFile(`canonical-${what}`);
      await runInto(out, run('runPlan', document.uri));
      const { format, plan: kept, proof } = record(out);
      assert.equal(format, 'savepoint-explorer');
      assert.equal(kept, document.getText());
      assert.ok((proof['entries'] ?? 0) > 0);
    });
  }

  it('a run of bootstrap makes a snapshot from a file', async () => {
    const data = workspaceFile('limits.csv');
    await vscode.workspace.fs.writeFile(data, new TextEncoder().encode('user,limit\nu1,5\nu2,7\n'));
    const bootstrap = {
      operator: { uid: 'limits', parallelism: 2, maxParallelism: 128 },
      data: 'limits.csv',
      key: { type: 'string', value: 'row.user' },
      states: [{ name: 'limit', kind: 'value', type: 'long', value: 'int(row.limit)' }],
    };
    const document = await planWith('fresh', JSON.stringify({ steps: [{ bootstrap }] }));
    const out = workspaceFile('savepoint-fresh');
    await runInto(out, run('runPlan', document.uri));
    assert.equal(record(out).proof['entries'], 2);
  });

  it('a copy is made at once', async () => {
    const out = workspaceFile('canonical-copy');
    await runInto(out, run('copySnapshot', workspaceFile('canonical/_metadata')));
    assert.deepEqual(
      readdirSync(out.fsPath).filter((name) => name !== 'savepoint-explorer.json').length,
      readdirSync(workspaceFile('canonical').fsPath).length,
    );
  });
});
