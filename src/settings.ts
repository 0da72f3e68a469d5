import * as vscode from 'vscode';
import { CONFIGURATION, SETTINGS } from './ids';
import type { PageSettings } from './protocol';

export function readPageSettings(): PageSettings {
  const configuration = vscode.workspace.getConfiguration(CONFIGURATION);
  return {
    sizeUnits: configuration.get<string>(SETTINGS.sizeUnits) === 'binary' ? 'binary' : 'decimal',
    timeZone: configuration.get<string>(SETTINGS.timeZone) === 'local' ? 'local' : 'utc',
    locale: vscode.env.language,
  };
}

export function onSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((e) => {
    if (e.affectsConfiguration(CONFIGURATION)) listener();
  });
}

const MEGABYTE = 1_000_000;

/** Whether the entries of a snapshot of so many bytes are counted without being asked for. */
export const countsByItself = (bytes: number): boolean => bytes <= megabytes(SETTINGS.countUpTo, 128) * MEGABYTE;

/** The most that may be kept on the disk of what was computed of snapshots. */
export const cacheBytes = (): number => megabytes(SETTINGS.cacheSize, 256) * MEGABYTE;

function megabytes(setting: string, otherwise: number): number {
  const value = vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>(setting);
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

/** The most that a thread of the engine may take, in MB; null for what Node gives it. */
export function memoryLimitMb(): number | null {
  const wanted = megabytes(SETTINGS.memoryLimit, 0);
  return wanted === 0 ? null : wanted;
}
