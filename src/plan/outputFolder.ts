import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from '../disposables';

const CHECK_AFTER_MS = 120;

/** Asks where a new snapshot goes. `suggested` is a folder that is not there yet. Undefined where the person left. */
export async function askOutputFolder(suggested: string): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const disposables = new Disposables();
  const box = disposables.add(vscode.window.createInputBox());
  const browse = { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: t('Choose a folder…') };
  box.title = t('Write the new snapshot to');
  box.prompt = t('A folder that is new or empty. Enter writes.');
  box.value = suggested;
  box.valueSelection = [path.dirname(suggested).length + 1, suggested.length];
  box.ignoreFocusOut = true;
  box.buttons = [browse];
  let checking = 0;
  const check = async (): Promise<boolean> => {
    const turn = ++checking;
    const wrong = await whyNot(box.value);
    if (turn === checking) box.validationMessage = wrong ?? undefined;
    return turn === checking && wrong === null;
  };
  try {
    return await new Promise<string | undefined>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let isBrowsing = false;
      disposables.add({ dispose: () => clearTimeout(timer) });
      disposables.add(
        box.onDidChangeValue(() => {
          box.validationMessage = undefined;
          clearTimeout(timer);
          timer = setTimeout(() => void check(), CHECK_AFTER_MS);
        }),
      );
      disposables.add(
        box.onDidAccept(async () => {
          const { value } = box;
          if (await check()) resolve(value);
        }),
      );
      disposables.add(
        box.onDidTriggerButton(async () => {
          isBrowsing = true;
          const [chosen] = (await vscode.window.showOpenDialog({
            canSelectFolders: true,
            canSelectFiles: false,
            openLabel: t('Write Here'),
            defaultUri: vscode.Uri.file(path.dirname(box.value)),
          })) ?? [undefined];
          isBrowsing = false;
          if (chosen !== undefined) box.value = await emptyIn(chosen.fsPath, path.basename(suggested));
          box.show();
        }),
      );
      disposables.add(
        box.onDidHide(() => {
          if (!isBrowsing) resolve(undefined);
        }),
      );
      box.show();
    });
  } finally {
    disposables.dispose();
  }
}

/** A name beside a snapshot that nothing has yet. */
export async function newFolderBeside(snapshot: string, what: string): Promise<string> {
  const base = path.join(path.dirname(snapshot), `${path.basename(snapshot)}-${what}`);
  for (let number = 1; ; number++) {
    const folder = number === 1 ? base : `${base}-${number}`;
    if ((await contentOf(folder)) === 'missing') return folder;
  }
}

/** What keeps a new snapshot from being written there; null where nothing does. */
async function whyNot(folder: string): Promise<string | null> {
  const { t } = vscode.l10n;
  if (!path.isAbsolute(folder)) return t('Give the whole path of the folder.');
  switch (await contentOf(folder)) {
    case 'missing':
    case 'empty':
      return null;
    case 'full':
      return t('This folder is not empty: a snapshot is never written over something else.');
    case 'file':
      return t('There is a file of this name.');
    case 'unreadable':
      return t('This folder cannot be read.');
  }
}

async function contentOf(folder: string): Promise<'missing' | 'empty' | 'full' | 'file' | 'unreadable'> {
  try {
    return (await readdir(folder)).length === 0 ? 'empty' : 'full';
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'missing';
    return code === 'ENOTDIR' ? 'file' : 'unreadable';
  }
}

/** The folder itself where it is empty, else a new one in it. */
async function emptyIn(folder: string, name: string): Promise<string> {
  return (await contentOf(folder)) === 'full' ? path.join(folder, name) : folder;
}
