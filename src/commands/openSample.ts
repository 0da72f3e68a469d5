import * as vscode from 'vscode';
import type { CommandHandler } from './services';

/** Opens the snapshot that comes with the extension, where it lies. */
export const openSample: CommandHandler = async ({ context, editors }) => {
  await editors.open(vscode.Uri.joinPath(context.extensionUri, 'media', 'sample', '_metadata'));
};
