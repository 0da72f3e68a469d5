import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { EngineError } from '../engine/bytes/engineError';
import { COMMANDS } from '../ids';
import type { Log } from '../log';
import type { WorkspaceNames } from '../names/workspaceNames';
import {
  checkProtocol,
  type EntryCopy,
  type HostSide,
  type PageAction,
  type PageSide,
  packedPort,
  type RowTarget,
} from '../protocol';
import { type Handlers, type Listeners, Peer } from '../rpc/peer';
import { isCancelled, toProblem } from '../rpc/problem';
import { countsByItself, readPageSettings } from '../settings';
import { explain } from '../view/explain';
import { parentPath, snapshotName } from '../view/naming';
import { shareTypes } from '../view/sharedTypes';
import { buildStrings } from '../view/strings';
import { tookStep } from '../walkthroughSteps';
import type { ColumnMemory } from './columnMemory';
import { rowHandlers } from './rowHandlers';
import { showPage } from './showPage';
import { showSource } from './showSource';
import type { SnapshotDocument } from './snapshotDocument';

/** One webview on a document. VS Code may throw its page away when hidden and make it anew; `ready` comes again then. */
export class SnapshotEditor implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly selections = this.disposables.add(new vscode.EventEmitter<RowTarget | null>());
  private readonly peer: Peer<HostSide, PageSide>;
  private isReady = false;
  private hasShownEntries = false;
  /** Said before the page could hear it; the last word counts. */
  private waiting: (() => void) | undefined;

  readonly onDidSelect = this.selections.event;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly document: SnapshotDocument,
    extensionUri: vscode.Uri,
    private readonly names: WorkspaceNames,
    private readonly columns: ColumnMemory,
    private readonly log: Log,
  ) {
    const { webview } = panel;
    this.peer = new Peer<HostSide, PageSide>(
      packedPort({
        post: (message) => void webview.postMessage(message),
        receive: (listener) => this.disposables.add(webview.onDidReceiveMessage(listener)),
      }),
      this.handlers(),
      this.listeners(),
    );
    this.disposables.add(document.onDidChange(() => this.say(() => this.peer.notify('changed', null))));
    this.disposables.add(document.onDidCount((news) => this.say(() => this.peer.notify('stats', news))));
    this.disposables.add(document.onDidFind(() => this.healthChanged()));
    showPage(webview, extensionUri, { page: 'snapshot', title: snapshotName(document.path) });
  }

  /** Shows something as soon as the page can. */
  tell<E extends 'focus' | 'showEntries'>(event: E, target: PageSide['events'][E]): void {
    const say = (): void => this.peer.notify(event, target);
    if (this.isReady) say();
    else this.waiting = say;
  }

  /** Copies what is selected in the table of entries. */
  copyEntry(what: EntryCopy): void {
    this.peer.notify('copyEntry', what);
  }

  /** Puts a change of the entry that has the focus into a plan. */
  modifyEntry(): void {
    this.peer.notify('modifyEntry', null);
  }

  settingsChanged(): void {
    this.say(() => this.peer.notify('settings', readPageSettings()));
  }

  /** Names of operators or findings are others than before. */
  healthChanged(): void {
    if (!this.isReady) return;
    // A snapshot that cannot be read any more says so itself when it is loaded again.
    this.document.health().then(
      (news) => this.peer.notify('health', news),
      () => undefined,
    );
  }

  dispose(): void {
    this.peer.close(new EngineError('CANCELLED', 'The editor was closed.'));
    this.disposables.dispose();
  }

  /** A page that is not ready asks for everything anyway when it is. */
  private say(message: () => void): void {
    if (this.isReady) message();
  }

  private handlers(): Handlers<HostSide> {
    const { document } = this;
    return {
      ready: ({ protocol }) => {
        checkProtocol(protocol);
        this.isReady = true;
        const { waiting } = this;
        this.waiting = undefined;
        // After the answer, which is sent when this function has returned.
        if (waiting !== undefined) setImmediate(waiting);
        return {
          strings: buildStrings(vscode.l10n.t),
          settings: readPageSettings(),
          name: snapshotName(document.path),
          folder: parentPath(document.path),
        };
      },
      load: async (_, { signal, progress }) => {
        const load = () => document.load({ signal, onProgress: progress });
        const { snapshot, millis, bytesRead, record } = await this.logged('Reading a snapshot', load);
        const { metadataVersion, operators } = snapshot;
        this.log.info(
          `Read a snapshot: metadata version ${metadataVersion}, ${operators.length} operators, ${bytesRead} bytes read in ${millis} ms`,
        );
        return { ...shareTypes(snapshot), millis, bytesRead, record };
      },
      ...rowHandlers(document, {
        logged: (work) => {
          this.tellOfEntries();
          return this.logged('Reading entries', work);
        },
        copy: (text) => this.copy(text),
      }),
      stats: async (_, { signal }) => {
        const { snapshot } = await document.load({ signal });
        return document.count.look(() => countsByItself(snapshot.bytes));
      },
      statsDetail: (target, { signal }) => document.statsDetail(target, signal),
      keptColumns: ({ target }) => this.columns.get(target),
      keepColumns: async ({ target, kept }) => {
        await this.columns.set(target, kept);
        return null;
      },
      health: (_, { signal }) => document.health(signal),
      openSource: async ({ operator }) => {
        const place = this.names.nameOf(operator)?.given.place ?? null;
        if (place !== null) await showSource(place);
        return null;
      },
      nameOperator: async ({ operator }) => {
        await vscode.commands.executeCommand(COMMANDS.nameOperator, { operatorId: operator });
        return null;
      },
      modifyOperator: async ({ operator }) => {
        const row = { webviewSection: 'operator', operatorId: operator };
        await vscode.commands.executeCommand(COMMANDS.modify, row);
        return null;
      },
      explain: ({ problem }) => explain(problem, vscode.l10n.t),
      copy: async ({ text }) => {
        await this.copy(text);
        return null;
      },
      act: async ({ action }) => {
        await this.act(action);
        return null;
      },
      revealFile: async ({ path }) => {
        await vscode.commands.executeCommand(COMMANDS.revealInExplorer, vscode.Uri.file(path));
        return null;
      },
    };
  }

  /** Once for each editor: rows are asked for all the time. */
  private tellOfEntries(): void {
    if (this.hasShownEntries) return;
    this.hasShownEntries = true;
    void tookStep('sawEntries');
  }

  private listeners(): Listeners<HostSide> {
    return {
      selected: (target) => this.selections.fire(target),
      count: (what) => this.document.count[what](),
      verify: (what) => {
        this.document.verification[what]();
        if (what === 'start') void tookStep('verified');
      },
      defect: ({ message }) => this.log.defect('In the page of a snapshot', message),
    };
  }

  private async logged<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (e) {
      if (!isCancelled(e) && !isOfThePerson(e)) this.log.failure(what, toProblem(e));
      throw e;
    }
  }

  private async copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied to the clipboard'), 2000);
  }

  /** The plan that made this snapshot, as a text of its own: a copy, which nobody takes for the plan that lies somewhere. */
  private async showPlan(): Promise<void> {
    const { record } = await this.document.load({});
    if (record === null) return;
    const document = await vscode.workspace.openTextDocument({ language: 'jsonc', content: record.plan });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  }

  private async act(action: PageAction): Promise<void> {
    switch (action) {
      case 'openWith':
        this.panel.reveal();
        await vscode.commands.executeCommand('workbench.action.reopenWithEditor');
        return;
      case 'showLogs':
        this.log.show();
        return;
      case 'openOther':
        await vscode.commands.executeCommand(COMMANDS.openSnapshot);
        return;
      case 'revealFolder':
        await vscode.commands.executeCommand(COMMANDS.revealInExplorer, this.document.uri);
        return;
      case 'reportIssue':
        await vscode.commands.executeCommand(COMMANDS.reportIssue);
        return;
      case 'compare':
      case 'modify':
      case 'rescale':
      case 'bootstrap':
      case 'copySnapshot':
        await vscode.commands.executeCommand(COMMANDS[action], this.document.uri);
        return;
      case 'showPlan':
        await this.showPlan();
        return;
      default:
        action satisfies never;
    }
  }
}

/** A key or a filter that cannot be understood: told where it was written, of no interest to a log that holds no values. */
const isOfThePerson = (thrown: unknown): boolean =>
  thrown instanceof EngineError && (thrown.code === 'BAD_VALUE' || thrown.code === 'BAD_ARGUMENT');
