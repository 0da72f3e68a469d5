import * as vscode from 'vscode';
import { SETTINGS } from '../ids';
import { labelText } from '../plan/spell';
import { keepInSetting, readDecoders } from '../settings';

/**
 * Asks how values of one of these classes are read, and keeps it in the settings. `check` says what is wrong with a type. The classes
 * are named by a snapshot, and so by anybody.
 */
export async function chooseDecoder(
  classes: readonly string[],
  check: (type: string) => Promise<string | null>,
): Promise<void> {
  const className = classes.length > 1 ? await chooseClass(classes) : classes[0];
  if (className === undefined) return;
  const { t } = vscode.l10n;
  const type = await vscode.window.showInputBox({
    title: t('How to Read {0}', labelText(className)),
    prompt: t('The type of what its serializer writes, such as tuple<long, string>. Nothing takes the choice back.'),
    value: chosenBefore().get(className) ?? '',
    ignoreFocusOut: true,
    validateInput: async (typed) => (typed.trim() === '' ? null : check(typed)),
  });
  if (type !== undefined) await keepInSetting(SETTINGS.decoders, className, type.trim());
}

async function chooseClass(classes: readonly string[]): Promise<string | undefined> {
  const chosen = chosenBefore();
  const items = classes.map((name) => ({
    label: labelText(name),
    name,
    description: labelText(chosen.get(name) ?? ''),
  }));
  const title = vscode.l10n.t('How to Read Values That Only the Job Can Read');
  return (await vscode.window.showQuickPick(items, { title }))?.name;
}

/** A class may be called as what every object has. */
const chosenBefore = (): Map<string, string> => new Map(Object.entries(readDecoders()));
