import * as path from 'node:path';
import type * as vscode from 'vscode';
import { registerCommands } from './commands';
import { ComparePages } from './compare/comparePages';
import { ColumnMemory } from './editor/columnMemory';
import { SnapshotEditorProvider } from './editor/snapshotEditorProvider';
import { ValueDocuments } from './editor/valueDocuments';
import { RowExports } from './export/rowExports';
import { Log } from './log';
import { WorkspaceNames } from './names/workspaceNames';
import { PlanDiagnostics } from './plan/planDiagnostics';
import { registerPlanLanguage } from './plan/planLanguage';
import { PlanSnapshots } from './plan/planSnapshots';
import { SnapshotWriting } from './plan/writing';
import { PlanReports } from './report/planReportPanel';
import { reportDeath } from './reportDeath';
import { memoryLimitMb } from './settings';
import { SnapshotTree } from './tree/snapshotTree';
import { EngineClient } from './worker/engineClient';
import { SnapshotCache } from './worker/snapshotCache';
import { startEngine } from './worker/startEngine';

/** A write that was cancelled has so long to remove what it wrote. */
const CLEAN_UP_MS = 120_000;

/** Wires the parts together. Nothing is read, searched or started here: each part begins when somebody looks at it. */
export function activate(context: vscode.ExtensionContext): void {
  const log = new Log();
  const newEngine = (patience?: number, scratchFolder: string | null = null): EngineClient =>
    new EngineClient(
      () => startEngine(context.asAbsolutePath('dist/engineWorker.js'), scratchFolder, memoryLimitMb()),
      (error) => reportDeath(error, log),
      patience,
      (note) => log.info(note),
    );
  const newKeepingEngine = (): EngineClient =>
    newEngine(undefined, path.join(context.globalStorageUri.fsPath, 'index'));
  const engine = newKeepingEngine();
  const names = new WorkspaceNames(engine, log);
  const cache = new SnapshotCache(engine, (described) => names.describe(described));
  const editors = new SnapshotEditorProvider(
    context.extensionUri,
    cache,
    engine,
    new ColumnMemory(context.workspaceState),
    names,
    log,
  );
  const tree = new SnapshotTree(engine, cache, editors, names, log);
  const snapshots = new PlanSnapshots(cache, engine);
  const writing = new SnapshotWriting(() => newEngine(CLEAN_UP_MS), editors, log);
  const exports = new RowExports(() => newEngine(CLEAN_UP_MS), log);
  const reports = new PlanReports(context.extensionUri, newEngine, log);
  const comparisons = new ComparePages(context, newKeepingEngine, editors, names, log);
  context.subscriptions.push(
    log,
    engine,
    names,
    editors,
    editors.register(),
    tree,
    reports,
    comparisons,
    comparisons.register(),
    new ValueDocuments(engine).register(),
    registerPlanLanguage(snapshots),
    new PlanDiagnostics(engine, log),
    registerCommands({ context, editors, tree, names, snapshots, writing, exports, reports, comparisons, engine, log }),
  );
}
