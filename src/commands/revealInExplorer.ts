import * as vscode from 'vscode';
import type { CommandHandler } from './services';
import { uriOf } from './target';

/** Shows a file in the explorer, or in the system's file manager if it lies outside the workspace. */
export const revealInExplorer: CommandHandler = async (_, argument) => {
  const uri = uriOf(argument);
  if (uri === null) return;
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', uri);
};
