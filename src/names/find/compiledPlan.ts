import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { Candidate } from './candidate';

/**
 * Names that Flink's planner gives to what a node of a plan becomes; most nodes become one transformation of their own name.
 * `partitioner`, `source` and the like belong to scans and sinks; the last ones are those that connectors give.
 * Source: the `…_TRANSFORMATION` constants of org.apache.flink.table.planner.plan.nodes.exec (1.15, 1.20, 2.1, 2.3), and of
 * `ProviderContext.generateUid` in the connectors for Kafka and files.
 */
const TRANSFORMATIONS = [
  'async-calc',
  'async-correlate',
  'calc',
  'changelog-normalize',
  'constraint-validator',
  'correlate',
  'deduplicate',
  'delta-join',
  'discarding-sink',
  'drop-update-before',
  'exchange',
  'expand',
  'filter-left',
  'filter-right',
  'global-group-aggregate',
  'global-window-aggregate',
  'group-aggregate',
  'group-table-aggregate',
  'group-window-aggregate',
  'incremental-group-aggregate',
  'interval-join',
  'join',
  'lateral-snapshot-join',
  'limit',
  'local-group-aggregate',
  'local-window-aggregate',
  'lookup-join',
  'lookup-join-key-ordered',
  'lookup-join-materialize',
  'match',
  'mini-batch-assigner',
  'ml-predict-table-function',
  'multi-join',
  'over-aggregate',
  'pad-left',
  'pad-right',
  'partitioner',
  'process',
  'python-async-calc',
  'python-calc',
  'python-correlate',
  'python-group-aggregate',
  'python-group-window-aggregate',
  'python-over-aggregate',
  'rank',
  'row-kind-setter',
  'sink',
  'sort',
  'sort-limit',
  'source',
  'temporal-join',
  'temporal-sort',
  'timestamp-inserter',
  'upsert-materialize',
  'values',
  'vector-search-table-function',
  'watermark-assigner',
  'watermark-timestamp-assigner',
  'window',
  'window-aggregate',
  'window-deduplicate',
  'window-join',
  'window-rank',
  'kafka',
  'upsert-kafka',
  'streaming-writer',
  'compact-coordinator',
  'compact-operator',
  'partition-committer',
];

/** `table.exec.uid.format` since 1.16, and as 1.15 had it. */
const FORMATS = ['<id>_<transformation>', '<id>_<type>_<version>_<transformation>'];
const FORMAT_OPTION = 'table.exec.uid.format';

/** Nodes of a plan; a JSON file of other things that looks like one must not take for ever. */
const MAX_NODES = 2000;

/** Whether a JSON file may be a plan that `COMPILE PLAN` wrote. */
export function looksLikePlan(text: string): boolean {
  return text.includes('"flinkVersion"') && text.includes('"nodes"');
}

/**
 * The uids that Flink gives to the operators of a compiled SQL plan (since 1.15), by the formats that it has as defaults and by
 * the one that the plan keeps of its own. Every node is offered under every name: the hash says which one it is.
 * Source: ExecNodeContext.generateUid, ExecNodeBase, StreamExecProcessTableFunction.
 */
export function planCandidates(text: string): Candidate[] {
  const root = parseTree(text);
  const nodes = root === undefined ? undefined : findNodeAtLocation(root, ['nodes']);
  const found: Candidate[] = [];
  for (const node of (nodes?.children ?? []).slice(0, MAX_NODES)) {
    const id = findNodeAtLocation(node, ['id']);
    const type = /^(.+)_(\d+)$/.exec(stringAt(node, ['type']) ?? '');
    if (typeof id?.value !== 'number' || type === null) continue;
    // A process table function may be called with a uid of its own, as it is (since 2.1).
    const given = stringAt(node, ['uid']);
    if (given !== null) found.push({ text: given, use: 'plan', at: node.offset });
    const own = stringAt(node, ['configuration', FORMAT_OPTION]);
    for (const format of own === null ? FORMATS : [own]) {
      for (const transformation of TRANSFORMATIONS) {
        const parts: Readonly<Record<string, string>> = {
          '<id>': String(id.value),
          '<type>': type[1],
          '<version>': type[2],
          '<transformation>': transformation,
        };
        const uid = format.replace(/<(?:id|type|version|transformation)>/g, (part) => parts[part] ?? part);
        found.push({ text: uid, use: 'plan', at: node.offset });
      }
    }
  }
  return found;
}

function stringAt(node: Node, path: string[]): string | null {
  const value: unknown = findNodeAtLocation(node, path)?.value;
  return typeof value === 'string' ? value : null;
}
