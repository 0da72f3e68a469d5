import { printJson } from '../engine/json/printJson';
import type { SnapshotStats } from '../engine/stats/statsModel';
import { plainJson } from './plainJson';

/** The names of the engine's model are those of the output. */
export const statsJson = (path: string, stats: SnapshotStats): string =>
  `${printJson(plainJson({ path, ...stats }))}\n`;
