import * as vscode from 'vscode';
import { EngineError } from '../engine/bytes/engineError';
import { COMMANDS } from '../ids';
import { isCancelled } from '../rpc/problem';
import { bootstrap } from './bootstrap';
import { clearCache } from './clearCache';
import { compare, compareWithSelected, selectForCompare } from './compare';
import { copyName, copyOperatorId, copyPath, copyType, copyUid } from './copy';
import { exportRows } from './exportRows';
import { nameOperator } from './nameOperator';
import { openInEditor } from './openInEditor';
import { openSample } from './openSample';
import { openResource, openSnapshot } from './openSnapshot';
import { reopenWith } from './reopenWith';
import { reportIssue } from './reportIssue';
import { revealInExplorer } from './revealInExplorer';
import type { CommandHandler, Services } from './services';
import { showEntries } from './showEntries';
import { addPlanStep, copySnapshot, dryRunPlan, modify, modifyEntry, rescale, runPlan } from './write';

/** Every command of the manifest; one that is missing does not compile. */
const HANDLERS: Record<keyof typeof COMMANDS, CommandHandler> = {
  openSnapshot,
  openSample,
  openResource,
  openInEditor,
  showEntries,
  exportRows,
  copySelection: ({ editors }) => editors.active?.copyEntry('text'),
  copySelectionJson: ({ editors }) => editors.active?.copyEntry('json'),
  copySelectionCsv: ({ editors }) => editors.active?.copyEntry('csv'),
  copyEntryRow: ({ editors }) => editors.active?.copyEntry('row'),
  bootstrap,
  modify,
  modifyEntry,
  rescale,
  nameOperator,
  verify: ({ editors }) => editors.active?.document.verification.start(),
  compare,
  compareWith: compare,
  selectForCompare,
  compareWithSelected,
  copySnapshot,
  dryRunPlan,
  runPlan,
  addPlanStep,
  clearCache,
  refresh: ({ tree }) => tree.refresh(),
  copyName,
  copyUid,
  copyOperatorId,
  copyType,
  copyPath,
  revealInExplorer,
  reopenWith,
  openLogs: ({ log }) => log.show(),
  reportIssue,
};

export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries(HANDLERS).map(([name, handler]) =>
    vscode.commands.registerCommand(COMMANDS[name as keyof typeof COMMANDS], (argument: unknown) =>
      run(name, handler, services, argument),
    ),
  );
  return vscode.Disposable.from(...registrations);
}

/** Whatever a command throws becomes a message with a way on. */
async function run(name: string, handler: CommandHandler, services: Services, argument: unknown): Promise<void> {
  try {
    await handler(services, argument);
  } catch (e) {
    if (isCancelled(e)) return;
    services.log.defect(`Command ${name}`, e);
    const show = vscode.l10n.t('Show Logs');
    const message = e instanceof EngineError ? e.message : vscode.l10n.t('The command failed. The log says where.');
    if ((await vscode.window.showErrorMessage(message, show)) === show) services.log.show();
  }
}
