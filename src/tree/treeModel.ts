import type * as vscode from 'vscode';
import type { DescribedSnapshot } from '../worker/workerProtocol';
import { type FoundFile, type FoundJob, groupSnapshots, isJob } from './grouping';
import type { FailureNode, GroupNode, JobNode, Node, OperatorNode, OtherNode, SnapshotNode, StateNode } from './nodes';

/** What a node needs to know that is not in what was found. */
export interface TreeSources {
  toUri(path: string): vscode.Uri;
  /** What was read of a snapshot already. */
  known(path: string): DescribedSnapshot | null;
}

/** The top of the tree from what was found and what is open. */
export function buildRoots(found: readonly FoundFile[], open: readonly vscode.Uri[], sources: TreeSources): Node[] {
  const { entries, others } = groupSnapshots(found);
  const roots: Node[] = entries.map((entry) =>
    isJob(entry) ? jobNode(entry, sources) : snapshotNode(entry, undefined, sources),
  );
  const known = new Set(found.map((file) => file.path));
  const outside = open.filter((uri) => !known.has(uri.fsPath));
  if (outside.length > 0) {
    const group: GroupNode = { kind: 'group', id: 'group:outside', parent: undefined, group: 'outside', children: [] };
    group.children = outside.map((uri) => openNode(uri, group, sources));
    roots.push(group);
  }
  if (others.length > 0) {
    const group: GroupNode = { kind: 'group', id: 'group:others', parent: undefined, group: 'others', children: [] };
    group.children = others.map(
      (file): OtherNode => ({
        kind: 'other',
        id: `other:${file.path}`,
        parent: group,
        uri: sources.toUri(file.path),
        found: file,
      }),
    );
    roots.push(group);
  }
  return roots;
}

function jobNode(job: FoundJob, sources: TreeSources): JobNode {
  const node: JobNode = { kind: 'job', id: `job:${job.folder}`, parent: undefined, job, children: [] };
  node.children = job.checkpoints.map((file) => snapshotNode(file, node, sources));
  return node;
}

function snapshotNode(file: FoundFile, parent: Node | undefined, { toUri, known }: TreeSources): SnapshotNode {
  const uri = toUri(file.path);
  return {
    kind: 'snapshot',
    id: `snapshot:${file.path}`,
    parent,
    uri,
    found: file,
    described: known(file.path),
    failure: null,
  };
}

function openNode(uri: vscode.Uri, parent: Node, { known }: TreeSources): SnapshotNode {
  return {
    kind: 'snapshot',
    id: `open:${uri.toString()}`,
    parent,
    uri,
    found: null,
    described: known(uri.fsPath),
    failure: null,
  };
}

export function operatorNodes(
  snapshot: SnapshotNode,
  { snapshot: description, health }: DescribedSnapshot,
): OperatorNode[] {
  return description.operators.map((operator) => ({
    kind: 'operator',
    id: `${snapshot.id}/${operator.id}`,
    parent: snapshot,
    snapshot,
    operator,
    health: health.filter(({ operators }) => operators.includes(operator.id)),
  }));
}

export function stateNodes(node: OperatorNode): StateNode[] {
  return node.operator.states.map((state) => ({
    kind: 'state',
    id: `${node.id}/${state.backend}/${state.name}`,
    parent: node,
    snapshot: node.snapshot,
    operator: node.operator,
    state,
  }));
}

export function failureNode(snapshot: SnapshotNode, problem: FailureNode['problem']): FailureNode {
  return { kind: 'failure', id: `${snapshot.id}/failure`, parent: snapshot, snapshot, problem };
}

export function findSnapshotNode(roots: readonly Node[], path: string): SnapshotNode | undefined {
  for (const node of roots) {
    if (node.kind === 'snapshot' && node.uri.fsPath === path) return node;
    if (node.kind !== 'job' && node.kind !== 'group') continue;
    const inside = findSnapshotNode(node.children, path);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
