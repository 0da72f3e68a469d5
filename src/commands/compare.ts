import * as path from 'node:path';
import * as vscode from 'vscode';
import { chooseOther, withTimes } from '../compare/chooseOther';
import { inOrder } from '../compare/otherSnapshots';
import { CONTEXT_KEYS, EDITOR_VIEW_TYPE } from '../ids';
import { isNode } from '../tree/nodes';
import { snapshotName } from '../view/naming';
import { locateSnapshot } from './locateSnapshot';
import { disk } from './openSnapshot';
import type { CommandHandler, Services } from './services';
import { chooseSnapshot } from './subject';
import { uriOf } from './target';

/** The snapshot that was selected to be compared with another. */
let selected: string | null = null;

/** Asks for the other snapshot, and compares the two: the older one is before. */
export const compare: CommandHandler = async (services, argument) => {
  const file = await snapshotOf(services, argument, vscode.l10n.t('Compare which snapshot?'));
  if (file === undefined) return;
  const { editors, comparisons, engine } = services;
  const open = editors.openUris.map(({ fsPath }) => fsPath);
  const areSnapshots = async (files: readonly string[]): Promise<string[]> => {
    const kinds = await engine.call('classify', { paths: [...files] });
    return files.filter((_, i) => kinds[i]?.is === 'snapshot');
  };
  const other = await chooseOther(file, { open, recent: comparisons.recent, areSnapshots });
  if (other === undefined) return;
  const located = await fileIn(other);
  if (located === undefined) return;
  const [a, b] = await withTimes([file, located]);
  await comparisons.show(a === undefined || b === undefined ? { before: file, after: located } : inOrder(a, b));
};

export const selectForCompare: CommandHandler = async (services, argument) => {
  const file = await snapshotOf(services, argument, vscode.l10n.t('Compare which snapshot?'));
  if (file === undefined) return;
  selected = file;
  await vscode.commands.executeCommand('setContext', CONTEXT_KEYS.isSelectedForCompare, true);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} is selected for compare', snapshotName(file)), 4000);
};

/** The selected one is before, as in the explorer. */
export const compareWithSelected: CommandHandler = async (services, argument) => {
  const file = await snapshotOf(services, argument, vscode.l10n.t('Compare with which snapshot?'));
  if (file === undefined) return;
  if (selected === null) await compare(services, vscode.Uri.file(file));
  else await services.comparisons.show({ before: selected, after: file });
};

/** The file of a snapshot: of what a menu passed, of the editor in front, or of one that the person chooses. */
async function snapshotOf(services: Services, argument: unknown, title: string): Promise<string | undefined> {
  if (argument instanceof vscode.Uri || isNode(argument)) {
    const uri = uriOf(argument);
    return uri === null ? undefined : await fileIn(uri.fsPath);
  }
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === EDITOR_VIEW_TYPE) return input.uri.fsPath;
  const chosen = await chooseSnapshot(services, title);
  return chosen === undefined ? undefined : await fileIn(chosen);
}

/** The `_metadata` in a folder; of a folder of several snapshots the one that the person chooses. */
async function fileIn(chosen: string): Promise<string | undefined> {
  const located = await locateSnapshot(disk, chosen);
  switch (located.found) {
    case 'one':
      return located.path;
    case 'several': {
      const items = located.paths.map((file) => ({
        label: snapshotName(file).replaceAll('$(', '\\$('),
        description: path.relative(chosen, path.dirname(path.dirname(file))),
        file,
      }));
      const placeHolder = vscode.l10n.t('{0} snapshots in this folder', located.paths.length);
      return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.file;
    }
    case 'none':
      await vscode.window.showErrorMessage(
        vscode.l10n.t(
          'There is no snapshot in “{0}”: neither it nor the folders in it have a file “_metadata”.',
          chosen,
        ),
      );
      return undefined;
    default:
      return located satisfies never;
  }
}
