import * as vscode from 'vscode';
import type { DecoderChoices } from './engine/types/decoderChoices';
import { CONFIGURATION, SETTINGS } from './ids';
import type { PageSettings } from './protocol';

export function readPageSettings(): PageSettings {
  const configuration = vscode.workspace.getConfiguration(CONFIGURATION);
  return {
    sizeUnits: configuration.get<string>(SETTINGS.sizeUnits) === 'binary' ? 'binary' : 'decimal',
    timeZone: configuration.get<string>(SETTINGS.timeZone) === 'local' ? 'local' : 'utc',
    locale: vscode.env.language,
    decoders: readDecoders(),
  };
}

/** How values are read that only a class of the job can read. */
export function readDecoders(): DecoderChoices {
  const found = vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>(SETTINGS.decoders);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(
    Object.entries(found).filter((choice): choice is [string, string] => typeof choice[1] === 'string'),
  );
}

/** Keeps one entry of a setting that has many, in the workspace's settings, or the person's where there is no workspace. An empty one goes. */
export async function keepInSetting(setting: string, name: string, value: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(CONFIGURATION);
  const hasWorkspace = (vscode.workspace.workspaceFolders ?? []).length > 0;
  const target = hasWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const kept = configuration.inspect<Record<string, string>>(setting);
  const { [name]: _, ...others } = (hasWorkspace ? kept?.workspaceValue : kept?.globalValue) ?? {};
  const all = value === '' ? others : { ...others, [name]: value };
  await configuration.update(setting, Object.keys(all).length === 0 ? undefined : all, target);
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
