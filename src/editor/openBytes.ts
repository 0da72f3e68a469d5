import * as vscode from 'vscode';

/** Microsoft's Hex Editor, its editor and its command. */
const EXTENSION = 'ms-vscode.hexeditor';
const EDITOR = 'hexEditor.hexedit';
const GO_TO_OFFSET = 'hexEditor.goToOffset';

/**
 * Shows a file in the Hex Editor, where it is installed, and has it ask for the offset, which is on the clipboard then: it
 * takes no offset from others. Else the offset is on the clipboard alone.
 */
export async function openBytes(file: string, offset: number): Promise<'opened' | 'copied'> {
  const text = `0x${offset.toString(16)}`;
  await vscode.env.clipboard.writeText(text);
  if (vscode.extensions.getExtension(EXTENSION) === undefined) return 'copied';
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), EDITOR, vscode.ViewColumn.Beside);
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} is on the clipboard: paste it as the offset.', text), 10_000);
  await vscode.commands.executeCommand(GO_TO_OFFSET);
  return 'opened';
}
