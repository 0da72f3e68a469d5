import * as vscode from 'vscode';
import { EXTENSION_NAME } from '../ids';
import type { CommandHandler } from './services';

/** Copies what a report needs: versions and the platform, nothing of any snapshot. */
export const reportIssue: CommandHandler = async ({ context, log }) => {
  const { version } = context.extension.packageJSON as { version: string };
  const lines = [
    `- ${EXTENSION_NAME} ${version}`,
    `- ${vscode.env.appName} ${vscode.version} (${vscode.env.appHost}${vscode.env.remoteName === undefined ? '' : `, ${vscode.env.remoteName}`})`,
    `- Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    '',
    vscode.l10n.t('What I did:'),
    '',
    vscode.l10n.t('What happened, with the text of “Copy Details” if there was an error:'),
    '',
  ];
  await vscode.env.clipboard.writeText(lines.join('\n'));
  const show = vscode.l10n.t('Show Logs');
  const message = vscode.l10n.t(
    'The versions are on the clipboard: paste them into your report. They hold nothing of your snapshots; neither do the logs.',
  );
  if ((await vscode.window.showInformationMessage(message, show)) === show) log.show();
};
