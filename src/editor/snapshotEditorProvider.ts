import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { EDITOR_VIEW_TYPE } from '../ids';
import type { Log } from '../log';
import type { WorkspaceNames } from '../names/workspaceNames';
import type { EntriesWanted, RowTarget } from '../protocol';
import { onSettingsChanged } from '../settings';
import type { StatsNews } from '../view/shownStats';
import type { EngineClient } from '../worker/engineClient';
import type { SnapshotCache } from '../worker/snapshotCache';
import type { ColumnMemory } from './columnMemory';
import { SnapshotDocument } from './snapshotDocument';
import { SnapshotEditor } from './snapshotEditor';

/** The document that a person looks at, and what is selected in it. */
export interface ActiveSnapshot {
  uri: vscode.Uri;
  target: RowTarget | null;
}

/** The custom editor of `_metadata`. One document for each file, any number of editors on it. */
export class SnapshotEditorProvider implements vscode.CustomEditorProvider<SnapshotDocument>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly editors = new Set<SnapshotEditor>();
  private readonly edits = this.disposables.add(
    new vscode.EventEmitter<vscode.CustomDocumentEditEvent<SnapshotDocument>>(),
  );
  private readonly actives = this.disposables.add(new vscode.EventEmitter<ActiveSnapshot>());
  private readonly documentChanges = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly documents = new Map<string, SnapshotDocument>();

  readonly onDidChangeCustomDocument = this.edits.event;
  /** An editor came to the front, or something was selected in the one that is there. */
  readonly onDidActivate = this.actives.event;
  /** A snapshot was opened or closed. */
  readonly onDidChangeDocuments = this.documentChanges.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly cache: SnapshotCache,
    private readonly engine: EngineClient,
    private readonly columns: ColumnMemory,
    private readonly names: WorkspaceNames,
    private readonly log: Log,
  ) {
    this.disposables.add(
      names.onDidChange(() => {
        for (const editor of this.editors) editor.healthChanged();
      }),
    );
    this.disposables.add(
      onSettingsChanged(() => {
        for (const editor of this.editors) editor.settingsChanged();
      }),
    );
  }

  register(): vscode.Disposable {
    return vscode.window.registerCustomEditorProvider(EDITOR_VIEW_TYPE, this, {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  /** Snapshots that are open in an editor. */
  get openUris(): vscode.Uri[] {
    return [...this.documents.values()].map((d) => d.uri);
  }

  /** Opens a snapshot in an editor, or brings its editor to the front, and shows a row of it. */
  async open(uri: vscode.Uri, target?: RowTarget): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', uri, EDITOR_VIEW_TYPE);
    if (target !== undefined) this.editorOf(uri)?.tell('focus', target);
  }

  /** Opens a snapshot, and in it the entries of a state. */
  async showEntries(uri: vscode.Uri, target: EntriesWanted): Promise<void> {
    await this.open(uri);
    this.editorOf(uri)?.tell('showEntries', target);
  }

  /** The editor that is in front; undefined if it is none of these. */
  get active(): SnapshotEditor | undefined {
    return [...this.editors].find((editor) => editor.panel.active);
  }

  private editorOf(uri: vscode.Uri): SnapshotEditor | undefined {
    const shown = [...this.editors].filter((e) => e.document.uri.toString() === uri.toString());
    return shown.find((e) => e.panel.active) ?? shown[0];
  }

  openCustomDocument(uri: vscode.Uri): SnapshotDocument {
    // A backup holds edits, and there are none yet: what is on disk is the whole document.
    const document = new SnapshotDocument(uri, this.cache, this.engine);
    this.documents.set(uri.toString(), document);
    document.onDidCount((news) => this.logCount(news));
    document.onDidDispose(() => {
      this.documents.delete(uri.toString());
      this.documentChanges.fire();
    });
    this.documentChanges.fire();
    return document;
  }

  resolveCustomEditor(document: SnapshotDocument, panel: vscode.WebviewPanel): void {
    const editor = new SnapshotEditor(panel, document, this.extensionUri, this.names, this.columns, this.log);
    this.editors.add(editor);
    let target: RowTarget | null = null;
    const activate = (): void => {
      if (panel.active) this.actives.fire({ uri: document.uri, target });
    };
    editor.onDidSelect((selected) => {
      target = selected;
      activate();
    });
    const viewState = panel.onDidChangeViewState(activate);
    panel.onDidDispose(() => {
      viewState.dispose();
      this.editors.delete(editor);
      editor.dispose();
    });
    activate();
  }

  private logCount({ phase, stats, isKept, millis, read, problem }: StatsNews): void {
    if (problem !== null) this.log.failure('Counting entries', problem);
    else if (phase === 'done' && !isKept) {
      this.log.info(`Counted ${stats?.entries ?? 0} entries: ${read} bytes read in ${millis} ms`);
    }
  }

  /** Nothing can be edited yet, so there is nothing that the file does not hold already. */
  async saveCustomDocument(): Promise<void> {}

  async saveCustomDocumentAs(document: SnapshotDocument, destination: vscode.Uri): Promise<void> {
    await vscode.workspace.fs.copy(document.uri, destination, { overwrite: true });
  }

  async revertCustomDocument(document: SnapshotDocument): Promise<void> {
    document.reload();
  }

  async backupCustomDocument(
    _document: SnapshotDocument,
    context: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    // A backup holds the edits, not the file: none yet.
    await vscode.workspace.fs.writeFile(context.destination, new TextEncoder().encode('{"edits":[]}'));
    return {
      id: context.destination.toString(),
      delete: () => void vscode.workspace.fs.delete(context.destination).then(undefined, () => undefined),
    };
  }

  dispose(): void {
    for (const editor of this.editors) editor.dispose();
    this.disposables.dispose();
  }
}
