import * as vscode from 'vscode';
import { CONFIGURATION, SETTINGS } from './ids';
import type { PageSettings } from './protocol';

export function readPageSettings(): PageSettings {
  const units = vscode.workspace.getConfiguration(CONFIGURATION).get<string>(SETTINGS.sizeUnits);
  return { sizeUnits: units === 'binary' ? 'binary' : 'decimal', locale: vscode.env.language };
}

export function onSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((e) => {
    if (e.affectsConfiguration(CONFIGURATION)) listener();
  });
}
