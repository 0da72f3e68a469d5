import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SnapshotEditorProvider } from '../editor/snapshotEditorProvider';
import { COMPARE_VIEW_TYPE } from '../ids';
import type { Log } from '../log';
import type { WorkspaceNames } from '../names/workspaceNames';
import type { EngineClient } from '../worker/engineClient';
import { type ComparedFiles, restoreFiles } from './comparedFiles';
import { ComparePage } from './comparePage';

/** Key of the snapshots that were compared last, in the memory of all windows. */
const RECENT = 'compare.recent';
const MOST_RECENT = 10;

/** The pages that compare two snapshots, one for each pair. They come back when the window is loaded again. */
export class ComparePages implements vscode.Disposable {
  private readonly pages = new Set<ComparePage>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly newEngine: () => EngineClient,
    private readonly editors: SnapshotEditorProvider,
    private readonly names: WorkspaceNames,
    private readonly log: Log,
  ) {}

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(COMPARE_VIEW_TYPE, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, kept: unknown) => {
        const files = restoreFiles(kept);
        if (files === null) panel.dispose();
        else this.add(panel, files);
      },
    });
  }

  /** Files that were compared before, the last ones first. */
  get recent(): string[] {
    const kept = this.context.globalState.get<unknown>(RECENT);
    return Array.isArray(kept) ? kept.filter((file) => typeof file === 'string') : [];
  }

  /** Shows the comparison of two snapshots: the page that is there, or a new one. */
  async show(files: ComparedFiles): Promise<void> {
    const there = [...this.pages].find((page) => page.shows(files));
    if (there !== undefined) {
      there.reveal();
      return;
    }
    const used = [files.after, files.before].map((file) => path.resolve(file));
    const recent = [...used, ...this.recent.filter((file) => !used.includes(file))].slice(0, MOST_RECENT);
    this.add(vscode.window.createWebviewPanel(COMPARE_VIEW_TYPE, '', vscode.ViewColumn.Active), files);
    await this.context.globalState.update(RECENT, recent);
  }

  dispose(): void {
    for (const page of this.pages) page.dispose();
  }

  private add(panel: vscode.WebviewPanel, files: ComparedFiles): void {
    const { context, newEngine, editors, names, log } = this;
    const { extensionUri } = context;
    const page = new ComparePage(panel, files, { extensionUri, newEngine, editors, names, log });
    this.pages.add(page);
    panel.onDidDispose(() => this.pages.delete(page));
  }
}
