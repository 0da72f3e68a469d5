import * as vscode from 'vscode';
import { readPageSettings } from '../settings';
import { formatBytes } from '../view/format';
import type { CommandHandler } from './services';

/** Removes what is kept of snapshots on the disk, and says how much that was. */
export const clearCache: CommandHandler = async ({ engine, log }) => {
  const { t } = vscode.l10n;
  const { freed, isLocked } = await engine.call('clearCache', {});
  const { sizeUnits, locale } = readPageSettings();
  const size = formatBytes(freed, sizeUnits, locale);
  log.info(`Cleared the cache: ${freed} bytes${isLocked ? '; another window uses the one on the disk' : ''}`);
  if (isLocked) {
    void vscode.window.showWarningMessage(
      t(
        '{0} were freed. Another window uses the cache on the disk at this moment: try again there, or in a moment.',
        size,
      ),
    );
  } else if (freed === 0) void vscode.window.showInformationMessage(t('The cache was empty already.'));
  else void vscode.window.showInformationMessage(t('The cache is cleared: {0} were freed.', size));
};
