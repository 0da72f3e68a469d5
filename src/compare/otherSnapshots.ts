import * as path from 'node:path';

/** A snapshot that may be compared with one that is given. */
export interface Candidate {
  /** Its `_metadata`, or its single file (Flink 1.2). */
  file: string;
  /** When it was written, in milliseconds; 0 where nobody knows. */
  modified: number;
}

export interface CandidateGroup {
  where: 'neighbours' | 'open' | 'workspace' | 'recent';
  candidates: Candidate[];
}

export interface KnownSnapshots {
  /** Of the folder that holds the given one. */
  neighbours: readonly Candidate[];
  open: readonly Candidate[];
  workspace: readonly Candidate[];
  recent: readonly Candidate[];
}

/** What to offer beside a snapshot: its neighbours first, each file once, the newest of each group first. */
export function candidatesFor(file: string, known: KnownSnapshots): CandidateGroup[] {
  const told = new Set([path.resolve(file)]);
  const groups: CandidateGroup[] = [];
  for (const where of ['neighbours', 'open', 'workspace', 'recent'] as const) {
    const candidates: Candidate[] = [];
    for (const candidate of known[where]) {
      const resolved = path.resolve(candidate.file);
      if (told.has(resolved)) continue;
      told.add(resolved);
      candidates.push(candidate);
    }
    // Those looked at last stand first already.
    if (where !== 'recent') candidates.sort((a, b) => b.modified - a.modified || (a.file < b.file ? -1 : 1));
    if (candidates.length > 0) groups.push({ where, candidates });
  }
  return groups;
}

/** The older one is before. */
export function inOrder(a: Candidate, b: Candidate): { before: string; after: string } {
  const isInOrder = a.modified <= b.modified || a.modified === 0 || b.modified === 0;
  return isInOrder ? { before: a.file, after: b.file } : { before: b.file, after: a.file };
}
