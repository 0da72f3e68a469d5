import * as path from 'node:path';
import * as vscode from 'vscode';
import { snapshotName } from '../view/naming';
import { type Candidate, type CandidateGroup, candidatesFor } from './otherSnapshots';

/** Snapshots of the workspace that are offered. */
const MOST = 500;
/** Entries of a folder that are looked at for neighbours. */
const MOST_NEIGHBOURS = 1000;

/** Asks for the snapshot to compare `file` with: its `_metadata`, or the folder that a person chose. */
export async function chooseOther(
  file: string,
  known: {
    open: readonly string[];
    recent: readonly string[];
    /** Those of the files that are snapshots: other programs write a `_metadata` too. */
    areSnapshots(files: readonly string[]): Promise<readonly string[]>;
  },
): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const found = vscode.workspace.findFiles('**/_metadata', '**/node_modules/**', MOST);
  const groups = candidatesFor(file, {
    neighbours: await withTimes(await known.areSnapshots(await neighboursOf(file))),
    open: await withTimes(known.open),
    workspace: await withTimes(await known.areSnapshots((await found).map(({ fsPath }) => fsPath))),
    recent: await withTimes(known.recent),
  });
  type Item = vscode.QuickPickItem & { file?: string };
  const items: Item[] = groups.flatMap(({ where, candidates }) => [
    { label: titleOf(where), kind: vscode.QuickPickItemKind.Separator },
    ...candidates.map(itemOf),
  ]);
  items.push(
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: t('$(folder-opened) Snapshot folder…'), alwaysShow: true },
  );
  const placeHolder = t('Compare {0} with which snapshot?', snapshotName(file));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (chosen === undefined) return undefined;
  if (chosen.file !== undefined) return chosen.file;
  const folders = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: vscode.Uri.file(path.dirname(path.dirname(file))),
    title: placeHolder,
  });
  return folders?.[0]?.fsPath;
}

function titleOf(where: CandidateGroup['where']): string {
  switch (where) {
    case 'neighbours':
      return vscode.l10n.t('in the same folder');
    case 'open':
      return vscode.l10n.t('open');
    case 'workspace':
      return vscode.l10n.t('in the workspace');
    case 'recent':
      return vscode.l10n.t('compared before');
    default:
      return where satisfies never;
  }
}

function itemOf({ file, modified }: Candidate): vscode.QuickPickItem & { file: string } {
  return {
    label: snapshotName(file).replaceAll('$(', '\\$('),
    description: vscode.workspace.asRelativePath(path.dirname(path.dirname(file))),
    ...(modified > 0 && { detail: new Date(modified).toLocaleString(vscode.env.language) }),
    file,
  };
}

/** Snapshots in the folder that holds the snapshot's own: other checkpoints of the job, other savepoints. */
async function neighboursOf(file: string): Promise<string[]> {
  const folder = path.dirname(path.dirname(file));
  const entries = await readFolder(folder);
  const folders = entries.filter(([, type]) => (type & vscode.FileType.Directory) !== 0).slice(0, MOST_NEIGHBOURS);
  return folders.map(([name]) => path.join(folder, name, '_metadata'));
}

async function readFolder(folder: string): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
  } catch {
    return [];
  }
}

/** Those that are there, each with its time. */
export async function withTimes(files: readonly string[]): Promise<Candidate[]> {
  const found = await Promise.all(
    files.map(async (file): Promise<Candidate | null> => {
      try {
        return { file, modified: (await vscode.workspace.fs.stat(vscode.Uri.file(file))).mtime };
      } catch {
        return null;
      }
    }),
  );
  return found.filter((candidate) => candidate !== null);
}
