import * as vscode from 'vscode';
import { CONTEXT_KEYS } from './ids';

/** Steps of the walkthrough that a person takes in a page, where no command of VS Code's tells of it. */
export type PageStep = 'sawEntries' | 'verified';

/**
 * Ticks a step off, with a context that is true for a moment: one that is true before the walkthrough is opened for the first time
 * would never be noticed.
 */
export async function tookStep(step: PageStep): Promise<void> {
  await vscode.commands.executeCommand('setContext', CONTEXT_KEYS[step], true);
  await vscode.commands.executeCommand('setContext', CONTEXT_KEYS[step], false);
}
