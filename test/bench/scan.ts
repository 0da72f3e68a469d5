// scan.js scan|first|key PATH OPERATOR [KEY]: reads a snapshot of test/flink/bench.sh with the engine, decodes every value,
// and prints the totals as JSON.
import type { StatePart } from '../../src/engine/backends/part';
import { decodeEntry } from '../../src/engine/decodeEntry';
import { type EntryQuery, isOperator, snapshotEntries } from '../../src/engine/entries';
import { KeyLookups } from '../../src/engine/query/lookup';
import { openSnapshot, type SnapshotOperator } from '../../src/engine/snapshot';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { Totals } from './totals';

const FIRST_ENTRIES = 100;

async function scan(mode: string, path: string, operator: string, key: string | undefined): Promise<Totals> {
  const totals = new Totals();
  const snapshot = await openSnapshot(path, nodeFileStore);
  const keys = key === undefined ? null : new KeyLookups(key);
  const query: EntryQuery = {
    operator: (o) => isOperator(o, operator),
    ...(keys !== null && { keyGroup: (o: SnapshotOperator, part: StatePart) => keys.keyGroup(o, part) }),
  };
  const failed = ({ error }: { error: Error }) => {
    throw error;
  };
  try {
    for await (const batch of snapshotEntries(snapshot, query, failed)) {
      if (batch.unread.length > 0) throw new Error(`Unread: ${batch.unread[0].reason}`);
      const wanted = keys === null ? null : keys.of(batch.operator, batch.part);
      for (const entry of batch.entries) {
        if (wanted !== null && (entry.key === null || !wanted.matches(entry.key))) continue;
        totals.add(entry, decodeEntry(entry));
        if (mode === 'first' && totals.entries === FIRST_ENTRIES) return totals;
      }
    }
  } finally {
    await snapshot.close();
  }
  return totals;
}

const [mode, path, operator, key] = process.argv.slice(2);
scan(mode, path, operator, key).then((totals) => process.stdout.write(`${JSON.stringify({ totals })}\n`));
