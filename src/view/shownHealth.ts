import type { Problem } from '../engine/description';
import type { HealthFinding } from '../engine/health/finding';
import type { GivenName } from './givenNames';

/** What a page is told beside the description: the names of the workspace, and what stands in the way of a restore. */
export interface HealthNews {
  /** By operator id. */
  names: readonly (readonly [id: string, name: GivenName])[];
  /** From the description alone. */
  findings: readonly HealthFinding[];
  verification: VerificationNews;
}

/** How far the reading of everything is. */
export interface VerificationNews {
  phase: 'none' | 'running' | 'stopped' | 'done' | 'failed';
  /** Entries that were read. */
  entries: number;
  /** Bytes that were read, compressed as they lie on the disk. */
  bytesRead: number;
  /** What was found beyond the description. */
  findings: readonly HealthFinding[];
  /** Why it failed. */
  problem: Problem | null;
}

/** What the engine tells while it reads. */
export type VerificationProgress = Pick<VerificationNews, 'entries' | 'bytesRead'>;

/** What the engine tells at the end. */
export type VerificationResult = VerificationProgress & Pick<VerificationNews, 'findings'>;
