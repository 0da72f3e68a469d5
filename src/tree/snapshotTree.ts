import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import type { ActiveSnapshot, SnapshotEditorProvider } from '../editor/snapshotEditorProvider';
import { COMMANDS, CONTEXT_KEYS, TREE_VIEW, type TreeCondition } from '../ids';
import type { Log } from '../log';
import type { WorkspaceNames } from '../names/workspaceNames';
import type { RowTarget } from '../protocol';
import { isCancelled, toProblem } from '../rpc/problem';
import { onSettingsChanged, readPageSettings } from '../settings';
import type { EngineClient } from '../worker/engineClient';
import type { SnapshotCache } from '../worker/snapshotCache';
import { SnapshotDrops } from './dropSnapshots';
import type { FoundFile } from './grouping';
import type { Node, SnapshotNode } from './nodes';
import { findSnapshots } from './snapshotFinder';
import { buildRoots, failureNode, findSnapshotNode, operatorNodes, stateNodes } from './treeModel';
import { nodeText } from './treeTexts';

/** A snapshot is many files; one search for all of them. */
const SETTLE_MS = 700;

/** Snapshots of the workspace, their operators, their states. Nothing is searched or read before somebody looks. */
export class SnapshotTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly changes = this.disposables.add(new vscode.EventEmitter<Node | undefined>());
  private readonly view: vscode.TreeView<Node>;
  private found: FoundFile[] | undefined;
  private roots: Node[] = [];
  private children = new Map<string, Node[]>();
  private search: AbortController | undefined;
  private searching: Promise<void> | undefined;
  private settling: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly engine: EngineClient,
    private readonly cache: SnapshotCache,
    private readonly editors: SnapshotEditorProvider,
    names: WorkspaceNames,
    private readonly log: Log,
  ) {
    this.view = this.disposables.add(
      vscode.window.createTreeView(TREE_VIEW, {
        treeDataProvider: this,
        dragAndDropController: new SnapshotDrops(),
        showCollapseAll: true,
      }),
    );
    const watcher = this.disposables.add(
      // With a folder goes what is in it, and no event tells of that.
      vscode.workspace.createFileSystemWatcher('**/{_metadata,chk-*,savepoint-*}'),
    );
    const changed = (uri: vscode.Uri): void => {
      this.cache.forget(uri.fsPath);
      this.searchSoon();
    };
    this.disposables.add(watcher.onDidCreate(changed));
    this.disposables.add(watcher.onDidChange(changed));
    this.disposables.add(watcher.onDidDelete(changed));
    this.disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.searchSoon()));
    this.disposables.add(editors.onDidChangeDocuments(() => this.rebuild()));
    this.disposables.add(names.onDidChange(() => this.rebuild()));
    this.disposables.add(editors.onDidActivate((active) => void this.follow(active)));
    this.disposables.add(onSettingsChanged(() => this.changes.fire(undefined)));
  }

  /** Searches anew and reads anew whatever is looked at. */
  refresh(): void {
    this.cache.clear();
    if (this.found === undefined && this.searching === undefined) return;
    void this.startSearch();
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      // The view says that it is searching; the result comes as a change.
      if (this.found === undefined) void this.startSearch();
      return this.roots;
    }
    switch (node.kind) {
      case 'group':
      case 'job':
        return node.children;
      case 'snapshot':
        return this.remembered(node, () => this.operatorsOf(node));
      case 'operator':
        return this.remembered(node, async () => stateNodes(node));
      case 'other':
      case 'state':
      case 'failure':
        return [];
      default:
        return node satisfies never;
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { sizeUnits: units, locale } = readPageSettings();
    const text = nodeText(node, {
      t: vscode.l10n.t,
      units,
      locale,
      relative: (path) => vscode.workspace.asRelativePath(path),
    });
    const item = new vscode.TreeItem(text.label, collapsible(node));
    item.id = node.id;
    item.description = text.description;
    item.contextValue = text.context;
    item.iconPath = new vscode.ThemeIcon(
      text.icon,
      text.color === undefined ? undefined : new vscode.ThemeColor(text.color),
    );
    item.tooltip = plainTooltip(text.tooltip);
    item.accessibilityInformation = { label: [text.label, text.description].filter((part) => part !== '').join(', ') };
    if (node.kind === 'snapshot' || node.kind === 'operator' || node.kind === 'state' || node.kind === 'failure') {
      item.command = { command: COMMANDS.openInEditor, title: vscode.l10n.t('Open'), arguments: [node] };
    }
    return item;
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.search?.abort();
    this.disposables.dispose();
  }

  private searchSoon(): void {
    if (this.found === undefined && this.searching === undefined) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.startSearch(), SETTLE_MS);
  }

  private startSearch(): Promise<void> {
    this.search?.abort();
    const search = new AbortController();
    this.search = search;
    const work = vscode.window.withProgress({ location: { viewId: TREE_VIEW } }, async () => {
      if (this.roots.length === 0) await setCondition('searching');
      try {
        const found = await findSnapshots(this.engine, search.signal);
        if (this.search !== search) return;
        this.found = found;
        this.rebuild();
        await setCondition(this.roots.length === 0 ? 'empty' : 'filled');
      } catch (e) {
        if (this.search !== search) return;
        this.found = [];
        this.rebuild();
        if (!isCancelled(e)) this.log.failure('Searching for snapshots', toProblem(e));
        await setCondition(this.roots.length === 0 ? 'failed' : 'filled');
      }
    });
    this.searching = Promise.resolve(work);
    return this.searching;
  }

  /** Nodes anew from what is known; what was read stays in the cache. */
  private rebuild(): void {
    if (this.found === undefined) return;
    this.roots = buildRoots(this.found, this.editors.openUris, {
      toUri: vscode.Uri.file,
      known: (path) => this.cache.peek(path),
    });
    this.children = new Map();
    this.changes.fire(undefined);
    if (this.roots.length > 0) void setCondition('filled');
  }

  private async remembered(node: Node, make: () => Promise<Node[]>): Promise<Node[]> {
    const known = this.children.get(node.id);
    if (known !== undefined) return known;
    const { children } = this;
    const made = await make();
    children.set(node.id, made);
    return made;
  }

  private async operatorsOf(node: SnapshotNode): Promise<Node[]> {
    try {
      const described = await this.cache.load(node.uri.fsPath);
      const isNews = node.described === null;
      node.described = described;
      node.failure = null;
      // Its size stands beside its name from now on.
      if (isNews) setTimeout(() => this.changes.fire(node), 0);
      return operatorNodes(node, described);
    } catch (e) {
      const problem = toProblem(e);
      if (!isCancelled(e)) this.log.failure('Reading a snapshot for the tree', problem);
      const isNews = node.failure === null;
      node.failure = problem;
      if (isNews) setTimeout(() => this.changes.fire(node), 0);
      return [failureNode(node, problem)];
    }
  }

  /** Selects what the editor shows, without taking the focus from it. */
  private async follow({ uri, target }: ActiveSnapshot): Promise<void> {
    if (!this.view.visible) return;
    if (this.found === undefined) await this.searching;
    const snapshot = findSnapshotNode(this.roots, uri.fsPath);
    if (snapshot === undefined) return;
    const described = this.cache.peek(uri.fsPath);
    if (snapshot.described === null && described !== null) {
      snapshot.described = described;
      this.changes.fire(snapshot);
    }
    const node = await this.nodeOf(snapshot, target);
    if (this.view.selection[0]?.id === node.id) return;
    try {
      await this.view.reveal(node, { select: true, focus: false, expand: false });
    } catch {
      // The tree was built anew in between; the next change of the editor finds it again.
    }
  }

  private async nodeOf(snapshot: SnapshotNode, target: RowTarget | null): Promise<Node> {
    if (target === null) return snapshot;
    const operators = await this.getChildren(snapshot);
    const operator = operators.find((node) => node.kind === 'operator' && node.operator.id === target.operator);
    if (operator === undefined || target.state === null) return operator ?? snapshot;
    const states = await this.getChildren(operator);
    return states.find((node) => node.kind === 'state' && node.state.name === target.state) ?? operator;
  }
}

function collapsible(node: Node): vscode.TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  switch (node.kind) {
    case 'group':
      return node.group === 'outside' ? Expanded : Collapsed;
    case 'job':
      return Expanded;
    case 'snapshot':
      return Collapsed;
    case 'operator':
      return node.operator.states.length === 0 ? None : Collapsed;
    case 'other':
    case 'state':
    case 'failure':
      return None;
    default:
      return node satisfies never;
  }
}

/** Names and types in a snapshot were written by others: as text, never as Markdown. */
function plainTooltip(lines: readonly string[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString('', false);
  tooltip.isTrusted = false;
  tooltip.supportHtml = false;
  for (const [index, line] of lines.entries()) {
    if (index > 0) tooltip.appendMarkdown('\n\n');
    tooltip.appendText(line);
  }
  return tooltip;
}

function setCondition(condition: TreeCondition): Thenable<void> {
  return vscode.commands.executeCommand('setContext', CONTEXT_KEYS.tree, condition);
}
