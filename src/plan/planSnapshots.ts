import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SnapshotDescription } from '../engine/description';
import type { DataLook, TypeWord } from '../view/planWork';
import type { EngineClient } from '../worker/engineClient';
import type { SnapshotCache } from '../worker/snapshotCache';
import type { KnownSnapshots } from './knownNames';
import { DATA_FILES, folderOfPlan, nameInPlan, pathOfPlan } from './planFiles';
import { PlanTree } from './planTree';

/** Snapshots of the workspace that are offered by their paths. */
const MOST_PATHS = 200;
const EXCLUDED = '**/node_modules/**';

/** What the snapshots that a plan names hold: read once, for everybody who asks. */
export class PlanSnapshots {
  private typeWords: Promise<TypeWord[]> | undefined;

  constructor(
    private readonly cache: SnapshotCache,
    private readonly engine: EngineClient,
  ) {}

  /** All that can be read; one that cannot is as if it were not named, as the plan's problems say why. */
  async load(document: vscode.TextDocument, signal: AbortSignal): Promise<KnownSnapshots> {
    const named = new PlanTree(document.getText()).snapshots;
    const known = new Map<string, SnapshotDescription>();
    await Promise.all(
      named.map(async (name) => {
        try {
          known.set(name, await this.describe(pathOfPlan(document, name), signal));
        } catch {
          // Told by the diagnostics of the plan.
        }
      }),
    );
    return (from) => known.get(from) ?? null;
  }

  /** By the path that an editor of it has, so that both share one reading. */
  async describe(file: string, signal?: AbortSignal): Promise<SnapshotDescription> {
    return (await this.cache.load(await metadataPath(file), { signal })).snapshot;
  }

  /** Words for types: asked for once. */
  types(): Promise<TypeWord[]> {
    this.typeWords ??= this.engine.call('typeNames', {}).catch((e: unknown) => {
      this.typeWords = undefined;
      throw e;
    });
    return this.typeWords;
  }

  /** Columns of a data file, from its first rows. */
  lookAtData(file: string): Promise<DataLook> {
    return this.engine.call('lookAtData', { file });
  }

  /** Snapshots and data files of the workspace, as a plan would name them. */
  async files(document: vscode.TextDocument): Promise<{ paths: string[]; dataFiles: string[] }> {
    const folder = folderOfPlan(document);
    const [metadata, data] = await Promise.all([
      vscode.workspace.findFiles('**/_metadata', EXCLUDED, MOST_PATHS),
      vscode.workspace.findFiles(DATA_FILES, EXCLUDED, MOST_PATHS),
    ]);
    const named = (uris: vscode.Uri[], nameOf: (file: string) => string): string[] =>
      uris.map(({ fsPath }) => nameInPlan(folder, nameOf(fsPath))).sort();
    return { paths: named(metadata, path.dirname), dataFiles: named(data, (file) => file) };
  }
}

/** The file by which an editor knows a snapshot. */
async function metadataPath(file: string): Promise<string> {
  try {
    const { type } = await vscode.workspace.fs.stat(vscode.Uri.file(file));
    return (type & vscode.FileType.Directory) !== 0 ? path.join(file, '_metadata') : file;
  } catch {
    // The engine says what is wrong with it.
    return file;
  }
}
