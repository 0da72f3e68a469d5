import type * as vscode from 'vscode';
import { registerCommands } from './commands';
import { SnapshotEditorProvider } from './editor/snapshotEditorProvider';
import { Log } from './log';
import { reportDeath } from './reportDeath';
import { SnapshotTree } from './tree/snapshotTree';
import { EngineClient } from './worker/engineClient';
import { SnapshotCache } from './worker/snapshotCache';
import { startEngine } from './worker/startEngine';

/** Wires the parts together. Nothing is read, searched or started here: each part begins when somebody looks at it. */
export function activate(context: vscode.ExtensionContext): void {
  const log = new Log();
  const engine = new EngineClient(
    () => startEngine(context.asAbsolutePath('dist/engineWorker.js')),
    (error) => reportDeath(error, log),
  );
  const cache = new SnapshotCache(engine);
  const editors = new SnapshotEditorProvider(context.extensionUri, cache, engine, log);
  const tree = new SnapshotTree(engine, cache, editors, log);
  context.subscriptions.push(
    log,
    engine,
    editors,
    editors.register(),
    tree,
    registerCommands({ context, editors, tree, log }),
  );
}
