import * as path from 'node:path';
import * as vscode from 'vscode';
import { bootstrapForm } from '../forms/bootstrapForm';
import { vscodeAsker } from '../forms/vscodeAsker';
import { planFor } from '../plan/planDesk';
import { DATA_FILES, nameInPlan } from '../plan/planFiles';
import type { CommandHandler, Services } from './services';
import { type Subject, subjectOf } from './subject';

/** From a file with data, into the snapshot that is meant, or into a new one. */
export const bootstrap: CommandHandler = async (services, argument) => {
  const chosen = argument === undefined ? await chooseWhere() : 'there';
  if (chosen === undefined) return;
  const subject = chosen === 'new' ? null : await subjectOf(services, argument);
  if (subject !== undefined) await bootstrapInto(services, subject);
};

/** Asks for data and what becomes of it; null for a snapshot that starts from nothing. */
export async function bootstrapInto(
  services: Services,
  subject: Subject | null,
  plan?: vscode.TextDocument,
): Promise<void> {
  const data = await chooseData();
  if (data === undefined) return;
  const look = await services.snapshots.lookAtData(data);
  if (look.bad !== null) void vscode.window.showWarningMessage(look.bad);
  const target = await planFor(subject?.path ?? null, 'bootstrap', plan);
  const title = vscode.l10n.t('Bootstrap');
  const wanted = await bootstrapForm(
    {
      data: nameInPlan(target.folder, data),
      columns: look.columns,
      operators: subject?.snapshot.operators ?? [],
      chosen: subject?.operator ?? null,
      isNew: subject === null && plan === undefined,
    },
    (number) => vscodeAsker(title, number),
    vscode.l10n.t,
  );
  if (wanted !== null) await target.add(wanted.step, wanted.metadataVersion ?? undefined);
}

async function chooseWhere(): Promise<'new' | 'there' | undefined> {
  const { t } = vscode.l10n;
  const items: (vscode.QuickPickItem & { where: 'new' | 'there' })[] = [
    { label: t('A new snapshot'), detail: t('For a job that has no state yet'), where: 'new' },
    { label: t('A snapshot that is there'), detail: t('State is added to a copy of it'), where: 'there' },
  ];
  const placeHolder = t('Where is the state to go?');
  return (await vscode.window.showQuickPick(items, { title: t('Bootstrap'), placeHolder }))?.where;
}

const MOST_DATA_FILES = 200;

/** A file with data: of the workspace, or from anywhere. */
async function chooseData(): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const found = await vscode.workspace.findFiles(DATA_FILES, '**/node_modules/**', MOST_DATA_FILES);
  const known = found.map(({ fsPath }) => ({ file: fsPath, shown: vscode.workspace.asRelativePath(fsPath) }));
  known.sort((a, b) => (a.shown < b.shown ? -1 : 1));
  const items: (vscode.QuickPickItem & { file: string | null })[] = known.map(({ file, shown }) => ({
    label: path.basename(file).replaceAll('$(', '\\$('),
    description: shown,
    file,
  }));
  items.push({ label: t('$(file) File…'), alwaysShow: true, file: null });
  const placeHolder = t('Which data? CSV, NDJSON, JSON or Parquet');
  const options = { title: t('Bootstrap'), placeHolder, matchOnDescription: true };
  const chosen = await vscode.window.showQuickPick(items, options);
  if (chosen === undefined) return undefined;
  if (chosen.file !== null) return chosen.file;
  const filters = { [t('Data')]: ['csv', 'tsv', 'ndjson', 'jsonl', 'json', 'parquet'], [t('All Files')]: ['*'] };
  return (await vscode.window.showOpenDialog({ canSelectFiles: true, filters, title: placeHolder }))?.[0]?.fsPath;
}
