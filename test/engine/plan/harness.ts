import { decodeEntry } from '../../../src/engine/decodeEntry';
import { snapshotEntries } from '../../../src/engine/entries';
import { writeJson } from '../../../src/engine/json/writeJson';
import { keyGroupOf } from '../../../src/engine/keyGroups';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import type { Plan, PlanStep } from '../../../src/engine/plan/plan';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import type { PlanProof } from '../../../src/engine/plan/provePlan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import { fixtureSnapshots } from '../../corpus';

export type Step = PlanStep extends infer S ? (S extends PlanStep ? Omit<S, 'place'> : never) : never;

export function fixture(name: string): string {
  const found = fixtureSnapshots().find((snapshot) => snapshot.name.split('/')[0] === name);
  if (found === undefined) throw new Error(`There is no fixture ${name}.`);
  return found.path;
}

export function planOf(from: string, ...steps: Step[]): Plan {
  return { from, metadataVersion: null, steps: steps.map((step) => ({ ...step, place: 'a test' }) as PlanStep) };
}

export async function applied(plan: Plan, out: string, signal?: AbortSignal): Promise<PlanProof> {
  const prepared = await preparePlan(plan, nodeFileStore, { signal });
  try {
    return await applyPlan(prepared, await createOutputFolder(out), nodeFileStore, { signal });
  } finally {
    await prepared.close();
  }
}

export interface Content {
  /** Keyed entries: what identifies one, and its value. */
  keyed: Map<string, string>;
  /** Elements of operator state; broadcast entries once. */
  operator: string[];
}

export const idOf = (operator: string, state: string, key: string, namespace = '', userKey = '', time = ''): string =>
  [operator, state, key, namespace, userKey, time].join(' | ');

/** Everything that a snapshot holds, read by the reader that the rest of the tests prove; fails where an entry is misplaced. */
export async function contentOf(path: string): Promise<Content> {
  const content: Content = { keyed: new Map(), operator: [] };
  const broadcast = new Set<string>();
  const snapshot = await openSnapshot(path, nodeFileStore);
  try {
    const failed = ({ error }: { error: Error }) => {
      throw error;
    };
    for await (const { operator, subtask, entries, unread } of snapshotEntries(snapshot, {}, failed)) {
      if (unread.length > 0) throw new Error(unread[0].reason);
      for (const entry of entries) {
        const { key, namespace, userKey, value } = decodeEntry(entry);
        const text = (part: unknown): string => (part === undefined ? '' : writeJson(part));
        const { state, keyGroup } = entry;
        if (keyGroup < 0) {
          const line = `${operator.id} ${state.name} ${text(userKey)} ${text(value)}`;
          if (state.kind !== 'broadcast') content.operator.push(line);
          else broadcast.add(line);
          continue;
        }
        const { maxParallelism, parallelism } = operator.state;
        if (Math.floor((keyGroup * parallelism) / maxParallelism) !== subtask.index) throw new Error('wrong subtask');
        if (state.key?.hash !== undefined && keyGroupOf(state.key.hash(key), maxParallelism) !== keyGroup) {
          throw new Error('wrong key group');
        }
        const time = String(entry.timestamp ?? '');
        const id = idOf(operator.id, state.name, text(key), text(namespace), text(userKey), time);
        if (content.keyed.has(id)) throw new Error(`${id} is there twice.`);
        content.keyed.set(id, text(value));
      }
    }
  } finally {
    await snapshot.close();
  }
  content.operator.push(...broadcast);
  content.operator.sort();
  return content;
}
