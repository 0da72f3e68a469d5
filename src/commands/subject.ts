import * as path from 'node:path';
import * as vscode from 'vscode';
import { signalOf } from '../cancellation';
import type { OperatorDescription, SnapshotDescription, StateDescription } from '../engine/description';
import { EDITOR_VIEW_TYPE } from '../ids';
import { isPlan, pathOfPlan } from '../plan/planFiles';
import { PlanTree } from '../plan/planTree';
import type { RowContext } from '../protocol';
import { isNode, nodeTarget } from '../tree/nodes';
import { snapshotName } from '../view/naming';
import type { Services } from './services';
import { uriOf } from './target';

/** What a command that writes is about: a snapshot, and where it was called on one of them, its operator and state. */
export interface Subject {
  /** Folder of the snapshot; for Flink 1.2 its single file. */
  path: string;
  snapshot: SnapshotDescription;
  operator: OperatorDescription | null;
  state: StateDescription | null;
}

/** Of what a menu passed, of the editor that is in front, or of a snapshot that the person chooses. */
export async function subjectOf(services: Services, argument: unknown): Promise<Subject | undefined> {
  const file = fileOf(argument) ?? (await chooseSnapshot(services));
  if (file === undefined) return undefined;
  const subject = await describeSubject(services, file);
  if (subject === undefined) return undefined;
  const { operator: id, state: name } = rowOf(argument);
  const operator = subject.snapshot.operators.find((o) => o.id === id) ?? null;
  const state = operator?.states.find((s) => s.name === name) ?? null;
  return { ...subject, operator, state };
}

export async function describeSubject(services: Services, file: string): Promise<Subject | undefined> {
  const title = vscode.l10n.t('Reading {0}', snapshotName(file));
  const location = vscode.ProgressLocation.Notification;
  // What takes a moment only is no news.
  const snapshot = await vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    const { signal, dispose } = signalOf(token);
    try {
      return await services.snapshots.describe(file, signal);
    } finally {
      dispose();
    }
  });
  return { path: snapshot.path, snapshot, operator: null, state: null };
}

/** The `_metadata` or the plan in front that says which snapshot is meant. */
function fileOf(argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri || isNode(argument)) return uriOf(argument)?.fsPath;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === EDITOR_VIEW_TYPE) return input.uri.fsPath;
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || !isPlan(document)) return undefined;
  const { from } = new PlanTree(document.getText());
  return from === null ? undefined : pathOfPlan(document, from);
}

function rowOf(argument: unknown): { operator: string | null; state: string | null } {
  if (isNode(argument)) return nodeTarget(argument) ?? { operator: null, state: null };
  if (typeof argument !== 'object' || argument === null || !('webviewSection' in argument))
    return { operator: null, state: null };
  const { webviewSection, operatorId = null, name = null } = argument as Partial<RowContext>;
  return { operator: operatorId, state: webviewSection === 'state' ? name : null };
}

/** Snapshots that are offered. */
const MOST = 500;

/** One of those that are open or in the workspace, or from anywhere. Its folder or file. */
export async function chooseSnapshot({ editors }: Services, title?: string): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const open = editors.openUris.map(({ fsPath }) => fsPath);
  const found = (await vscode.workspace.findFiles('**/_metadata', '**/node_modules/**', MOST)).map((u) => u.fsPath);
  const files = [...new Set([...open, ...found.sort()])];
  const items: (vscode.QuickPickItem & { file: string | null })[] = files.map((file) => ({
    label: snapshotName(file).replaceAll('$(', '\\$('),
    description: vscode.workspace.asRelativePath(path.dirname(file)),
    file,
  }));
  items.push({ label: t('$(folder-opened) Snapshot folder…'), alwaysShow: true, file: null });
  const placeHolder = title ?? t('Which snapshot?');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (chosen === undefined) return undefined;
  if (chosen.file !== null) return chosen.file;
  const folders = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    title: placeHolder,
  });
  return folders?.[0]?.fsPath;
}
