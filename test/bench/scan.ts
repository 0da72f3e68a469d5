// scan.js scan|first|key PATH OPERATOR [KEY]: reads a snapshot of test/flink/bench.sh with the engine, decodes every value,
// and prints the totals as JSON, and the seconds from before the snapshot was opened to the answer. A scan is shared out to threads, as the command line does it.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { StatePart } from '../../src/engine/backends/part';
import { SlicedEntry } from '../../src/engine/backends/slicedEntry';
import { EntryDecoder } from '../../src/engine/decodeEntry';
import { type EntryQuery, isOperator, snapshotEntries } from '../../src/engine/entries';
import { KeyLookups } from '../../src/engine/query/lookup';
import type { Share } from '../../src/engine/shares';
import { openSnapshot, type Snapshot, type SnapshotOperator } from '../../src/engine/snapshot';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { inThreads } from '../../src/threads/inThreads';
import { runInThread } from '../../src/threads/runInThread';
import { sharesForThreads, threadsForAll } from '../../src/threads/sharesForThreads';
import { tuneCollector } from '../../src/threads/tuneCollector';
import { sumOf, Totals, type TotalsJson } from './totals';

const FIRST_ENTRIES = 100;

interface Task {
  readonly path: string;
  readonly operator: string;
}

/** Adds up what a query finds, entries up to a limit. */
async function read(snapshot: Snapshot, query: EntryQuery, totals: Totals, keys: KeyLookups | null, limit: number) {
  const failed = ({ error }: { error: Error }) => {
    throw error;
  };
  const decoder = new EntryDecoder();
  let left = limit;
  for await (const batch of snapshotEntries(snapshot, query, failed)) {
    if (batch.unread.length > 0) throw new Error(`Unread: ${batch.unread[0].reason}`);
    const wanted = keys === null ? null : keys.of(batch.operator, batch.part);
    for (const entry of batch.entries) {
      if (wanted !== null && !SlicedEntry.of(entry).hasKey(wanted.bytes)) continue;
      totals.add(entry, decoder.decode(entry));
      if (--left === 0) return;
    }
  }
}

async function run(mode: string, { path, operator }: Task, key: string | undefined): Promise<TotalsJson | Totals> {
  const snapshot = await openSnapshot(path, nodeFileStore);
  try {
    const threads = mode === 'scan' ? threadsForAll(snapshot) : 1;
    if (threads > 1) {
      const shares: TotalsJson[] = [];
      await inThreads<Share, TotalsJson>(
        { script: __filename, count: threads, data: { path, operator } satisfies Task },
        sharesForThreads(snapshot, threads),
        (totals) => void shares.push(totals),
      );
      return sumOf(shares);
    }
    const keys = key === undefined ? null : new KeyLookups(key);
    const query: EntryQuery = {
      operator: (o) => isOperator(o, operator),
      ...(keys !== null && {
        keyGroup: (o: SnapshotOperator, part: StatePart) => keys.keyGroup(o, part),
        key: (o: SnapshotOperator, part: StatePart) => keys.of(o, part)?.bytes ?? null,
      }),
    };
    const totals = new Totals();
    await read(snapshot, query, totals, keys, mode === 'first' ? FIRST_ENTRIES : Number.POSITIVE_INFINITY);
    return totals;
  } finally {
    await snapshot.close();
  }
}

/** In a thread: the totals of each share. */
async function startShares(send: (totals: TotalsJson) => void, { path, operator }: Task) {
  const snapshot = await openSnapshot(path, nodeFileStore);
  return {
    do: async (share: Share) => {
      const totals = new Totals();
      const query = { operator: (o: SnapshotOperator) => isOperator(o, operator), share };
      await read(snapshot, query, totals, null, Number.POSITIVE_INFINITY);
      send(JSON.parse(JSON.stringify(totals)));
    },
    close: () => snapshot.close(),
  };
}

if (isMainThread) {
  const [mode, path, operator, key] = process.argv.slice(2);
  tuneCollector();
  const start = performance.now();
  run(mode, { path, operator }, key).then((totals) => {
    const insideSeconds = (performance.now() - start) / 1000;
    process.stdout.write(`${JSON.stringify({ totals, insideSeconds })}\n`);
  });
} else if (parentPort !== null) {
  runInThread<Share, TotalsJson>(parentPort, (send) => startShares(send, workerData));
}
