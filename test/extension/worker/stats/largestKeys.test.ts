import { describe, expect, test } from 'vitest';
import { describeSnapshot } from '../../../../src/engine/inspect';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { snapshotStats } from '../../../../src/engine/stats/snapshotStats';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import { rowAnswers } from '../../../../src/worker/entries/rowAnswers';
import { StateSessions } from '../../../../src/worker/entries/stateSessions';
import { fixtureSnapshots } from '../../../corpus';

/** Keys that are looked up of each state. */
const MOST = 2;
const QUERY = { mapKey: null, filter: null, sort: null, expand: [], zone: 'UTC', before: 0, count: 1000 };

describe.each(fixtureSnapshots().map((s) => [s.name, s.path] as const))('%s', (_, path) => {
  test('each of the largest keys is found as the page writes it, with all of its entries', async () => {
    const snapshot = await openSnapshot(path, nodeFileStore);
    const { operators } = await snapshotStats(snapshot);
    await snapshot.close();
    const described = await describeSnapshot(path, nodeFileStore);
    const sessions = new StateSessions(nodeFileStore);
    const answers = rowAnswers(sessions);
    const context = { signal: new AbortController().signal, progress: () => undefined };
    for (const { id, states } of operators) {
      for (const { name, kind, largest } of states) {
        const state = described.operators
          .find((o) => o.id === id)
          ?.states.find((s) => s.name === name && s.kind === kind);
        // What is counted has a row on the page.
        expect(state, `${id} ${kind} ${name}`).toBeDefined();
        if (state === undefined) continue;
        const target = { operator: id, state: name, backend: state.backend };
        for (const { key, namespace, keyGroup, entries } of largest.slice(0, MOST)) {
          if (keyGroup < 0 || key.endsWith('…')) continue;
          const query = { path, version: 1, target, key, namespace, at: { row: 0 }, ...QUERY };
          const { rows } = await answers.rows(query, context);
          expect(rows.length, `${name} ${key} in ${namespace}`).toBe(entries);
        }
      }
    }
    await sessions.close(path);
  });
});
