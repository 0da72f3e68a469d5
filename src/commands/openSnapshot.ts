import * as path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { snapshotName } from '../view/naming';
import { type Folders, type Located, locateSnapshot } from './locateSnapshot';
import type { CommandHandler, Services } from './services';
import { uriOf } from './target';

/** Opens a snapshot from anywhere: what is given (a URI or a path), else what the person chooses. */
export const openSnapshot: CommandHandler = async (services, argument) => {
  const given = argument === undefined ? null : uriOf(argument);
  const uri = given ?? (await choose());
  if (uri !== undefined) await openFrom(services, uri);
};

/** Of a folder or file in the explorer. */
export const openResource: CommandHandler = async (services, argument) => {
  const uri = uriOf(argument);
  if (uri === null) await openSnapshot(services, undefined);
  else await openFrom(services, uri);
};

async function choose(): Promise<vscode.Uri | undefined> {
  // On Windows and Linux a dialog chooses files or folders, never both.
  const folder = {
    label: vscode.l10n.t('$(folder-opened) Snapshot folder…'),
    detail: vscode.l10n.t('A savepoint, a checkpoint (chk-N), or a folder of them'),
    folders: true,
  };
  const file = {
    label: vscode.l10n.t('$(file) File…'),
    detail: vscode.l10n.t('A file “_metadata”, or a snapshot of Flink 1.2, which is a single file'),
    folders: false,
  };
  const what = await vscode.window.showQuickPick([folder, file], {
    placeHolder: vscode.l10n.t('What do you want to open?'),
  });
  if (what === undefined) return undefined;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: what.folders,
    canSelectFiles: !what.folders,
    canSelectMany: false,
    openLabel: vscode.l10n.t('Open Snapshot'),
    title: vscode.l10n.t('Open Snapshot'),
  });
  return chosen?.[0];
}

async function openFrom(services: Services, uri: vscode.Uri): Promise<void> {
  if (uri.scheme !== 'file') {
    // The editor's page says what is wrong with it, and what to do.
    await services.editors.open(uri);
    return;
  }
  let located: Located;
  try {
    located = await locateSnapshot(disk, uri.fsPath);
  } catch (e) {
    services.log.defect('Looking for a snapshot in a folder', e);
    await refuse(vscode.l10n.t('“{0}” cannot be read. Check that you have permission to open it.', uri.fsPath));
    return;
  }
  switch (located.found) {
    case 'one':
      await services.editors.open(vscode.Uri.file(located.path));
      return;
    case 'several': {
      const chosen = await chooseOne(uri.fsPath, located.paths);
      if (chosen !== undefined) await services.editors.open(vscode.Uri.file(chosen));
      return;
    }
    case 'none':
      await refuse(
        located.why === 'missing'
          ? vscode.l10n.t('There is nothing at “{0}”.', uri.fsPath)
          : vscode.l10n.t(
              'There is no snapshot in “{0}”: neither it nor the folders in it have a file “_metadata”.',
              uri.fsPath,
            ),
      );
      return;
    default:
      located satisfies never;
  }
}

async function chooseOne(folder: string, paths: readonly string[]): Promise<string | undefined> {
  const items = paths.map((file) => ({
    label: snapshotName(file),
    description: path.relative(folder, path.dirname(path.dirname(file))),
    file,
  }));
  const placeHolder = vscode.l10n.t('{0} snapshots in this folder', paths.length);
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.file;
}

async function refuse(message: string): Promise<void> {
  const another = vscode.l10n.t('Choose Another…');
  if ((await vscode.window.showErrorMessage(message, another)) === another) {
    await vscode.commands.executeCommand(COMMANDS.openSnapshot);
  }
}

export const disk: Folders = {
  async kind(file) {
    try {
      const { type } = await vscode.workspace.fs.stat(vscode.Uri.file(file));
      return (type & vscode.FileType.Directory) !== 0 ? 'folder' : 'file';
    } catch (e) {
      if (e instanceof vscode.FileSystemError && e.code === 'FileNotFound') return null;
      throw e;
    }
  },
  async list(folder) {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
    return entries.map(([name, type]) => ({
      name,
      kind:
        (type & vscode.FileType.Directory) !== 0 ? 'folder' : (type & vscode.FileType.File) !== 0 ? 'file' : 'other',
    }));
  },
  join: (folder, name) => path.join(folder, name),
};
