import type * as vscode from 'vscode';
import type { OperatorDescription, Problem, StateDescription } from '../engine/description';
import type { HealthFinding } from '../engine/health/finding';
import type { RowTarget } from '../protocol';
import { operatorTitle, snapshotName } from '../view/naming';
import { spellState } from '../view/spellState';
import type { DescribedSnapshot } from '../worker/workerProtocol';
import type { FoundFile, FoundJob } from './grouping';

/** What the tree shows. `id` is unique and stays the same when the tree is built anew. */
export type Node = GroupNode | JobNode | SnapshotNode | OtherNode | OperatorNode | StateNode | FailureNode;

interface NodeBase {
  id: string;
  parent: Node | undefined;
}

/** A heading: snapshots that are open but outside the workspace, and files that are no snapshots. */
export interface GroupNode extends NodeBase {
  kind: 'group';
  group: 'outside' | 'others';
  children: Node[];
}

export interface JobNode extends NodeBase {
  kind: 'job';
  job: FoundJob;
  children: Node[];
}

export interface SnapshotNode extends NodeBase {
  kind: 'snapshot';
  uri: vscode.Uri;
  found: FoundFile | null;
  /** Null until somebody wanted to see more of it. */
  described: DescribedSnapshot | null;
  failure: Problem | null;
}

/** A `_metadata` of another program. */
export interface OtherNode extends NodeBase {
  kind: 'other';
  uri: vscode.Uri;
  found: FoundFile;
}

export interface OperatorNode extends NodeBase {
  kind: 'operator';
  snapshot: SnapshotNode;
  operator: OperatorDescription;
  /** What stands in the way of a restore of it. */
  health: readonly HealthFinding[];
}

export interface StateNode extends NodeBase {
  kind: 'state';
  snapshot: SnapshotNode;
  operator: OperatorDescription;
  state: StateDescription;
}

export interface FailureNode extends NodeBase {
  kind: 'failure';
  snapshot: SnapshotNode;
  problem: Problem;
}

const KINDS: ReadonlySet<string> = new Set<Node['kind']>([
  'group',
  'job',
  'snapshot',
  'other',
  'operator',
  'state',
  'failure',
]);

/** Commands are given nodes by menus, and anything else by keybindings and other extensions. */
export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && KINDS.has(String(value.kind)) && 'id' in value
  );
}

/** The row of the editor's table that shows the same; null for what is no part of a snapshot. */
export function nodeTarget(node: Node): RowTarget | null {
  switch (node.kind) {
    case 'operator':
      return { operator: node.operator.id, state: null };
    case 'state':
      return { operator: node.operator.id, state: node.state.name };
    case 'group':
    case 'job':
    case 'snapshot':
    case 'other':
    case 'failure':
      return null;
    default:
      return node satisfies never;
  }
}

export function nodeUri(node: Node): vscode.Uri | null {
  switch (node.kind) {
    case 'snapshot':
    case 'other':
      return node.uri;
    case 'operator':
    case 'state':
    case 'failure':
      return node.snapshot.uri;
    case 'group':
    case 'job':
      return null;
    default:
      return node satisfies never;
  }
}

/** What there is to copy of a node. */
export function nodeTexts(node: Node): {
  name?: string;
  uid?: string;
  operatorId?: string;
  type?: string;
  path?: string;
} {
  switch (node.kind) {
    case 'operator': {
      const { uid, id } = node.operator;
      return { name: operatorTitle(node.operator), operatorId: id, ...(uid === null ? {} : { uid }) };
    }
    case 'state': {
      const { uid, id } = node.operator;
      return {
        name: node.state.name,
        operatorId: id,
        type: spellState(node.state),
        ...(uid === null ? {} : { uid }),
      };
    }
    case 'job':
      return { name: node.job.jobId, path: node.job.folder };
    case 'snapshot':
    case 'other':
      return { name: snapshotName(node.uri.fsPath), path: node.uri.fsPath };
    case 'failure':
      return { name: node.problem.message };
    case 'group':
      return {};
    default:
      return node satisfies never;
  }
}
