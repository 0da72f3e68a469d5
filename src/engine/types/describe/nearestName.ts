/** Names that are so far from what was written that nobody can have meant them are not offered. */
const FARTHEST = 3;
const MOST_OFFERED = 3;

/** The names that are nearest to what was written, nearest first: at most three, and none that is only vaguely like it. */
export function nearestNames(written: string, names: Iterable<string>): string[] {
  const wanted = written.toLowerCase();
  const found: { name: string; distance: number }[] = [];
  for (const name of names) {
    const known = name.toLowerCase();
    const distance = known.startsWith(wanted) && wanted.length > 2 ? 1 : editDistance(wanted, known);
    if (distance <= Math.min(FARTHEST, Math.floor(Math.max(wanted.length, 2) / 2))) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length);
  return found.slice(0, MOST_OFFERED).map(({ name }) => name);
}

/** ` Did you mean list or set?`, or nothing. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const nearest = nearestNames(written, names);
  return nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > FARTHEST) return FARTHEST + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(row[j - 1] + 1, last[j] + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2] + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
