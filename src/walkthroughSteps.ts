import * as vscode from 'vscode';
import { CONTEXT_KEYS } from './ids';

/** Steps of the walkthrough that no command takes: a person takes them in a page. */
export type PageStep = 'sawEntries' | 'verified';

const taken = new Set<PageStep>();

/** Ticks a step off. */
export function tookStep(step: PageStep): void {
  if (taken.has(step)) return;
  taken.add(step);
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS[step], true);
}
