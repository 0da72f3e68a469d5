import * as path from 'node:path';
import * as vscode from 'vscode';
import { signalOf } from '../cancellation';
import type { SnapshotEditorProvider } from '../editor/snapshotEditorProvider';
import { EngineError } from '../engine/bytes/engineError';
import type { MetadataVersion } from '../engine/metadata/model';
import { COMMANDS } from '../ids';
import type { Log } from '../log';
import { isCancelled, toProblem } from '../rpc/problem';
import { readPageSettings } from '../settings';
import { problemDetails } from '../view/explain';
import { explainPlan } from '../view/explainPlan';
import { formatBytes, formatCount } from '../view/format';
import type { PlanProgress, PlanSource, Written } from '../view/planWork';
import { proofText } from '../view/proofText';
import type { EngineClient } from '../worker/engineClient';
import { askOutputFolder, newFolderBeside } from './outputFolder';
import { folderOfPlan, isPlan, pathOfPlan } from './planFiles';
import { PlanTree } from './planTree';

/**
 * Writes new snapshots: asks where to, shows how far it is, and opens the result. Each write has a thread of its own, which
 * is never ended while it cleans up behind itself, and does not keep anybody from reading.
 */
export class SnapshotWriting {
  constructor(
    private readonly newEngine: () => EngineClient,
    private readonly editors: SnapshotEditorProvider,
    private readonly log: Log,
  ) {}

  async runPlan(document: vscode.TextDocument): Promise<void> {
    if (!isPlan(document) || !(await this.mayWrite(document))) return;
    const { from } = new PlanTree(document.getText());
    const what = path.basename(document.uri.fsPath).split('.')[0] ?? 'new';
    const beside = from === null ? path.join(folderOfPlan(document), 'savepoint') : pathOfPlan(document, from);
    const out = await askOutputFolder(await newFolderBeside(folderOf(beside), what));
    if (out === undefined) return;
    // As it stands now: the question stays while somebody goes back to the plan and mends it.
    const source: PlanSource = { text: document.getText(), file: document.uri.fsPath };
    await this.write(vscode.l10n.t('Running {0}', path.basename(document.uri.fsPath)), (engine, options) =>
      engine.call('runPlan', { ...source, out }, options),
    );
  }

  async copy(snapshot: string, metadataVersion: MetadataVersion | null): Promise<void> {
    if (!(await this.mayWrite(null))) return;
    const out = await askOutputFolder(await newFolderBeside(folderOf(snapshot), 'copy'));
    if (out === undefined) return;
    await this.write(vscode.l10n.t('Copying {0}', path.basename(folderOf(snapshot))), (engine, options) =>
      engine.call('runCopy', { path: snapshot, out, metadataVersion }, options),
    );
  }

  /** A plan that came with a workspace that nobody vouches for is shown to the person once more. */
  private async mayWrite(plan: vscode.TextDocument | null): Promise<boolean> {
    const { t } = vscode.l10n;
    if (vscode.workspace.fs.isWritableFileSystem('file') === false) {
      await vscode.window.showErrorMessage(t('Files cannot be written on this machine.'));
      return false;
    }
    if (vscode.workspace.isTrusted || plan === null) return true;
    const run = t('Run It');
    const detail = t(
      'You have not marked this workspace as trusted, so the plan may have been written by somebody else. It reads the snapshots and data files that it names, and writes only to the folder that you choose.',
    );
    const question = t('Run a plan of an untrusted workspace?');
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, run)) === run;
  }

  private async write(
    title: string,
    work: (
      engine: EngineClient,
      options: { signal: AbortSignal; onProgress: (progress: PlanProgress) => void },
    ) => Promise<Written>,
  ): Promise<void> {
    const engine = this.newEngine();
    try {
      const written = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        async (report, token) => {
          const { signal, dispose } = signalOf(token);
          let percent = 0;
          try {
            return await work(engine, {
              signal,
              onProgress: (progress) => {
                const now = percentOf(progress);
                report.report({ message: progressText(progress), increment: Math.max(0, now - percent) });
                percent = Math.max(percent, now);
              },
            });
          } finally {
            dispose();
          }
        },
      );
      await this.show(written);
    } catch (e) {
      await this.fail(e);
    } finally {
      engine.dispose();
    }
  }

  private async show({ path: folder, proof }: Written): Promise<void> {
    const { t } = vscode.l10n;
    this.log.info(
      `Wrote and proved a snapshot: ${Object.entries(proof)
        .map(([name, n]) => `${n} ${name}`)
        .join(', ')}`,
    );
    await this.editors.open(vscode.Uri.file(path.join(folder, '_metadata')));
    const { locale, sizeUnits } = readPageSettings();
    const reveal = t('Show Folder');
    const text = t('Written to “{0}” and proved: {1}.', path.basename(folder), proofText(proof, t, sizeUnits, locale));
    void vscode.window.showInformationMessage(text, reveal).then(async (chosen) => {
      if (chosen === reveal) await vscode.commands.executeCommand(COMMANDS.revealInExplorer, vscode.Uri.file(folder));
    });
  }

  private async fail(thrown: unknown): Promise<void> {
    const { t } = vscode.l10n;
    if (isCancelled(thrown)) {
      vscode.window.setStatusBarMessage(t('Cancelled: nothing was written.'), 5000);
      return;
    }
    if (!(thrown instanceof EngineError)) throw thrown;
    const problem = toProblem(thrown);
    this.log.failure('Writing a snapshot', problem);
    const { title, message, advice } = explainPlan(problem, t);
    const copy = t('Copy Details');
    const chosen = await vscode.window.showErrorMessage(`${title}. ${message} ${advice}`, copy);
    if (chosen === copy) await vscode.env.clipboard.writeText(problemDetails(problem));
  }
}

/** Of a snapshot that is named by its `_metadata`. */
const folderOf = (snapshot: string): string =>
  path.basename(snapshot) === '_metadata' ? path.dirname(snapshot) : snapshot;

function percentOf({ stage, bytes, totalBytes }: PlanProgress): number {
  return stage === 'check' || totalBytes === 0 ? 0 : Math.floor((bytes / totalBytes) * 100);
}

function progressText({ stage, bytes, totalBytes, entries, millis }: PlanProgress): string {
  const { t } = vscode.l10n;
  const { sizeUnits, locale } = readPageSettings();
  const size = (n: number): string => formatBytes(n, sizeUnits, locale);
  const parts = {
    check: t('checking'),
    write: t('writing'),
    prove: t('reading back'),
  };
  return [
    parts[stage],
    totalBytes > 0 ? t('{0} of {1}', size(bytes), size(totalBytes)) : null,
    entries > 0 ? t('{0} entries to write', formatCount(entries, locale)) : null,
    t('{0} s', Math.floor(millis / 1000)),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}
