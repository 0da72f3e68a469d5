import * as vscode from 'vscode';
import { exportForm } from '../forms/exportForm';
import { vscodeAsker } from '../forms/vscodeAsker';
import type { RowQuery } from '../view/shownRows';
import type { CommandHandler } from './services';
import { describeSubject, subjectOf } from './subject';

/** Writes the entries of a state to a file: of what a menu is about, of what the page of a state shows, or of what a person chooses. */
export const exportRows: CommandHandler = async (services, argument) => {
  const shown = isShown(argument) ? argument : null;
  const subject =
    shown === null ? await subjectOf(services, argument) : await describeSubject(services, shown.uri.fsPath);
  if (subject === undefined) return;
  const { path, snapshot } = subject;
  let { operator, state } = subject;
  if (shown !== null) {
    const { target } = shown.query;
    operator = snapshot.operators.find(({ id }) => id === target.operator) ?? null;
    state = operator?.states.find(({ name, backend }) => name === target.state && backend === target.backend) ?? null;
  }
  const title = vscode.l10n.t('Export');
  const asker = (number: number) => vscodeAsker(title, number);
  const wanted = await exportForm({ operators: snapshot.operators, operator, state }, asker, vscode.l10n.t);
  if (wanted === null) return;
  const target = { operator: wanted.operator.id, state: wanted.state.name, backend: wanted.state.backend };
  const everything = { target, key: null, namespace: null, mapKey: null, filter: null, sort: null, expand: [] };
  await services.exports.run(path, shown?.query ?? everything, wanted.format);
};

/** What a page passes: its snapshot and the rows that it shows. */
function isShown(argument: unknown): argument is { uri: vscode.Uri; query: RowQuery } {
  if (typeof argument !== 'object' || argument === null) return false;
  const { uri, query } = argument as { uri?: unknown; query?: unknown };
  return uri instanceof vscode.Uri && typeof query === 'object' && query !== null;
}
