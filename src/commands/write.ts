import * as path from 'node:path';
import * as vscode from 'vscode';
import { copyForm } from '../forms/copyForm';
import { entryStep } from '../forms/entryStep';
import { modifyForm } from '../forms/modifyForm';
import { rescaleForm } from '../forms/rescaleForm';
import { vscodeAsker } from '../forms/vscodeAsker';
import { commentOf, planFor } from '../plan/planDesk';
import { isPlan, nameInPlan, pathOfPlan, placeOfNewPlan, showNewPlan } from '../plan/planFiles';
import { type PlanStepJson, planText } from '../plan/planText';
import { PlanTree } from '../plan/planTree';
import { bootstrapInto } from './bootstrap';
import type { CommandHandler, Services } from './services';
import { chooseSnapshot, describeSubject, type Subject, subjectOf } from './subject';

export const modify: CommandHandler = async (services, argument) => {
  const subject = await subjectOf(services, argument);
  if (subject === undefined) return;
  const target = await planFor(subject.path, 'modify');
  const step = await askModify(services, subject, target.folder);
  if (step !== null) await target.add(step);
};

export const rescale: CommandHandler = async (services, argument) => {
  const subject = await subjectOf(services, argument);
  if (subject === undefined) return;
  const { snapshot, operator } = subject;
  const title = vscode.l10n.t('Rescale');
  const step = await rescaleForm(
    { operators: snapshot.operators, chosen: operator },
    (number) => vscodeAsker(title, number),
    vscode.l10n.t,
  );
  if (step !== null) await (await planFor(subject.path, 'rescale')).add(step);
};

export const copySnapshot: CommandHandler = async (services, argument) => {
  const subject = await subjectOf(services, argument);
  if (subject === undefined) return;
  const title = vscode.l10n.t('Copy as Self-Contained Savepoint');
  const wanted = await copyForm(subject.snapshot, (number) => vscodeAsker(title, number), vscode.l10n.t);
  if (wanted === null) return;
  const { metadataVersion, outcome } = wanted;
  if (outcome === 'copy') {
    await services.writing.copy(subject.path, metadataVersion);
    return;
  }
  const place = await placeOfNewPlan(subject.path, 'copy');
  const from = nameInPlan(path.dirname(place.fsPath), subject.path);
  await showNewPlan(
    place,
    planText({ from, metadataVersion: metadataVersion ?? undefined, steps: [], comment: commentOf(from) }),
  );
};

/** Of the entry that has the focus in the page: a step that puts it, to be changed in the plan. */
export const modifyEntry: CommandHandler = async (services, argument) => {
  if (!isEntry(argument)) {
    // From the menu: the page knows which entry it is, and calls again.
    services.editors.active?.modifyEntry();
    return;
  }
  const subject = await describeSubject(services, argument.uri.fsPath);
  if (subject === undefined) return;
  await (await planFor(subject.path, 'modify')).add(entryStep(argument.line, subject.snapshot));
};

export const dryRunPlan: CommandHandler = async ({ reports }, argument) => {
  const document = await planOf(argument);
  if (document !== undefined) reports.show(document);
};

export const runPlan: CommandHandler = async ({ writing }, argument) => {
  const document = await planOf(argument);
  if (document !== undefined) await writing.runPlan(document);
};

export const addPlanStep: CommandHandler = async (services, argument) => {
  const plan = await planOf(argument);
  if (plan === undefined) return;
  const { from } = new PlanTree(plan.getText());
  if (from === null) {
    await bootstrapInto(services, null, plan);
    return;
  }
  const subject = await describeSubject(services, pathOfPlan(plan, from));
  if (subject === undefined) return;
  const target = await planFor(subject.path, 'modify', plan);
  const step = await askModify(services, subject, target.folder);
  if (step !== null) await target.add(step);
};

/** `folder`: of the plan that the step goes into. */
function askModify(services: Services, subject: Subject, folder: string): Promise<PlanStepJson | null> {
  const title = vscode.l10n.t('Modify');
  const { snapshot, operator, state } = subject;
  const otherSnapshot = async () => {
    const file = await chooseSnapshot(services, vscode.l10n.t('Copy from which snapshot?'));
    const other = file === undefined ? undefined : await describeSubject(services, file);
    return other === undefined ? null : { from: nameInPlan(folder, other.path), snapshot: other.snapshot };
  };
  const asker = (number: number) => vscodeAsker(title, number);
  return modifyForm({ snapshot, operator, state, otherSnapshot }, asker, vscode.l10n.t);
}

/** The plan that a lens or a menu names, else the one in front. */
async function planOf(argument: unknown): Promise<vscode.TextDocument | undefined> {
  if (argument instanceof vscode.Uri) {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === argument.toString());
    // One that was not saved and is not open any more may have been saved since.
    const document = open ?? (await vscode.workspace.openTextDocument(argument.with({ scheme: 'file' })));
    return isPlan(document) ? document : undefined;
  }
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && isPlan(document) ? document : undefined;
}

function isEntry(argument: unknown): argument is { uri: vscode.Uri; line: string } {
  if (typeof argument !== 'object' || argument === null) return false;
  const { uri, line } = argument as { uri?: unknown; line?: unknown };
  return uri instanceof vscode.Uri && typeof line === 'string';
}
