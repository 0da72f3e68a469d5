import * as path from 'node:path';
import * as vscode from 'vscode';
import { signalOf } from '../cancellation';
import { EngineError } from '../engine/bytes/engineError';
import type { Log } from '../log';
import { isCancelled } from '../rpc/problem';
import { readDecoders, readPageSettings } from '../settings';
import { problemDetails } from '../view/explain';
import { formatBytes, formatCount } from '../view/format';
import type { ExportedRows, ExportFormat, ExportProgress, RowQuery } from '../view/shownRows';
import type { EngineClient } from '../worker/engineClient';

/** What files of a format are called, and what their names end with. */
const FILES: Readonly<Record<ExportFormat, readonly [name: string, suffix: string]>> = {
  ndjson: ['NDJSON', 'ndjson'],
  csv: ['CSV', 'csv'],
  parquet: ['Parquet', 'parquet'],
};

/** Longest beginning of a state's name in the name of a file. */
const NAME_LENGTH = 60;

/**
 * Writes rows to files: asks where to and shows how far it is. Each export has a thread of its own, so that it keeps nobody
 * from reading.
 */
export class RowExports {
  constructor(
    private readonly newEngine: () => EngineClient,
    private readonly log: Log,
  ) {}

  /** `snapshot` is its folder or file. */
  async run(snapshot: string, query: RowQuery, format: ExportFormat): Promise<void> {
    const { t } = vscode.l10n;
    const [name, suffix] = FILES[format];
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(snapshot));
    const state = query.target.state.replace(/[^\p{L}\p{N}.-]+/gu, '_').slice(0, NAME_LENGTH);
    const uri = await vscode.window.showSaveDialog({
      title: t('Export {0}', query.target.state),
      defaultUri: vscode.Uri.joinPath(folder, `${state}.${suffix}`),
      filters: { [name]: [suffix] },
    });
    if (uri === undefined) return;
    if (uri.scheme !== 'file')
      throw new EngineError('UNSUPPORTED', t('Rows can be exported to a file on the disk only.'));
    const engine = this.newEngine();
    try {
      const title = t('Exporting {0}', query.target.state);
      const location = vscode.ProgressLocation.Notification;
      const exported = await vscode.window.withProgress(
        { location, title, cancellable: true },
        async (report, token) => {
          const { signal, dispose } = signalOf(token);
          let percent = 0;
          try {
            return await engine.call(
              'exportRows',
              { ...query, path: snapshot, file: uri.fsPath, format, decoders: readDecoders() },
              {
                signal,
                onProgress: (progress) => {
                  const now = Math.floor(progress.done * 100);
                  report.report({ message: progressText(progress), increment: Math.max(0, now - percent) });
                  percent = Math.max(percent, now);
                },
              },
            );
          } finally {
            dispose();
          }
        },
      );
      this.log.info(`Exported ${exported.rows} rows, ${exported.bytes} bytes, as ${format}`);
      void this.tell(uri, exported);
    } catch (e) {
      if (!isCancelled(e)) throw e;
      vscode.window.setStatusBarMessage(t('Cancelled: nothing was written.'), 5000);
    } finally {
      engine.dispose();
    }
  }

  private async tell(uri: vscode.Uri, { rows, bytes, problems, moreProblems }: ExportedRows): Promise<void> {
    const { t } = vscode.l10n;
    const { sizeUnits, locale } = readPageSettings();
    const file = path.basename(uri.fsPath);
    const written = t(
      '{0} rows, {1}, written to “{2}”.',
      formatCount(rows, locale),
      formatBytes(bytes, sizeUnits, locale),
      file,
    );
    const reveal = t('Show in Folder');
    const [problem] = problems;
    if (problem === undefined) {
      const chosen = await vscode.window.showInformationMessage(written, reveal);
      if (chosen === reveal) await vscode.commands.executeCommand('revealFileInOS', uri);
      return;
    }
    for (const each of problems) this.log.failure('Exporting rows', each);
    const copy = t('Copy Details');
    const count = problems.length + moreProblems;
    const rest =
      count === 1
        ? t('Some state could not be read: {0}', problem.message)
        : t('{0} pieces of state could not be read. The first: {1}', count, problem.message);
    const chosen = await vscode.window.showWarningMessage(`${written} ${rest}`, reveal, copy);
    if (chosen === reveal) await vscode.commands.executeCommand('revealFileInOS', uri);
    if (chosen === copy) await vscode.env.clipboard.writeText(problems.map(problemDetails).join('\n\n'));
  }
}

function progressText({ rows, bytes }: ExportProgress): string {
  const { sizeUnits, locale } = readPageSettings();
  return vscode.l10n.t('{0} rows · {1}', formatCount(rows, locale), formatBytes(bytes, sizeUnits, locale));
}
