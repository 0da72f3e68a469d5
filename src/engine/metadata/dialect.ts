import type { MetadataVersion } from './model';

/**
 * What differs between files without the version telling it. Version 3 was written by Flink 1.11 to 1.15, and two of its
 * layouts changed in that time while the version stayed. A file of version 3 is read in each dialect in turn; the first one
 * that consumes it to its last byte is the one it was written in.
 */
export interface Dialect {
  version: MetadataVersion;
  /** Channel state handles begin with the subtask index (FLINK-19533, since 1.12). */
  channelSubtask: boolean;
  /** Handle types 8, 9 and 10 carry a checkpointed size, a materialization id and a state handle id (since 1.15). */
  changelogIds: boolean;
}

const CURRENT = { channelSubtask: true, changelogIds: true };

/** Dialects of a version, the likeliest first. Flink 1.11 has no changelog, so its two peculiarities never meet. */
export function dialectsOf(version: MetadataVersion): Dialect[] {
  const current: Dialect = { version, ...CURRENT };
  if (version !== 3) return [current];
  return [current, { ...current, changelogIds: false }, { ...current, channelSubtask: false }];
}
