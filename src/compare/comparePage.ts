import * as path from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { showPage } from '../editor/showPage';
import type { SnapshotEditorProvider } from '../editor/snapshotEditorProvider';
import { EngineError } from '../engine/bytes/engineError';
import { COMMANDS } from '../ids';
import type { Log } from '../log';
import type { WorkspaceNames } from '../names/workspaceNames';
import {
  type ComparedName,
  type ComparedNames,
  type CompareHostSide,
  type ComparePageSide,
  checkProtocol,
  packedPort,
} from '../protocol';
import { type Handlers, Peer, type RequestContext } from '../rpc/peer';
import { isCancelled, toProblem } from '../rpc/problem';
import { onSettingsChanged, readPageSettings } from '../settings';
import { explain } from '../view/explain';
import { parentPath, snapshotName } from '../view/naming';
import type {
  ComparedState,
  ComparisonEnd,
  ComparisonOutline,
  ComparisonProgress,
  DifferencesExported,
} from '../view/shownComparison';
import { buildStrings } from '../view/strings';
import type { EngineClient } from '../worker/engineClient';
import type { ComparedFiles } from './comparedFiles';
import { entryLine } from './entryLine';

export interface ComparePageServices {
  readonly extensionUri: vscode.Uri;
  readonly newEngine: () => EngineClient;
  readonly editors: SnapshotEditorProvider;
  /** Names of operators that their snapshots know by a hash only. */
  readonly names: Pick<WorkspaceNames, 'nameOf'>;
  readonly log: Log;
}

/** The page that compares two snapshots. Its engine is its own, and ends with it: it holds what was found. */
export class ComparePage implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly peer: Peer<CompareHostSide, ComparePageSide>;
  private readonly engine: EngineClient;
  private running: AbortController | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private files: ComparedFiles,
    private readonly services: ComparePageServices,
  ) {
    this.engine = this.disposables.add(services.newEngine());
    const { webview } = panel;
    this.peer = new Peer<CompareHostSide, ComparePageSide>(
      packedPort({
        post: (message) => void webview.postMessage(message),
        receive: (listener) => this.disposables.add(webview.onDidReceiveMessage(listener)),
      }),
      this.handlers(),
      { defect: ({ message }) => services.log.defect('In the page of a comparison', message) },
    );
    this.disposables.add(onSettingsChanged(() => this.peer.notify('settings', readPageSettings())));
    panel.onDidDispose(() => this.dispose());
    this.setTitle();
    this.watch();
    showPage(webview, services.extensionUri, { page: 'compare', title: panel.title });
  }

  shows({ before, after }: ComparedFiles): boolean {
    return (
      path.resolve(this.files.before) === path.resolve(before) && path.resolve(this.files.after) === path.resolve(after)
    );
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    if (this.disposables.isDisposed) return;
    this.peer.close(new EngineError('CANCELLED', 'The comparison was closed.'));
    this.disposables.dispose();
    this.panel.dispose();
  }

  private handlers(): Handlers<CompareHostSide> {
    const { engine } = this;
    return {
      ready: ({ protocol }) => {
        checkProtocol(protocol);
        return { strings: buildStrings(vscode.l10n.t), settings: readPageSettings(), ...this.names() };
      },
      compare: ({ anew }, context) => this.compare(anew, context),
      differences: (query) => this.logged('Reading differences', () => engine.call('differences', query)),
      differenceDetail: (query) => this.logged('Reading a difference', () => engine.call('differenceDetail', query)),
      exportDifferences: ({ target }, context) => this.exportTo(target, context),
      swap: () => {
        this.running?.abort();
        this.files = { before: this.files.after, after: this.files.before };
        this.setTitle();
        return this.names();
      },
      openSide: async ({ side, wanted }) => {
        const uri = vscode.Uri.file(this.files[side]);
        if (wanted === null) await this.services.editors.open(uri);
        else await this.services.editors.showEntries(uri, wanted);
        return null;
      },
      putBack: async (query) => {
        const { json } = await engine.call('differenceDetail', query);
        const uri = vscode.Uri.file(this.files.after);
        await vscode.commands.executeCommand(COMMANDS.modifyEntry, { uri, line: entryLine(json, query.target) });
        return null;
      },
      explain: ({ problem }) => explain(problem, vscode.l10n.t),
      copy: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied to the clipboard'), 2000);
        return null;
      },
      act: async ({ action }) => {
        if (action === 'showLogs') this.services.log.show();
        else await vscode.commands.executeCommand(COMMANDS.reportIssue);
        return null;
      },
    };
  }

  /** One at a time: a page that was made anew takes the place of the one before. */
  private async compare(
    anew: boolean,
    { signal, progress }: RequestContext<ComparisonProgress>,
  ): Promise<ComparisonEnd> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const stop = (): void => running.abort();
    signal.addEventListener('abort', stop, { once: true });
    const { before, after } = this.files;
    const end = await this.logged('Comparing two snapshots', () =>
      this.engine.call(
        'compare',
        { before, after, anew },
        {
          signal: running.signal,
          onProgress: ({ outline, ...found }) => progress({ outline: outline && this.named(outline), ...found }),
        },
      ),
    );
    const { entries, millis, stopped } = end;
    this.services.log.info(`Compared two snapshots: ${entries} entries in ${millis} ms${stopped ? ', stopped' : ''}`);
    return { ...end, outline: this.named(end.outline) };
  }

  private named(outline: ComparisonOutline): ComparisonOutline {
    const operators = outline.operators.map((operator) => {
      const known = operator.uid === null && operator.name === null ? this.services.names.nameOf(operator.id) : null;
      return known === null ? operator : { ...operator, uid: known.uid, name: known.given.label };
    });
    return { ...outline, operators };
  }

  private async exportTo(
    target: ComparedState,
    { signal, progress }: RequestContext<{ bytes: number; totalBytes: number }>,
  ): Promise<DifferencesExported | null> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(this.files.after));
    const name = `differences-${target.state.replace(/[^\w.-]+/g, '_').slice(0, 60)}.ndjson`;
    const uri = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, name),
      filters: { NDJSON: ['ndjson'] },
    });
    if (uri === undefined) return null;
    return this.logged('Exporting differences', () =>
      this.engine.call('exportDifferences', { file: uri.fsPath, target }, { signal, onProgress: progress }),
    );
  }

  private names(): ComparedNames {
    const nameOf = (file: string): ComparedName => ({ name: snapshotName(file), folder: parentPath(file), file });
    return { before: nameOf(this.files.before), after: nameOf(this.files.after) };
  }

  private setTitle(): void {
    const { before, after } = this.names();
    this.panel.title = `${before.name} ↔ ${after.name}`;
  }

  /** Tells the page when one of the snapshots is written anew. */
  private watch(): void {
    for (const file of [this.files.before, this.files.after]) {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
      const watcher = this.disposables.add(vscode.workspace.createFileSystemWatcher(pattern));
      const tell = (): void => this.peer.notify('changed', null);
      for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
        this.disposables.add(event(tell));
    }
  }

  private async logged<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (e) {
      if (!isCancelled(e)) this.services.log.failure(what, toProblem(e));
      throw e;
    }
  }
}
