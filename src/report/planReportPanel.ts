import * as path from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { showPage } from '../editor/showPage';
import { EngineError } from '../engine/bytes/engineError';
import { COMMANDS, REPORT_VIEW_TYPE } from '../ids';
import type { Log } from '../log';
import { checkProtocol, packedPort, type ReportAction, type ReportHostSide, type ReportPageSide } from '../protocol';
import { type Handlers, type Listeners, Peer } from '../rpc/peer';
import { isCancelled, toProblem } from '../rpc/problem';
import { onSettingsChanged, readPageSettings } from '../settings';
import { explainPlan } from '../view/explainPlan';
import { buildStrings } from '../view/strings';
import type { EngineClient } from '../worker/engineClient';

/** The reports of dry runs, one page for each plan. */
export class PlanReports implements vscode.Disposable {
  private readonly panels = new Map<string, PlanReportPanel>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly newEngine: () => EngineClient,
    private readonly log: Log,
  ) {}

  /** Makes a dry run of a plan as it stands in its editor, and shows what it would change beside it. */
  show(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const there = this.panels.get(key);
    if (there !== undefined) {
      there.again(document);
      return;
    }
    const panel = new PlanReportPanel(document, this.extensionUri, this.newEngine, this.log);
    this.panels.set(key, panel);
    panel.onDidDispose(() => this.panels.delete(key));
  }

  dispose(): void {
    for (const panel of this.panels.values()) panel.dispose();
  }
}

class PlanReportPanel implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly disposals = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly panel: vscode.WebviewPanel;
  private readonly peer: Peer<ReportHostSide, ReportPageSide>;
  private readonly name: string;

  readonly onDidDispose = this.disposals.event;

  constructor(
    private document: vscode.TextDocument,
    extensionUri: vscode.Uri,
    private readonly newEngine: () => EngineClient,
    private readonly log: Log,
  ) {
    this.name = path.basename(document.uri.fsPath);
    const title = vscode.l10n.t('Dry run: {0}', this.name);
    // Beside the plan, which keeps its place and comes back with Escape or a click.
    this.panel = vscode.window.createWebviewPanel(REPORT_VIEW_TYPE, title, vscode.ViewColumn.Beside);
    const { webview } = this.panel;
    this.peer = new Peer<ReportHostSide, ReportPageSide>(
      packedPort({
        post: (message) => void webview.postMessage(message),
        receive: (listener) => this.disposables.add(webview.onDidReceiveMessage(listener)),
      }),
      this.handlers(),
      this.listeners(),
    );
    this.disposables.add(onSettingsChanged(() => this.peer.notify('settings', readPageSettings())));
    this.disposables.add(
      vscode.workspace.onDidChangeTextDocument((change) => {
        const isOurs = change.document.uri.fsPath === this.document.uri.fsPath;
        if (isOurs && change.contentChanges.length > 0) this.peer.notify('changed', null);
      }),
    );
    this.panel.onDidDispose(() => this.dispose());
    showPage(webview, extensionUri, { page: 'report', title });
  }

  /** A dry run of the plan as it is now. */
  again(document: vscode.TextDocument): void {
    this.document = document;
    this.panel.reveal();
    this.peer.notify('again', null);
  }

  dispose(): void {
    if (this.disposables.isDisposed) return;
    this.peer.close(new EngineError('CANCELLED', 'The report was closed.'));
    this.disposals.fire();
    this.disposables.dispose();
    this.panel.dispose();
  }

  /** The plan as it is open now: one that was saved for the first time is another document than before. */
  private get plan(): vscode.TextDocument {
    if (this.document.isClosed) {
      const { fsPath } = this.document.uri;
      this.document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === fsPath) ?? this.document;
    }
    return this.document;
  }

  private handlers(): Handlers<ReportHostSide> {
    return {
      ready: ({ protocol }) => {
        checkProtocol(protocol);
        return { strings: buildStrings(vscode.l10n.t), settings: readPageSettings(), name: this.name };
      },
      dryRun: async (_, { signal, progress }) => {
        // Of its own, so that looking at entries goes on meanwhile.
        const engine = this.newEngine();
        const source = { text: this.plan.getText(), file: this.plan.uri.fsPath };
        try {
          return await engine.call('dryRun', source, { signal, onProgress: progress });
        } catch (e) {
          if (!isCancelled(e)) this.log.failure('A dry run', toProblem(e));
          throw e;
        } finally {
          engine.dispose();
        }
      },
      explain: ({ problem }) => explainPlan(problem, vscode.l10n.t),
      copy: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
      act: async ({ action }) => {
        await this.act(action);
        return null;
      },
    };
  }

  private listeners(): Listeners<ReportHostSide> {
    return { defect: ({ message }) => this.log.defect('In the page of a dry run', message) };
  }

  private async act(action: ReportAction): Promise<void> {
    switch (action) {
      case 'run':
        await vscode.commands.executeCommand(COMMANDS.runPlan, this.plan.uri);
        return;
      case 'showPlan':
        await vscode.window.showTextDocument(this.plan, { viewColumn: vscode.ViewColumn.One });
        return;
      case 'showLogs':
        this.log.show();
        return;
      case 'reportIssue':
        await vscode.commands.executeCommand(COMMANDS.reportIssue);
        return;
      default:
        action satisfies never;
    }
  }
}
