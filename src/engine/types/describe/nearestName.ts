import { distance } from '../../json/closest';

/** Names that are so far from what was written that nobody can have meant them are not offered. */
const FARTHEST = 3;
const MOST_OFFERED = 3;

/** The names that are nearest to what was written, nearest first: at most three, and none that is only vaguely like it. */
function nearestNames(written: string, names: Iterable<string>): string[] {
  const wanted = written.toLowerCase();
  const found: { name: string; steps: number }[] = [];
  for (const name of names) {
    const known = name.toLowerCase();
    const steps = known.startsWith(wanted) && wanted.length > 2 ? 1 : distance(wanted, known);
    if (steps <= Math.min(FARTHEST, Math.floor(Math.max(wanted.length, 2) / 2))) found.push({ name, steps });
  }
  found.sort((a, b) => a.steps - b.steps || a.name.length - b.name.length);
  return found.slice(0, MOST_OFFERED).map(({ name }) => name);
}

/** ` Did you mean list or set?`, or nothing. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const nearest = nearestNames(written, names);
  return nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
}
