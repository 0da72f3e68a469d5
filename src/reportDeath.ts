import * as vscode from 'vscode';
import type { EngineError } from './engine/bytes/engineError';
import type { Log } from './log';
import { toProblem } from './rpc/problem';

/** The engine's thread died: one message, whatever number of calls it was working on. */
export function reportDeath(error: EngineError, log: Log): void {
  log.failure('The engine', toProblem(error));
  const show = vscode.l10n.t('Show Logs');
  const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  void vscode.window.showErrorMessage(message, show).then((chosen) => {
    if (chosen === show) log.show();
  });
}
