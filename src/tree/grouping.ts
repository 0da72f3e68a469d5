import type { Classified } from '../worker/workerProtocol';

/** A file named `_metadata` and what it turned out to be. */
export interface FoundFile {
  /** Absolute path of the file. */
  path: string;
  /** Milliseconds since the epoch. */
  modified: number;
  is: Classified;
}

/** Checkpoints of one job, as Flink lays them out: `…/<job id>/chk-N`, beside `shared` and `taskowned`. */
export interface FoundJob {
  jobId: string;
  folder: string;
  modified: number;
  /** The highest number first. */
  checkpoints: FoundFile[];
}

export interface Grouped {
  /** Newest first; a job is as new as its newest checkpoint. */
  entries: (FoundFile | FoundJob)[];
  /** Named like a snapshot's metadata, but another program's. */
  others: FoundFile[];
}

const JOB_ID = /^[0-9a-f]{32}$/;
const CHECKPOINT = /^chk-(\d+)$/;
/** Folders of a job that hold files of several checkpoints; nothing in them is a snapshot. */
const SHARED_FOLDERS = new Set(['shared', 'taskowned']);

export const isJob = (entry: FoundFile | FoundJob): entry is FoundJob => 'checkpoints' in entry;

/** Sorts what was found in a workspace into savepoints and jobs with their checkpoints. */
export function groupSnapshots(found: readonly FoundFile[]): Grouped {
  const jobs = new Map<string, FoundJob>();
  const entries: (FoundFile | FoundJob)[] = [];
  const others: FoundFile[] = [];
  for (const file of found) {
    const parts = file.path.split(/[\\/]/);
    const folder = parts.at(-2) ?? '';
    if (SHARED_FOLDERS.has(folder)) continue;
    // An empty file is a snapshot that was never finished; a person should hear of it.
    if (file.is.is === 'other' && file.is.what !== 'empty') {
      others.push(file);
      continue;
    }
    const jobId = parts.at(-3) ?? '';
    if (!CHECKPOINT.test(folder) || !JOB_ID.test(jobId)) {
      entries.push(file);
      continue;
    }
    const jobFolder = file.path.slice(0, file.path.length - folder.length - '_metadata'.length - 2);
    let job = jobs.get(jobFolder);
    if (job === undefined) {
      job = { jobId, folder: jobFolder, modified: 0, checkpoints: [] };
      jobs.set(jobFolder, job);
      entries.push(job);
    }
    job.checkpoints.push(file);
    job.modified = Math.max(job.modified, file.modified);
  }
  for (const job of jobs.values()) job.checkpoints.sort((a, b) => checkpointNumber(b.path) - checkpointNumber(a.path));
  entries.sort((a, b) => b.modified - a.modified || comparePaths(pathOf(a), pathOf(b)));
  others.sort((a, b) => comparePaths(a.path, b.path));
  return { entries, others };
}

const pathOf = (entry: FoundFile | FoundJob): string => (isJob(entry) ? entry.folder : entry.path);
const comparePaths = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function checkpointNumber(path: string): number {
  return Number(CHECKPOINT.exec(path.split(/[\\/]/).at(-2) ?? '')?.[1] ?? -1);
}
