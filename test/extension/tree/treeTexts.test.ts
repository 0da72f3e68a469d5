import { describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { healthOf } from '../../../src/engine/health/health';
import type { FoundFile } from '../../../src/tree/grouping';
import { isNode, type Node, nodeTarget, nodeTexts, nodeUri } from '../../../src/tree/nodes';
import { buildRoots, failureNode, findSnapshotNode, operatorNodes, stateNodes } from '../../../src/tree/treeModel';
import { type NodeText, nodeText } from '../../../src/tree/treeTexts';
import { inEnglish } from '../../../src/view/translate';
import type { Classified, DescribedSnapshot } from '../../../src/worker/workerProtocol';
import { problem, shop } from '../../webview/samples';

const JOB = '3f2504e04f8941d39a0c0305e82c3301';
const uri = (fsPath: string): vscode.Uri => ({ fsPath, toString: () => `file://${fsPath}` }) as vscode.Uri;
const found = (path: string, is: Classified = { is: 'snapshot', metadataVersion: 6 }): FoundFile => ({
  path,
  modified: 1_700_000_000_000,
  is,
});
const described: DescribedSnapshot = {
  snapshot: shop(),
  millis: 1,
  bytesRead: 1,
  record: null,
  health: healthOf(shop()),
};
const text = (node: Node): NodeText =>
  nodeText(node, { t: inEnglish, units: 'decimal', locale: 'en', relative: (p) => p.replace('/w/', '') });

function roots(known: string | null = null) {
  return buildRoots(
    [
      found('/w/savepoint-1/_metadata'),
      found(`/w/cp/${JOB}/chk-7/_metadata`),
      found('/w/table/_metadata', { is: 'other', what: 'parquet' }),
      found('/w/broken/_metadata', { is: 'other', what: 'empty' }),
    ],
    [uri('/w/savepoint-1/_metadata'), uri('/elsewhere/chk-3/_metadata')],
    { toUri: uri, known: (path) => (path === known ? described : null) },
  );
}

function snapshotNode(path = '/w/savepoint-1/_metadata') {
  const node = findSnapshotNode(roots(), path);
  if (node === undefined) throw new Error(`There is no ${path}.`);
  return node;
}

describe('the tree in words', () => {
  it('has snapshots, jobs, what is open elsewhere, and what is none', () => {
    expect(roots().map((node) => [text(node).label, text(node).context])).toEqual([
      ['broken', 'snapshot'],
      ['Job 3f2504e0…3301', 'job'],
      ['savepoint-1', 'snapshot'],
      ['Open, outside the workspace', 'group'],
      ['Not Flink snapshots', 'group'],
    ]);
  });

  it('has ids of its own for every node', () => {
    const ids = roots().flatMap((node) => [node.id, ...('children' in node ? node.children.map((c) => c.id) : [])]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('finds a snapshot below its job and among those outside', () => {
    expect(snapshotNode(`/w/cp/${JOB}/chk-7/_metadata`).parent?.kind).toBe('job');
    expect(snapshotNode('/elsewhere/chk-3/_metadata').parent?.kind).toBe('group');
    expect(findSnapshotNode(roots(), '/nowhere')).toBeUndefined();
  });

  it('says what another program’s file is, and what is wrong with one of Flink’s', () => {
    const others = roots().find((node) => node.kind === 'group' && node.group === 'others');
    expect(others?.kind === 'group' && others.children.map((c) => text(c).description)).toEqual(['Parquet file']);
    expect(text(snapshotNode('/w/broken/_metadata'))).toMatchObject({ icon: 'error', description: 'empty file' });
    const failed = { ...snapshotNode(), failure: problem('error', 'TRUNCATED', 'It ends too early.') };
    expect(text(failed)).toMatchObject({ icon: 'error', description: 'It ends too early.' });
    expect(
      text(failureNode(snapshotNode(), problem('error', 'IO', 'No.', { file: '/f', hint: 'Try.' }))),
    ).toMatchObject({
      label: 'No.',
      tooltip: ['No.', '/f', 'Try.'],
      icon: 'error',
    });
  });

  it('shows the size once it is known, and keeps it when the tree is built anew', () => {
    expect(text(snapshotNode()).description).not.toContain('GB');
    const known = findSnapshotNode(roots('/w/savepoint-1/_metadata'), '/w/savepoint-1/_metadata');
    expect(known && text(known).description).toContain('1.03\u00a0GB');
    expect(known && text(known).tooltip.join('\n')).toContain('Canonical savepoint');
  });

  it('tells of operators and states, with menus that fit', () => {
    const operators = operatorNodes(snapshotNode(), described);
    expect(operators.map((o) => text(o).label)).toEqual(shop().operators.map((o) => o.name ?? '0a448493…6227'));
    expect(operators.map((o) => text(o).context)).toEqual([
      'operator.uid',
      'operator.uid',
      'operator.uid',
      'operator.uid',
      'operator.nameable',
      'operator.uid',
    ]);
    const [users] = operators;
    if (users === undefined) throw new Error('There is no operator.');
    const states = stateNodes(users);
    expect(states.map((s) => text(s).label)).toEqual(['profile', 'counters', 'history', 'lastSeen', 'user-timers']);
    expect(text(states[1] as Node).description).toBe('326\u00a0MB · string → map<string, long>');
    expect(states[4]?.parent).toBe(users);
    expect(nodeTexts(states[0] as Node)).toMatchObject({
      name: 'profile',
      uid: 'users',
      operatorId: users.operator.id,
    });
    expect(nodeTarget(states[0] as Node)).toEqual({ operator: users.operator.id, state: 'profile' });
    expect(nodeUri(states[0] as Node)?.fsPath).toBe('/w/savepoint-1/_metadata');
  });

  it('shows characters in names that would hide or turn around others', () => {
    const [first] = operatorNodes(snapshotNode(), described);
    if (first === undefined) throw new Error('There is no operator.');
    const named = { ...first, operator: { ...first.operator, name: 'safe\u202egnp.exe', uid: 'a\u200bb' } };
    expect(text(named)).toMatchObject({
      label: 'safe[U+202E]gnp.exe',
      description: expect.stringContaining('a[U+200B]b') as string,
      tooltip: expect.arrayContaining(['safe[U+202E]gnp.exe', 'uid a[U+200B]b']) as string[],
    });
  });

  it('knows its nodes from anything else', () => {
    expect(roots().every(isNode)).toBe(true);
    for (const other of [null, 5, 'x', {}, { kind: 'operator' }, { kind: 'else', id: 'x' }])
      expect(isNode(other)).toBe(false);
  });
});
