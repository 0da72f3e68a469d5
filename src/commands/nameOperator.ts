import * as vscode from 'vscode';
import { isOperatorId, operatorIdOfUid } from '../engine/metadata/operatorId';
import { SETTINGS } from '../ids';
import { labelText } from '../plan/spell';
import { keepInSetting } from '../settings';
import { shortId } from '../view/format';
import type { Services } from './services';
import { textsOf } from './target';

/** Asks for the uid of an operator that its snapshot knows by its hash, or for a name, and keeps it in the workspace's settings. */
export async function nameOperator({ names }: Services, argument: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const id = idOf(argument);
  if (id === null) return;
  const known = names.nameOf(id);
  const name = await vscode.window.showInputBox({
    title: t('Name Operator {0}', shortId(id)),
    prompt: t('The uid that the job sets, or a name of your own. Nothing takes the name away.'),
    value: known === null ? '' : (known.uid ?? known.given.label ?? ''),
    validateInput: (text) => judge(text, id),
  });
  if (name === undefined) return;
  await keepInSetting(SETTINGS.operatorNames, id, name);
}

/** Whether it is the uid, said while it is typed. A name that is none is as good as any. */
function judge(text: string, id: string): vscode.InputBoxValidationMessage | undefined {
  const { t } = vscode.l10n;
  if (text === '') return undefined;
  const { Info } = vscode.InputBoxValidationSeverity;
  if (operatorIdOfUid(text) === id)
    return { message: t('This is the uid: its hash is the operator’s ID.'), severity: Info };
  return {
    message: t('Not the uid: its hash is another. “{0}” will be a name only.', labelText(text)),
    severity: Info,
  };
}

function idOf(argument: unknown): string | null {
  const given =
    typeof argument === 'object' &&
    argument !== null &&
    'operatorId' in argument &&
    typeof argument.operatorId === 'string'
      ? argument.operatorId
      : textsOf(argument).operatorId;
  return given !== undefined && isOperatorId(given) ? given : null;
}
