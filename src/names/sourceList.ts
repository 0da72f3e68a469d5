import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import type { SourceFile } from './find/nameFinder';
import { MOST_SOURCES, SKIPPED_FOLDERS, SOURCE_ENDINGS } from './find/sourceFiles';

const SOURCES = `**/*.{${SOURCE_ENDINGS.join(',')}}`;
const EXCLUDED = `**/{${SKIPPED_FOLDERS.join(',')}}/**`;
/** Times of files are asked for in so many at once. */
const STAT_BATCH = 64;

const skipped: ReadonlySet<string> = new Set(SKIPPED_FOLDERS);

/** The source files of the workspace with their times: searched for once, kept up by a watcher from then on. */
export class SourceList implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changes = this.disposables.add(new vscode.EventEmitter<void>());
  private files: Map<string, number> | null = null;
  private isWatching = false;
  private readonly touched = new Map<string, vscode.Uri>();

  readonly onDidChange = this.changes.event;

  constructor() {
    this.disposables.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.files = null;
        this.changes.fire();
      }),
    );
  }

  /** Throws nothing where a file is gone; ends early where it is cancelled. */
  async list(signal: AbortSignal): Promise<SourceFile[]> {
    if (this.files === null) await this.search(signal);
    else {
      await this.look([...this.touched.values()], this.files, signal);
    }
    return [...(this.files ?? [])]
      .map(([path, modified]) => ({ path, modified }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async search(signal: AbortSignal): Promise<void> {
    this.watch();
    const cancellation = new vscode.CancellationTokenSource();
    const cancel = (): void => cancellation.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const uris = await vscode.workspace.findFiles(SOURCES, EXCLUDED, MOST_SOURCES, cancellation.token);
      const files = new Map<string, number>();
      const local = uris.filter(({ scheme }) => scheme === 'file');
      await this.look(local, files, signal);
      if (!signal.aborted) this.files = files;
    } finally {
      signal.removeEventListener('abort', cancel);
      cancellation.dispose();
    }
  }

  /** Asks for the times of files; those that are gone are taken out. */
  private async look(uris: readonly vscode.Uri[], files: Map<string, number>, signal: AbortSignal): Promise<void> {
    for (let i = 0; i < uris.length && !signal.aborted; i += STAT_BATCH) {
      await Promise.all(
        uris.slice(i, i + STAT_BATCH).map(async (uri) => {
          // Before its time is asked for: whoever writes it meanwhile touches it again.
          this.touched.delete(uri.fsPath);
          try {
            files.set(uri.fsPath, (await vscode.workspace.fs.stat(uri)).mtime);
          } catch {
            files.delete(uri.fsPath);
          }
        }),
      );
    }
  }

  private watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    const watcher = this.disposables.add(vscode.workspace.createFileSystemWatcher(SOURCES));
    const touch = (uri: vscode.Uri): void => {
      if (uri.scheme !== 'file' || uri.fsPath.split(/[\\/]/).some((part) => skipped.has(part))) return;
      this.touched.set(uri.fsPath, uri);
      this.changes.fire();
    };
    this.disposables.add(watcher.onDidCreate(touch));
    this.disposables.add(watcher.onDidChange(touch));
    this.disposables.add(watcher.onDidDelete(touch));
  }
}
