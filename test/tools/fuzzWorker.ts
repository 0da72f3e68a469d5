import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { complaintAbout, type FuzzTarget, SnapshotFuzz } from '../engine/proof/snapshotFuzz';
import { complaintAboutValue, typeSamples, valueCase } from '../engine/proof/valueFuzz';

/** Values are damaged that many times for each snapshot that is: one takes a thousandth of the time. */
const VALUES_PER_SNAPSHOT = 1000;
/** Memory that one case may take beyond what was taken before, in bytes. */
const MEMORY = 512 * 1024 * 1024;

interface Orders {
  fixtures: string;
  seed: number;
  /** Number of the first case. */
  from: number;
}

/** What the thread tells: that it begins a case, and what was wrong with one, with the bytes that it was given. */
export type Told =
  | { kind: 'begin'; run: number }
  | { kind: 'values'; cases: number }
  | { kind: 'failed'; run: number; complaint: string; done: string[]; files: [name: string, bytes: Uint8Array][] };

const { fixtures, seed, from } = workerData as Orders;
const tell = (told: Told): void => parentPort?.postMessage(told);

function targets(): FuzzTarget[] {
  const listed = JSON.parse(readFileSync(path.join(fixtures, 'index.json'), 'utf8')) as {
    name: string;
    snapshot: string;
  }[];
  return listed.map(({ name, snapshot }) => {
    const at = path.join(fixtures, snapshot);
    return { path: at, metadataPath: path.join(at, '_metadata'), folder: path.join(fixtures, name) };
  });
}

const highWater = (): number => process.resourceUsage().maxRSS * 1024;

async function main(): Promise<void> {
  const all = targets();
  const fuzz = new SnapshotFuzz(all, seed);
  const samples = await typeSamples(all.map((target) => target.path));
  for (let run = from; ; run++) {
    tell({ kind: 'begin', run });
    const before = highWater();
    const fuzzed = fuzz.case(run);
    let complaint = await complaintAbout(fuzzed);
    const grown = highWater() - before;
    if (complaint === null && grown > MEMORY) complaint = `Memory grew by ${Math.round(grown / 1024 / 1024)} MB.`;
    if (complaint !== null) {
      const { done } = fuzzed.mutated;
      tell({ kind: 'failed', run, complaint, done, files: [...fuzzed.store.files] });
    }
    for (let i = 0; i < VALUES_PER_SNAPSHOT; i++) {
      const value = valueCase(samples, seed, run * VALUES_PER_SNAPSHOT + i);
      const wrong = complaintAboutValue(value);
      if (wrong === null) continue;
      tell({
        kind: 'failed',
        run,
        complaint: `${value.type}: ${wrong}`,
        done: value.done,
        files: [['value', value.bytes]],
      });
    }
    tell({ kind: 'values', cases: VALUES_PER_SNAPSHOT });
  }
}

void main();
