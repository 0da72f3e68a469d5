import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { EngineError } from '../engine/bytes/engineError';
import type { RequestOptions } from '../rpc/peer';
import { cacheBytes, readDecoders } from '../settings';
import type { HealthNews } from '../view/shownHealth';
import type { RowMethods } from '../view/shownRows';
import type { StatsDetail, StatsNews, StatsTarget } from '../view/shownStats';
import type { EngineClient } from '../worker/engineClient';
import type { LoadOptions, SnapshotCache } from '../worker/snapshotCache';
import type { DescribedSnapshot, EngineSide, OfSnapshot } from '../worker/workerProtocol';
import { changedSince } from './changedSince';
import { EntryCount } from './entryCount';
import { EntryVerification } from './entryVerification';

/** What the engine is asked about rows. */
export type RowMethod = keyof RowMethods | 'rowLine' | 'rowsText' | 'valueText';

/** The same without which snapshot it is about. */
export type RowParams<M extends RowMethod> = Omit<EngineSide['methods'][M]['params'], keyof OfSnapshot>;

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
  private readonly counts = this.disposables.add(new vscode.EventEmitter<StatsNews>());
  private readonly finds = this.disposables.add(new vscode.EventEmitter<void>());
  private settling: NodeJS.Timeout | undefined;
  private version = 1;
  /** Not before this was it read as it is shown. */
  private readAt = Date.now();

  /** Something in the snapshot's folder changed; what was loaded is out of date. */
  readonly onDidChange = this.changes.event;
  readonly onDidDispose = this.disposals.event;
  /** How far the count of its entries is. */
  readonly onDidCount = this.counts.event;
  readonly count = new EntryCount(
    (scan, options) => this.engine.call('countEntries', { ...this.now, scan, keepBytes: cacheBytes() }, options),
    (news) => this.counts.fire(news),
  );

  /** Something else is known of its health. */
  readonly onDidFind = this.finds.event;
  readonly verification = new EntryVerification(
    (options) => this.engine.call('verify', { path: this.path }, options),
    () => this.finds.fire(),
  );

  constructor(
    readonly uri: vscode.Uri,
    private readonly cache: SnapshotCache,
    private readonly engine: EngineClient,
  ) {
    if (uri.scheme !== 'file') return;
    const folder = vscode.Uri.joinPath(uri, '..');
    const watcher = this.disposables.add(
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*')),
    );
    // News may be late: of files that were written just before the snapshot was opened.
    const touch = async (file: vscode.Uri): Promise<void> => {
      if (await changedSince(file.fsPath, this.readAt)) this.touched();
    };
    this.disposables.add(watcher.onDidChange(touch));
    this.disposables.add(watcher.onDidCreate(touch));
    this.disposables.add(watcher.onDidDelete(() => this.touched()));
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

  /** Asks the engine about rows of this snapshot as it is now. */
  askRows<M extends RowMethod>(
    method: M,
    params: RowParams<M>,
    options: RequestOptions<EngineSide['methods'][M]['progress']>,
  ): Promise<EngineSide['methods'][M]['result']> {
    return this.engine.call(method, { ...params, ...this.now } as EngineSide['methods'][M]['params'], options);
  }

  /** What is wrong with a type that values are to be read with. */
  checkDecoder(type: string): Promise<string | null> {
    return this.engine.call('checkDecoder', { type });
  }

  statsDetail(target: StatsTarget, signal: AbortSignal): Promise<StatsDetail | null> {
    return this.engine.call('statsDetail', { ...target, ...this.now }, { signal });
  }

  /** The names of its operators and what stands in the way of a restore, as they are known now. */
  async health(signal?: AbortSignal): Promise<HealthNews> {
    const { snapshot, health } = await this.load({ signal });
    const names = snapshot.operators.flatMap(({ id, uid, given }) =>
      given === undefined ? [] : [[id, { uid, given }] as const],
    );
    return { names, findings: health, verification: this.verification.news };
  }

  /** This snapshot as it is now: what was read of an earlier one is not taken for it. */
  get now(): OfSnapshot {
    return { path: this.path, version: this.version, decoders: readDecoders() };
  }

  /** Reads again when asked next, and tells the editors to ask. */
  reload(): void {
    this.cache.forget(this.path);
    this.closeEntries();
    this.version++;
    this.readAt = Date.now();
    this.count.reset();
    this.verification.reset();
    this.changes.fire();
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.cache.forget(this.path);
    this.closeEntries();
    this.count.reset();
    this.verification.reset();
    this.disposals.fire();
    this.disposables.dispose();
  }

  /** Gives the memory and the files of what was read back; without a thread there are none. */
  private closeEntries(): void {
    if (this.engine.isRunning) this.engine.call('closeEntries', { path: this.path }).catch(() => undefined);
  }

  private touched(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.reload(), SETTLE_MS);
  }
}
