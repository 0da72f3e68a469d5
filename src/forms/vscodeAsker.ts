import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { visible } from '../view/visibleText';
import { type Asker, BACK, CANCEL, type Choice, type InputQuestion, type PickQuestion } from './asker';

/** Milliseconds after the last key before an answer is checked. */
const CHECK_AFTER_MS = 80;

type Item<T> = vscode.QuickPickItem & { choice?: Choice<T> };

/** Asks in the quick input at the top of the window. `number` counts the questions of the form from 1. */
export function vscodeAsker(title: string, number: number): Asker {
  return {
    pick: (question) => pick(title, number, question),
    pickMany: (question) => pickMany(title, number, question),
    input: (question) => input(title, number, question),
  };
}

function pick<T>(title: string, number: number, question: PickQuestion<T>): Promise<T> {
  return withQuickPick(title, number, question, (box, resolve) => {
    box.activeItems = box.items.filter(({ choice }) => choice !== undefined && choice.value === question.active);
    return box.onDidAccept(() => {
      const [item] = box.selectedItems;
      if (item?.choice !== undefined) resolve(item.choice.value);
    });
  });
}

function pickMany<T>(
  title: string,
  number: number,
  question: PickQuestion<T> & { picked: (value: T) => boolean },
): Promise<T[]> {
  return withQuickPick<T, T[]>(title, number, question, (box, resolve) => {
    box.canSelectMany = true;
    box.selectedItems = box.items.filter(({ choice }) => choice !== undefined && question.picked(choice.value));
    return box.onDidAccept(() => {
      const values = box.selectedItems.flatMap(({ choice }) => (choice === undefined ? [] : [choice.value]));
      if (values.length > 0) resolve(values);
    });
  });
}

function withQuickPick<T, R>(
  title: string,
  number: number,
  { prompt, choices }: PickQuestion<T>,
  begin: (box: vscode.QuickPick<Item<T>>, resolve: (value: R) => void) => vscode.Disposable,
): Promise<R> {
  const box = vscode.window.createQuickPick<Item<T>>();
  box.placeholder = prompt;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.items = choices.flatMap((choice): Item<T>[] => [
    ...(choice.heading === undefined
      ? []
      : [{ label: choice.heading, kind: vscode.QuickPickItemKind.Separator } as const]),
    {
      label: plainText(choice.label),
      ...(choice.description !== undefined && { description: plainText(choice.description) }),
      ...(choice.detail !== undefined && { detail: plainText(choice.detail) }),
      choice,
    },
  ]);
  return shown(box, title, number, (resolve) => begin(box, resolve));
}

/** Names of others may look like VS Code's way to write an icon, or hide and turn around what stands beside them. */
const plainText = (text: string): string => visible(text).replaceAll('$(', '\\$(');

function input(title: string, number: number, question: InputQuestion): Promise<string> {
  const box = vscode.window.createInputBox();
  box.prompt = question.prompt;
  box.value = question.value ?? '';
  box.placeholder = question.placeholder ?? '';
  let checking = 0;
  const check = async (): Promise<boolean> => {
    const turn = ++checking;
    const wrong = await question.check(box.value);
    if (turn === checking) box.validationMessage = wrong ?? undefined;
    return turn === checking && wrong === null;
  };
  return shown(box, title, number, (resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const listening = vscode.Disposable.from(
      box.onDidChangeValue(() => {
        // A complaint about what is no longer there misleads.
        box.validationMessage = undefined;
        clearTimeout(timer);
        timer = setTimeout(() => void check(), CHECK_AFTER_MS);
      }),
      box.onDidAccept(async () => {
        const { value } = box;
        if (await check()) resolve(value);
      }),
      { dispose: () => clearTimeout(timer) },
    );
    return listening;
  });
}

/** Shows a box until it is answered, left, or gone back from. It stays when the window loses the focus: an answer may be looked up. */
function shown<R>(
  box: vscode.QuickInput & Pick<vscode.QuickPick<vscode.QuickPickItem>, 'buttons' | 'onDidTriggerButton'>,
  title: string,
  number: number,
  begin: (resolve: (value: R) => void) => vscode.Disposable,
): Promise<R> {
  const disposables = new Disposables();
  disposables.add(box);
  box.title = title;
  box.step = number;
  box.ignoreFocusOut = true;
  box.buttons = number > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise<R>((resolve, reject) => {
    disposables.add(begin(resolve));
    disposables.add(box.onDidTriggerButton((button) => button === vscode.QuickInputButtons.Back && reject(BACK)));
    disposables.add(box.onDidHide(() => reject(CANCEL)));
    box.show();
  }).finally(() => disposables.dispose());
}
