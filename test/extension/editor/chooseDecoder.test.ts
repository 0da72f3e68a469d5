import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { chooseDecoder } from '../../../src/editor/chooseDecoder';
import { readDecoders } from '../../../src/settings';

// Test files share their modules: what was loaded with another stand-in for VS Code, or will be, is loaded anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());

interface Box {
  value: string;
  validateInput(typed: string): Promise<string | null>;
}

/** As much of VS Code as the choice needs. */
const host = vi.hoisted(() => ({
  folders: [{}] as unknown[] | undefined,
  kept: undefined as unknown,
  updates: [] as unknown[][],
  picked: (items: { name: string; description: string }[]): unknown => items[0],
  typed: async (_box: Box): Promise<string | undefined> => undefined,
}));
vi.mock('vscode', () => ({
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  l10n: { t: (text: string) => text },
  window: {
    showQuickPick: async (items: { name: string; description: string }[]) => host.picked(items),
    showInputBox: (box: Box) => host.typed(box),
  },
  workspace: {
    get workspaceFolders() {
      return host.folders;
    },
    getConfiguration: () => ({
      get: () => host.kept,
      inspect: () => (host.folders === undefined ? { globalValue: host.kept } : { workspaceValue: host.kept }),
      update: async (...update: unknown[]) => host.updates.push(update),
    }),
  },
}));

const noFault = async (): Promise<null> => null;

beforeEach(() => {
  Object.assign(host, { folders: [{}], kept: { 'a.B': 'long' }, updates: [], typed: async () => undefined });
});

test('the workspace’s settings keep a choice beside the others, and what is given up changes nothing', async () => {
  await chooseDecoder(['a.C'], noFault);
  expect(host.updates).toEqual([]);
  host.typed = async ({ value }) => {
    expect(value).toBe('');
    return ' string ';
  };
  await chooseDecoder(['a.C'], noFault);
  expect(host.updates).toEqual([['decoders', { 'a.B': 'long', 'a.C': 'string' }, 2]]);
});

test('without a workspace the person’s settings keep it; nothing takes the last choice back, and the setting with it', async () => {
  host.folders = undefined;
  host.typed = async ({ value }) => {
    expect(value).toBe('long');
    return '';
  };
  await chooseDecoder(['a.B'], noFault);
  expect(host.updates).toEqual([['decoders', undefined, 1]]);
});

test('of several classes one is picked, with what was chosen for it', async () => {
  host.picked = (items) => {
    expect(items.map(({ name, description }) => [name, description])).toEqual([
      ['a.B', 'long'],
      ['constructor', ''],
    ]);
    return items[1];
  };
  host.typed = async ({ value }) => {
    expect(value).toBe('');
    return 'int';
  };
  await chooseDecoder(['a.B', 'constructor'], noFault);
  expect(host.updates).toEqual([['decoders', { 'a.B': 'long', constructor: 'int' }, 2]]);
});

test('what is typed is checked while it is typed; nothing is right too', async () => {
  host.typed = async ({ validateInput }) => {
    expect([await validateInput('lonng'), await validateInput(' ')]).toEqual(['wrong: lonng', null]);
    return undefined;
  };
  await chooseDecoder(['a.B'], async (type) => `wrong: ${type}`);
});

test('settings that somebody wrote by hand may be anything', () => {
  for (const kept of [undefined, null, 'long', 7]) {
    host.kept = kept;
    expect(readDecoders()).toEqual({});
  }
  host.kept = { 'a.B': 'long', 'a.C': 7, 'a.D': null };
  expect(readDecoders()).toEqual({ 'a.B': 'long' });
});
