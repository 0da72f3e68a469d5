import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { EngineError } from '../engine/bytes/engineError';
import type { LoadOptions, SnapshotCache } from '../worker/snapshotCache';
import type { DescribedSnapshot } from '../worker/workerProtocol';

/** Writers of a snapshot touch many files at once; one reading for all of them. */
const SETTLE_MS = 400;

/**
 * One open snapshot, whatever number of editors shows it. It holds no bytes: the engine's thread reads, and the cache keeps
 * what it told.
 */
export class SnapshotDocument implements vscode.CustomDocument {
  private readonly disposables = new Disposables();
  private readonly changes = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly disposals = this.disposables.add(new vscode.EventEmitter<void>());
  private settling: NodeJS.Timeout | undefined;

  /** Something in the snapshot's folder changed; what was loaded is out of date. */
  readonly onDidChange = this.changes.event;
  readonly onDidDispose = this.disposals.event;

  constructor(
    readonly uri: vscode.Uri,
    private readonly cache: SnapshotCache,
  ) {
    if (uri.scheme !== 'file') return;
    const folder = vscode.Uri.joinPath(uri, '..');
    const watcher = this.disposables.add(
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*')),
    );
    const touch = (): void => this.touched();
    this.disposables.add(watcher.onDidChange(touch));
    this.disposables.add(watcher.onDidCreate(touch));
    this.disposables.add(watcher.onDidDelete(touch));
  }

  get path(): string {
    return this.uri.fsPath;
  }

  load(options: LoadOptions): Promise<DescribedSnapshot> {
    if (this.uri.scheme !== 'file') {
      throw new EngineError(
        'UNSUPPORTED',
        `A snapshot on “${this.uri.scheme}:” cannot be opened: its bytes are not on a disk.`,
        {
          file: this.uri.toString(true),
          hint: 'Copy the snapshot to a folder on the disk of the machine that runs the extension, and open it there.',
        },
      );
    }
    return this.cache.load(this.path, options);
  }

  /** Reads again when asked next, and tells the editors to ask. */
  reload(): void {
    this.cache.forget(this.path);
    this.changes.fire();
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.cache.forget(this.path);
    this.disposals.fire();
    this.disposables.dispose();
  }

  private touched(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.reload(), SETTLE_MS);
  }
}
