import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { healthOf } from '../../src/engine/health/health';
import { operatorIdOfUid } from '../../src/engine/metadata/operatorId';
import type { Log } from '../../src/log';
import { WorkspaceNames } from '../../src/names/workspaceNames';
import type { EngineClient } from '../../src/worker/engineClient';
import type { DescribedSnapshot } from '../../src/worker/workerProtocol';
import { operator, snapshot } from '../webview/samples';

// Test files share their modules: what was loaded with another stand-in for VS Code, or will be, is loaded anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());

/** As much of VS Code as looking for names needs. */
const host = vi.hoisted(() => ({
  files: [] as { fsPath: string; scheme: string }[],
  settings: {} as Record<string, unknown>,
  searches: 0,
  watchers: 0,
  stats: 0,
  changed: [] as ((uri: { fsPath: string; scheme: string }) => void)[],
  configured: [] as ((e: { affectsConfiguration(): boolean }) => void)[],
}));
vi.mock('vscode', () => {
  const none = { dispose: () => undefined };
  class EventEmitter<T> {
    private readonly listeners: ((value: T) => void)[] = [];
    event = (listener: (value: T) => void) => {
      this.listeners.push(listener);
      return none;
    };
    fire(value: T): void {
      for (const listener of this.listeners) listener(value);
    }
    dispose = () => undefined;
  }
  const watch = (listener: (typeof host.changed)[0]) => {
    host.changed.push(listener);
    return none;
  };
  return {
    EventEmitter,
    CancellationTokenSource: class {
      token = {};
      cancel = () => undefined;
      dispose = () => undefined;
    },
    workspace: {
      findFiles: async () => {
        host.searches++;
        return host.files;
      },
      fs: {
        stat: async () => {
          host.stats++;
          return { mtime: 6 + host.stats };
        },
      },
      createFileSystemWatcher: () => {
        host.watchers++;
        return { onDidCreate: watch, onDidChange: watch, onDidDelete: watch, dispose: () => undefined };
      },
      getConfiguration: () => ({ get: (name: string) => host.settings[name] }),
      onDidChangeConfiguration: (listener: (typeof host.configured)[0]) => {
        host.configured.push(listener);
        return none;
      },
      onDidChangeWorkspaceFolders: () => none,
    },
  };
});

const USERS = operatorIdOfUid('users');
const described = (): DescribedSnapshot => {
  const description = snapshot({ metadataVersion: 4, operators: [operator(USERS)] });
  return { snapshot: description, millis: 1, bytesRead: 1, record: null, health: healthOf(description) };
};
const inSources = { id: USERS, uid: 'users', use: 'uid', path: '/w/Jobs.java', line: 42, column: 8 };

function start(answer: () => Promise<unknown> = async () => [inSources]) {
  const asked: { files: unknown; ids: unknown; signal: AbortSignal | undefined }[] = [];
  const lines: string[] = [];
  const engine = {
    call: (_method: string, params: { files: unknown; ids: unknown }, options: { signal?: AbortSignal }) => {
      asked.push({ ...params, signal: options.signal });
      return answer();
    },
  } as unknown as EngineClient;
  const log = { info: (line: string) => lines.push(line), failure: () => undefined } as unknown as Log;
  const names = new WorkspaceNames(engine, log);
  let changes = 0;
  names.onDidChange(() => changes++);
  return { names, asked, lines, changes: () => changes };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(host, {
    files: [
      { fsPath: '/w/Jobs.java', scheme: 'file' },
      { fsPath: '/v/Far.java', scheme: 'vscode-vfs' },
    ],
    settings: {},
    searches: 0,
    watchers: 0,
    stats: 0,
    changed: [],
    configured: [],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test('nothing is looked for before a nameless operator is shown', async () => {
  const { names } = start();
  const named = snapshot({ operators: [operator(USERS, { uid: 'users' })] });
  names.describe({ ...described(), snapshot: named });
  await settled();
  expect([host.searches, host.watchers]).toEqual([0, 0]);
});

test('what the sources say becomes the operator’s uid, and its findings go; the log holds counts alone', async () => {
  const { names, asked, lines, changes } = start();
  const one = described();
  expect(names.describe(one).snapshot.operators[0]?.uid).toBeNull();
  expect(names.describe(one).health.some(({ code }) => code === 'UID_UNKNOWN')).toBe(true);
  await settled();
  expect(asked).toMatchObject([{ files: [{ path: '/w/Jobs.java', modified: 7 }], ids: [USERS] }]);
  expect(changes()).toBe(1);
  const result = names.describe(one);
  expect(result.snapshot.operators[0]).toMatchObject({ uid: 'users', given: { by: 'source', place: { line: 42 } } });
  expect(result.health.some(({ code }) => code === 'UID_UNKNOWN')).toBe(false);
  expect(names.describe(one)).toBe(result);
  expect(lines.join()).not.toContain('users');
  expect(host.searches).toBe(1);
});

test('a change of a source is looked at once it settled; a search that is overtaken is stopped', async () => {
  const { names, asked } = start();
  names.describe(described());
  await settled();
  const touch = (fsPath: string) => {
    for (const changed of host.changed) changed({ fsPath, scheme: 'file' });
  };
  touch('/w/target/generated/Jobs.java');
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(1);
  touch('/w/Jobs.java');
  touch('/w/New.java');
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(2);
  // Searched for once; of what changed only the times are asked for.
  expect([host.searches, host.stats]).toEqual([1, 3]);
  expect(asked[1]?.files).toEqual([
    { path: '/w/Jobs.java', modified: 8 },
    { path: '/w/New.java', modified: 9 },
  ]);
  const other = snapshot({ metadataVersion: 4, operators: [operator(operatorIdOfUid('other'))] });
  names.describe({ ...described(), snapshot: other });
  names.dispose();
  await settled();
  expect(asked.slice(2).every(({ signal }) => signal?.aborted === true)).toBe(true);
});

test('a person’s own name goes first; switched off, no source is looked at', async () => {
  host.settings = { operatorNames: { [USERS]: 'My users' }, findOperatorNames: false };
  const { names, asked } = start();
  const result = names.describe(described());
  await settled();
  expect(result.snapshot.operators[0]).toMatchObject({ uid: null, given: { label: 'My users' } });
  expect([asked.length, host.searches]).toEqual([0, 0]);
  host.settings = { operatorNames: { [USERS]: 'users' }, wantedParallelism: 200 };
  for (const listener of host.configured) listener({ affectsConfiguration: () => true });
  await settled();
  expect(names.nameOf(USERS)).toMatchObject({ uid: 'users', given: { by: 'settings' } });
  expect(asked).toHaveLength(1);
});

test('a search that fails leaves the names as they were', async () => {
  const { names, changes } = start(async () => {
    throw new Error('the thread is gone');
  });
  names.describe(described());
  await settled();
  expect(changes()).toBe(0);
  expect(names.nameOf(USERS)).toBeNull();
});
