import * as vscode from 'vscode';
import type { SourcePlace } from '../engine/description';

/** Opens a source file at a place of it, beside the snapshot. */
export async function showSource({ path, line, column }: SourcePlace): Promise<void> {
  const at = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(path), {
    selection: new vscode.Range(at, at),
    viewColumn: vscode.ViewColumn.Beside,
  });
}
