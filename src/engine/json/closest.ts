/** The name that somebody who wrote `given` most likely meant; null where none is near. */
export function closest(given: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.floor(given.length / 3) + 1;
  for (const name of names.slice(0, MAX_NAMES)) {
    if (Math.abs(name.length - given.length) > least) continue;
    const steps = distance(given.toLowerCase(), name.toLowerCase());
    if (steps > least || (steps === least && best !== null)) continue;
    [best, least] = [name, steps];
  }
  return best;
}

/** `did you mean "amount"?`, or what there is. */
export function suggestion(given: string, names: readonly string[]): string {
  const near = closest(given, names);
  if (near !== null) return `Did you mean ${JSON.stringify(near)}?`;
  if (names.length === 0) return 'There are none.';
  const shown = names.slice(0, MAX_SHOWN).map((name) => JSON.stringify(name));
  return `There are ${shown.join(', ')}${names.length > MAX_SHOWN ? ' …' : ''}.`;
}

const MAX_SHOWN = 12;
/** Names that are compared, and letters of each. */
const MAX_NAMES = 1000;
const MAX_LETTERS = 60;

/** Letters to insert, remove, replace or swap with their neighbour. */
export function distance(a: string, b: string): number {
  if (a.length > MAX_LETTERS || b.length > MAX_LETTERS) return a === b ? 0 : MAX_LETTERS;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2] + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
