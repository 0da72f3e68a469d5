import * as vscode from 'vscode';
import type { CommandHandler } from './services';
import { uriOf } from './target';

/** Lets the person choose another editor for a file: for a `_metadata` that is not Flink's. */
export const reopenWith: CommandHandler = async (_, argument) => {
  const uri = uriOf(argument);
  if (uri !== null) await vscode.commands.executeCommand('explorer.openWith', uri);
};
