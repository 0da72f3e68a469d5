import * as path from 'node:path';
import * as vscode from 'vscode';
import { PLAN_SUFFIX } from '../ids';
import { snapshotName } from '../view/naming';

/** Files that may hold rows for a bootstrap. */
export const DATA_FILES = '**/*.{csv,tsv,ndjson,jsonl,json,parquet}';

/** A plan in an editor, saved or not. */
export const isPlan = (document: vscode.TextDocument): boolean =>
  document.uri.path.endsWith(PLAN_SUFFIX) && (document.uri.scheme === 'file' || document.uri.scheme === 'untitled');

/** Where a plan's relative paths begin: beside it. */
export const folderOfPlan = (document: vscode.TextDocument): string => path.dirname(document.uri.fsPath);

/** Absolute, from what a plan names a file by. */
export const pathOfPlan = (document: vscode.TextDocument, named: string): string =>
  path.resolve(folderOfPlan(document), named);

/** How a plan in `folder` names a file: relative with forward slashes, so that both can move together. */
export function nameInPlan(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  // On Windows another drive has no relative path.
  if (path.isAbsolute(relative)) return file;
  return relative === '' ? '.' : relative.split(path.sep).join('/');
}

/**
 * Where a new plan about a snapshot goes: into the workspace folder that holds the snapshot, else into the first one, else
 * beside the snapshot. The name is one that nothing has yet.
 */
export async function placeOfNewPlan(snapshotFolder: string | null, what: string): Promise<vscode.Uri> {
  const uri = snapshotFolder === null ? undefined : vscode.Uri.file(snapshotFolder);
  const holder = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
  const isWorkspace = holder !== undefined && holder.uri.toString() !== uri?.toString();
  const base = isWorkspace ? holder.uri.fsPath : beside(snapshotFolder);
  const name = snapshotFolder === null ? what : `${what}-${snapshotName(snapshotFolder)}`;
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  for (let number = 1; ; number++) {
    const file = vscode.Uri.file(path.join(base, `${plain}${number === 1 ? '' : `-${number}`}${PLAN_SUFFIX}`));
    if (!(await isTaken(file))) return file.with({ scheme: 'untitled' });
  }
}

function beside(snapshotFolder: string | null): string {
  if (snapshotFolder !== null && vscode.workspace.workspaceFolders === undefined) return path.dirname(snapshotFolder);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd();
}

async function isTaken(file: vscode.Uri): Promise<boolean> {
  const untitled = file.with({ scheme: 'untitled' }).toString();
  if (vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === untitled)) return true;
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

/** Shows a plan that is not saved yet. */
export async function showNewPlan(place: vscode.Uri, text: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(place);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  return await vscode.window.showTextDocument(document, { preview: false });
}
