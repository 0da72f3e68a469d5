import type { Portion } from '../engine/stats/statsModel';

/** One or several neighbours of a picture: all from `first` to `last`. */
export interface Bar {
  first: number;
  last: number;
  entries: number;
  bytes: number;
}

/** All of `count` subtasks or key groups as at most so many bars, each of about as many of them as the others. */
export function portionBars(portions: readonly Portion[], count: number, most: number): Bar[] {
  const bars = Math.min(count, most);
  const found = Array.from({ length: bars }, (_, i): Bar => {
    const first = Math.ceil((i * count) / bars);
    return { first, last: Math.ceil(((i + 1) * count) / bars) - 1, entries: 0, bytes: 0 };
  });
  for (const { number, entries, bytes } of portions) {
    // Hostile entries may claim numbers that there are not.
    const bar = found[Math.min(bars - 1, Math.floor((number * bars) / count))];
    if (bar === undefined) continue;
    bar.entries += entries;
    bar.bytes += bytes;
  }
  return found;
}
