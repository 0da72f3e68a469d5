import { afterAll, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../../src/ids';
import { SnapshotDrops } from '../../../src/tree/dropSnapshots';
import type { Node } from '../../../src/tree/nodes';

// Test files share their modules: what was loaded with another stand-in for VS Code, or will be, is loaded anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());

const run = vi.hoisted(() => [] as unknown[][]);
vi.mock('vscode', () => ({
  commands: { executeCommand: async (...args: unknown[]) => void run.push(args) },
  Uri: { parse: (text: string) => ({ toString: () => text }) },
  DataTransferItem: class {
    constructor(private readonly value: string) {}
    asString = async () => this.value;
  },
}));

type Transfer = Parameters<SnapshotDrops['handleDrag']>[1];
/** What is carried, by its type. */
function transfer(list?: string) {
  const items = new Map<string, { asString(): Promise<string> }>();
  if (list !== undefined) items.set('text/uri-list', { asString: async () => list });
  return items as unknown as Transfer & Map<string, { asString(): Promise<string> }>;
}

test('what is dropped on the tree is opened', async () => {
  await new SnapshotDrops().handleDrop(
    undefined,
    transfer('# from a file manager\r\nfile:///s/chk-1\r\nfile:///s/_metadata\r\n'),
  );
  expect(run.map(([command, uri]) => [command, String(uri)])).toEqual([
    [COMMANDS.openResource, 'file:///s/chk-1'],
    [COMMANDS.openResource, 'file:///s/_metadata'],
  ]);
  run.length = 0;
  await new SnapshotDrops().handleDrop(undefined, transfer());
  expect(run).toEqual([]);
});

test('snapshots are dragged by their files; what is no file is not', async () => {
  const uri = { toString: () => 'file:///s/_metadata' };
  const snapshot = { kind: 'snapshot', id: 's', uri } as unknown as Node;
  const job = { kind: 'job', id: 'j' } as unknown as Node;
  const carried = transfer();
  new SnapshotDrops().handleDrag([snapshot, job], carried);
  expect(await carried.get('text/uri-list')?.asString()).toBe('file:///s/_metadata');
  const nothing = transfer();
  new SnapshotDrops().handleDrag([job], nothing);
  expect(nothing.size).toBe(0);
});
