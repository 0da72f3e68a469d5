import type { Times } from '../../src/engine/stats/timeHistogram';

/** A stretch of time in a picture: from `from` up to, and without, `to`. */
export interface TimeColumn {
  from: bigint;
  to: bigint;
  count: number;
}

const MOST_COLUMNS = 64;

/** Points in time as columns without a gap, of one width; those that are no points in time are told apart. */
export function timeColumns({ bins, width, count }: Times): { columns: TimeColumn[]; never: number } {
  const [first, last] = [bins[0], bins.at(-1)];
  const timed = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (first === undefined || last === undefined) return { columns: [], never: count };
  const steps = (last.from - first.from) / width + 1n;
  const each = (steps + BigInt(MOST_COLUMNS) - 1n) / BigInt(MOST_COLUMNS);
  const wide = width * each;
  const columns = Array.from({ length: Number((steps + each - 1n) / each) }, (_, i): TimeColumn => {
    const from = first.from + BigInt(i) * wide;
    return { from, to: from + wide, count: 0 };
  });
  for (const bin of bins) {
    const column = columns[Number((bin.from - first.from) / wide)];
    if (column !== undefined) column.count += bin.count;
  }
  return { columns, never: count - timed };
}
