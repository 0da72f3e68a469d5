import * as vscode from 'vscode';
import type { RowContext } from '../protocol';
import { isNode, nodeTexts, nodeUri } from '../tree/nodes';

/** Texts of a tree node or of a row of a page, whichever a menu passed. */
export function textsOf(argument: unknown): Partial<Record<'name' | 'uid' | 'operatorId' | 'type' | 'path', string>> {
  if (isNode(argument)) return nodeTexts(argument);
  if (typeof argument !== 'object' || argument === null || !('webviewSection' in argument)) return {};
  const { name, uid, operatorId, type, path } = argument as Partial<RowContext>;
  const texts = { name, uid, operatorId, type, path };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => typeof text === 'string'));
}

/** The file that a command is about: a URI, a path, a tree node, a row of a page, or the tab that is in front. */
export function uriOf(argument: unknown): vscode.Uri | null {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string' && argument !== '') return vscode.Uri.file(argument);
  if (isNode(argument)) {
    const { path } = nodeTexts(argument);
    return nodeUri(argument) ?? (path === undefined ? null : vscode.Uri.file(path));
  }
  const { path } = textsOf(argument);
  if (path !== undefined) return vscode.Uri.file(path);
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? input.uri : null;
}
