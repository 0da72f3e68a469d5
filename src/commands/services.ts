import type * as vscode from 'vscode';
import type { ComparePages } from '../compare/comparePages';
import type { SnapshotEditorProvider } from '../editor/snapshotEditorProvider';
import type { RowExports } from '../export/rowExports';
import type { Log } from '../log';
import type { WorkspaceNames } from '../names/workspaceNames';
import type { PlanSnapshots } from '../plan/planSnapshots';
import type { SnapshotWriting } from '../plan/writing';
import type { PlanReports } from '../report/planReportPanel';
import type { SnapshotTree } from '../tree/snapshotTree';
import type { EngineClient } from '../worker/engineClient';

/** What commands work with. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly editors: SnapshotEditorProvider;
  readonly tree: SnapshotTree;
  readonly names: WorkspaceNames;
  readonly snapshots: PlanSnapshots;
  readonly writing: SnapshotWriting;
  readonly exports: RowExports;
  readonly reports: PlanReports;
  readonly comparisons: ComparePages;
  readonly engine: EngineClient;
  readonly log: Log;
}

/** A command is given whatever a menu, a keybinding or another extension passes. */
export type CommandHandler = (services: Services, argument: unknown) => Promise<void> | void;
