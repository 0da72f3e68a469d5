import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import { healthOf } from '../engine/health/health';
import { CONFIGURATION, SETTINGS } from '../ids';
import type { Log } from '../log';
import { isCancelled, toProblem } from '../rpc/problem';
import { onSettingsChanged } from '../settings';
import { type GivenName, namelessIds, withNames } from '../view/givenNames';
import type { EngineClient } from '../worker/engineClient';
import type { DescribedSnapshot } from '../worker/workerProtocol';
import type { FoundName } from './find/candidate';
import { handNames } from './handNames';
import { SourceList } from './sourceList';

/** Editors and checkouts write many files at once. */
const SETTLE_MS = 1500;

/**
 * The names of operators that snapshots know by their hash: those that the person gave, and those of the workspace's sources.
 * The sources are looked through when the first nameless operator is shown, on the engine's thread, and again for what changes.
 */
export class WorkspaceNames implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changes = this.disposables.add(new vscode.EventEmitter<void>());
  private readonly sources = this.disposables.add(new SourceList());
  private readonly wanted = new Set<string>();
  private readonly named = new WeakMap<DescribedSnapshot, { version: number; result: DescribedSnapshot }>();
  private found = new Map<string, GivenName>();
  private byHand = readHandNames();
  private version = 0;
  private search: AbortController | undefined;
  private settling: NodeJS.Timeout | undefined;

  /** Operators have other names than before, or other findings. */
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly engine: EngineClient,
    private readonly log: Log,
  ) {
    this.disposables.add(onSettingsChanged(() => this.settingsChanged()));
    this.disposables.add(this.sources.onDidChange(() => this.searchSoon()));
  }

  /** A snapshot with the names that are known by now, and its findings with them. Names that are not yet known are looked for. */
  describe(described: DescribedSnapshot): DescribedSnapshot {
    this.want(namelessIds(described.snapshot));
    const known = this.named.get(described);
    if (known?.version === this.version) return known.result;
    const snapshot = withNames(described.snapshot, this.names);
    const wanted = wantedParallelism();
    const isAsRead = snapshot === described.snapshot && wanted === null;
    const health = isAsRead ? described.health : healthOf(snapshot, { wantedParallelism: wanted });
    const result = { ...described, snapshot, health };
    this.named.set(described, { version: this.version, result });
    return result;
  }

  /** What is known of an operator; the person's own word goes first. */
  nameOf(id: string): GivenName | null {
    return this.byHand.get(id) ?? this.found.get(id) ?? null;
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.search?.abort();
    this.disposables.dispose();
  }

  private get names(): ReadonlyMap<string, GivenName> {
    return new Map([...this.found, ...this.byHand]);
  }

  private want(ids: readonly string[]): void {
    const news = ids.filter((id) => !this.wanted.has(id));
    if (news.length === 0) return;
    for (const id of news) this.wanted.add(id);
    void this.startSearch();
  }

  private searchSoon(): void {
    if (this.wanted.size === 0) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.startSearch(), SETTLE_MS);
  }

  private async startSearch(): Promise<void> {
    this.search?.abort();
    const search = new AbortController();
    this.search = search;
    try {
      const found = mayLook() ? await this.look(search.signal) : [];
      if (this.search !== search) return;
      this.found = new Map(found.map((name) => [name.id, givenBy(name)]));
      this.changed();
    } catch (e) {
      if (!isCancelled(e)) this.log.failure('Looking for the names of operators', toProblem(e));
    }
  }

  private async look(signal: AbortSignal): Promise<FoundName[]> {
    const start = performance.now();
    const files = await this.sources.list(signal);
    if (files.length === 0) return [];
    const found = await this.engine.call('findNames', { files, ids: [...this.wanted] }, { signal });
    this.log.info(
      `Looked through ${files.length} source files for the names of ${this.wanted.size} operators: ${found.length} found in ${Math.round(performance.now() - start)} ms`,
    );
    return found;
  }

  private settingsChanged(): void {
    this.byHand = readHandNames();
    if (this.wanted.size > 0) void this.startSearch();
    this.changed();
  }

  private changed(): void {
    this.version++;
    this.changes.fire();
  }
}

function givenBy({ uid, use, path, line, column }: FoundName): GivenName {
  return { uid, given: { label: null, by: use === 'plan' ? 'plan' : 'source', place: { path, line, column } } };
}

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration(CONFIGURATION);
const readHandNames = (): Map<string, GivenName> => handNames(settings().get(SETTINGS.operatorNames));
const mayLook = (): boolean => settings().get<boolean>(SETTINGS.findOperatorNames) ?? true;

function wantedParallelism(): number | null {
  const wanted = settings().get<number | null>(SETTINGS.wantedParallelism) ?? null;
  return typeof wanted === 'number' && wanted > 0 ? wanted : null;
}
