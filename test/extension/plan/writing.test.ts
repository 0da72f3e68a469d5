import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { SnapshotEditorProvider } from '../../../src/editor/snapshotEditorProvider';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import type { OutputFolder } from '../../../src/engine/storage/outputFolder';
import type { Log } from '../../../src/log';
import { SnapshotWriting } from '../../../src/plan/writing';
import type { PlanSource } from '../../../src/view/planWork';
import type { EngineClient } from '../../../src/worker/engineClient';
import { runPlan } from '../../../src/worker/plans';
import { fixture } from '../../engine/plan/harness';
import { useTemporaryFolder } from '../../temporaryFolder';

// Test files share their modules: what was loaded with another stand-in for VS Code, or will be, is loaded anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());

/** As much of VS Code as writing needs, and what it was asked. */
const host = vi.hoisted(() => ({
  isTrusted: true,
  /** What the person chooses in a warning. */
  choice: undefined as string | undefined,
  warnings: [] as { message: string; modal: boolean }[],
  status: [] as string[],
  told: [] as string[],
  cancel: () => {},
  whileAsked: () => {},
  out: '',
}));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  l10n: { t: (text: string, ...given: unknown[]) => text.replace(/\{(\d)\}/g, (_, i) => String(given[Number(i)])) },
  workspace: {
    get isTrusted() {
      return host.isTrusted;
    },
    fs: { isWritableFileSystem: () => true },
    getConfiguration: () => ({ get: () => undefined }),
  },
  env: { language: 'en' },
  window: {
    showWarningMessage: async (message: string, { modal }: { modal: boolean }) => {
      host.warnings.push({ message, modal });
      return host.choice;
    },
    showInformationMessage: async (message: string) => void host.told.push(message),
    showErrorMessage: async (message: string) => void host.told.push(message),
    setStatusBarMessage: (message: string) => void host.status.push(message),
    withProgress: async (_: unknown, work: (report: object, token: object) => Promise<unknown>) => {
      let cancelled = (): void => {};
      const token = {
        isCancellationRequested: false,
        onCancellationRequested: (listener: () => void) => {
          cancelled = listener;
          return { dispose: () => {} };
        },
      };
      host.cancel = () => cancelled();
      return work({ report: () => {} }, token);
    },
  },
}));
vi.mock('../../../src/plan/outputFolder', () => ({
  askOutputFolder: async () => {
    host.whileAsked();
    return host.out;
  },
  newFolderBeside: async () => host.out,
}));

const temporary = useTemporaryFolder();

beforeEach(() => {
  Object.assign(host, {
    isTrusted: true,
    choice: undefined,
    warnings: [],
    status: [],
    told: [],
    whileAsked: () => {},
    out: '',
  });
  host.out = temporary.at('written');
});

/** A plan in an editor. */
function planDocument(edits: { parallelism: number } = { parallelism: 2 }): vscode.TextDocument {
  const file = temporary.at('plans', 'a.savepoint-plan.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const from = path.relative(path.dirname(file), fixture('2.3-accounts-heap-canonical'));
  const text = () => JSON.stringify({ from, steps: [{ rescale: { ...edits, maxParallelism: 300 } }] });
  const uri = { path: file, fsPath: file, scheme: 'file' };
  return { uri, getText: text } as unknown as vscode.TextDocument;
}

/** An engine that runs plans here; `folder` may do something with the new folder first. */
function writing(folder: (created: OutputFolder) => OutputFolder = (created) => created) {
  const counts = { engines: 0, disposed: 0 };
  const places = { createFolder: async (at: string) => folder(await createOutputFolder(at)), threads: null };
  const newEngine = (): EngineClient => {
    counts.engines++;
    return {
      call: (_: string, source: PlanSource & { out: string }, { signal }: { signal: AbortSignal }) =>
        runPlan(source, nodeFileStore, places, signal, () => {}),
      dispose: () => counts.disposed++,
    } as unknown as EngineClient;
  };
  const editors = { open: async () => {} } as unknown as SnapshotEditorProvider;
  const log = { info: () => {}, failure: () => {} } as unknown as Log;
  const run = (document = planDocument()) => new SnapshotWriting(newEngine, editors, log).runPlan(document);
  return { counts, run };
}

describe('a plan of a workspace that nobody vouches for', () => {
  test('is not run before the person said so', async () => {
    host.isTrusted = false;
    const { counts, run } = writing();
    await run();
    expect(host.warnings).toEqual([{ message: 'Run a plan of an untrusted workspace?', modal: true }]);
    expect(counts.engines).toBe(0);
    expect(existsSync(host.out)).toBe(false);
  });

  test('is run when the person says so', async () => {
    host.isTrusted = false;
    host.choice = 'Run It';
    const { counts, run } = writing();
    await run();
    expect(counts).toEqual({ engines: 1, disposed: 1 });
    expect(existsSync(path.join(host.out, '_metadata'))).toBe(true);
    expect(host.told[0]).toMatch(/^Written to “written” and proved/);
  });
});

test('a plan of a trusted workspace is run without a question', async () => {
  const { run } = writing();
  await run();
  expect(host.warnings).toEqual([]);
  expect(existsSync(path.join(host.out, '_metadata'))).toBe(true);
});

test('a plan that is mended while the folder is asked for is run as it stands then', async () => {
  const edits = { parallelism: 2 };
  host.whileAsked = () => {
    edits.parallelism = 3;
  };
  await writing().run(planDocument(edits));
  const { plan } = JSON.parse(readFileSync(path.join(host.out, 'savepoint-explorer.json'), 'utf8')) as { plan: string };
  expect(plan).toContain('"parallelism":3');
});

test.each(['create', 'publish'] as const)(
  'a run that is cancelled in the middle of writing says that nothing was written, and leaves nothing: %s',
  async (operation) => {
    let cancelled = 0;
    const { counts, run } = writing((created) => {
      const original = created[operation].bind(created) as (...given: unknown[]) => Promise<unknown>;
      const cancelling = async (...given: unknown[]): Promise<unknown> => {
        cancelled++;
        host.cancel();
        return original(...given);
      };
      return Object.assign(Object.create(created), { [operation]: cancelling });
    });
    await run();
    if (cancelled === 0) throw new Error(`Nothing was asked to ${operation}.`);
    expect(host.status).toEqual(['Cancelled: nothing was written.']);
    expect(host.told).toEqual([]);
    expect(counts.disposed).toBe(1);
    expect(readdirSync(temporary.root)).toEqual(['plans']);
  },
);
