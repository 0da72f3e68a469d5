import * as vscode from 'vscode';
import { CONTEXT_KEYS } from './ids';

let isSaid = false;

/** Ticks off the step of the walkthrough that a person takes in a page. */
export function sawEntries(): void {
  if (isSaid) return;
  isSaid = true;
  void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.sawEntries, true);
}
