import * as vscode from 'vscode';
import type { CommandHandler } from './services';
import { textsOf } from './target';

/** Copies one of the texts that a node or a row has. */
function copyText(which: 'name' | 'uid' | 'operatorId' | 'type' | 'path'): CommandHandler {
  return async (_, argument) => {
    const text = textsOf(argument)[which];
    if (text === undefined) return;
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied to the clipboard'), 2000);
  };
}

export const copyName = copyText('name');
export const copyUid = copyText('uid');
export const copyOperatorId = copyText('operatorId');
export const copyType = copyText('type');
export const copyPath = copyText('path');
