import type { Problem } from '../engine/description';
import type { MetadataVersion } from '../engine/metadata/model';
import { applyPlan } from '../engine/plan/applyPlan';
import type { Plan } from '../engine/plan/plan';
import { planPaths } from '../engine/plan/planPaths';
import type { PlanReport } from '../engine/plan/planReport';
import { checkSteps, countRows, type PreparedPlan, preparePlan } from '../engine/plan/preparePlan';
import { readPlan } from '../engine/plan/readPlan';
import { planReport } from '../engine/plan/reportPlan';
import { openSnapshot } from '../engine/snapshot';
import type { FileStore } from '../engine/storage/byteSource';
import type { OutputFolder } from '../engine/storage/outputFolder';
import { copySnapshot } from '../engine/write/copySnapshot';
import type { KeyedThreads } from '../engine/write/keyed/keyedJob';
import { mayHaveOldForms } from '../engine/write/metadataVersions';
import type { WriteProgress } from '../engine/write/snapshotDraft';
import { PROGRAM } from '../program';
import { isCancelled, toProblem } from '../rpc/problem';
import type { PlanProgress, PlanSource, Written } from '../view/planWork';

/** A sign of progress at most so often. */
const PROGRESS_EVERY_MS = 200;

type Tell = (progress: PlanProgress) => void;

/** What writing needs beyond the files that are read. */
export interface WritingPlaces {
  createFolder(path: string): Promise<OutputFolder>;
  /** Threads for keyed state; null where this one is to do it all. */
  threads: KeyedThreads | null;
}

/** What is wrong with a plan, found without reading entries. Empty where nothing is. */
export async function checkPlan(source: PlanSource, store: FileStore, signal: AbortSignal): Promise<Problem[]> {
  try {
    return (await checkSteps(planOf(source, store), store, signal)).map(toProblem);
  } catch (e) {
    if (isCancelled(e)) throw e;
    return [toProblem(e)];
  }
}

/** Everything but the writing. */
export async function dryRun(
  source: PlanSource,
  store: FileStore,
  { threads }: WritingPlaces,
  signal: AbortSignal,
  tell: Tell,
): Promise<PlanReport> {
  const clock = new Clock(tell);
  try {
    const prepared = await preparePlan(planOf(source, store), store, { signal, threads });
    try {
      await countRows(prepared, signal);
      return planReport(prepared);
    } finally {
      await prepared.close();
    }
  } finally {
    clock.stop();
  }
}

/** Does what a plan says into the folder `out`, which must be new or empty; of a failure nothing is left. */
export async function runPlan(
  source: PlanSource & { out: string; copies?: boolean },
  store: FileStore,
  { createFolder, threads }: WritingPlaces,
  signal: AbortSignal,
  tell: Tell,
): Promise<Written> {
  const clock = new Clock(tell);
  try {
    const prepared = await preparePlan(planOf(source, store), store, { signal, threads, counts: false });
    try {
      const output = await createFolder(source.out);
      clock.stage = 'write';
      clock.entries = entriesToWrite(prepared);
      const proof = await applyPlan(prepared, output, store, {
        signal,
        threads: threads ?? undefined,
        copies: source.copies,
        progress: (progress) => clock.advance(progress),
        record: { program: PROGRAM, plan: source.text },
      });
      return { path: output.path, proof: { ...proof } };
    } finally {
      await prepared.close();
    }
  } finally {
    clock.stop();
  }
}

/** Keyed entries of the state that is written anew, as the check found them. */
function entriesToWrite({ operators }: PreparedPlan): number {
  return operators.reduce(
    (sum, { rewrite, outcome }) => sum + (rewrite === null ? 0 : (outcome?.after.entries ?? 0)),
    0,
  );
}

/** A self-contained copy of the snapshot at `path`. */
export async function runCopy(
  { path, out, metadataVersion }: { path: string; out: string; metadataVersion: MetadataVersion | null },
  store: FileStore,
  places: WritingPlaces,
  signal: AbortSignal,
  tell: Tell,
): Promise<Written> {
  const { createFolder } = places;
  const clock = new Clock(tell);
  try {
    const snapshot = await openSnapshot(path, store, { signal });
    try {
      if (mayHaveOldForms(snapshot.metadata.version, metadataVersion)) {
        const text = JSON.stringify({ from: path, metadataVersion, steps: [] });
        return await runPlan({ text, file: path, out, copies: true }, store, places, signal, tell);
      }
      const output = await createFolder(out);
      clock.stage = 'write';
      const proof = await copySnapshot(snapshot, output, store, {
        metadataVersion: metadataVersion ?? undefined,
        program: PROGRAM,
        signal,
        progress: (progress) => clock.advance(progress),
      });
      const { operators, comparedBytes } = proof;
      return { path: output.path, proof: { operators, carriedBytes: comparedBytes } };
    } finally {
      await snapshot.close();
    }
  } finally {
    clock.stop();
  }
}

function planOf({ text, file }: PlanSource, store: FileStore): Plan {
  return planPaths(readPlan(text, file), store.parent(file), store);
}

/** Tells how far the work has come, now and then and also while there is no news, so that whoever waits sees it live. */
class Clock {
  stage: PlanProgress['stage'] = 'check';
  /** Known when the plan was checked. */
  entries = 0;
  private readonly start = performance.now();
  private readonly timer: NodeJS.Timeout;
  private bytes = 0;
  private totalBytes = 0;

  constructor(private readonly send: Tell) {
    this.timer = setInterval(() => this.tell(), PROGRESS_EVERY_MS);
  }

  advance({ bytes, totalBytes }: WriteProgress): void {
    this.bytes = bytes;
    this.totalBytes = totalBytes;
    // What follows the last byte is reading all of them back.
    this.stage = bytes < totalBytes ? 'write' : 'prove';
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tell(): void {
    const { stage, bytes, totalBytes, entries } = this;
    this.send({ stage, millis: Math.round(performance.now() - this.start), bytes, totalBytes, entries });
  }
}
