import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';

/** Paths that are named; of more, the first ones. */
const MOST_PATHS = 20;
/** Maps and sets whose order says nothing. */
const UNORDERED = ['$map', '$set'];

/**
 * Where two values in their JSON form differ: `amount`, `items[2].price`; an empty path is the whole value. Fields of an
 * object, and the entries of maps and sets, may come in any order.
 */
export function differingPaths(a: Json, b: Json): string[] {
  const paths: string[] = [];
  compare(a, b, '', paths);
  return paths;
}

function compare(a: Json | undefined, b: Json | undefined, path: string, paths: string[]): void {
  if (paths.length >= MOST_PATHS) return;
  if (a instanceof Map && b instanceof Map) {
    for (const name of new Set([...a.keys(), ...b.keys()])) {
      const [x, y] = [a.get(name), b.get(name)];
      if (UNORDERED.includes(name) && Array.isArray(x) && Array.isArray(y)) {
        if (printJson(sorted(x)) !== printJson(sorted(y))) paths.push(path);
      } else compare(x, y, path === '' ? name : `${path}.${name}`, paths);
    }
  } else if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) compare(a[i], b[i], `${path}[${i}]`, paths);
  } else if (!isSame(a, b)) paths.push(path);
}

function sorted(items: readonly Json[]): Json[] {
  return [...items].sort((x, y) => (printJson(x) < printJson(y) ? -1 : 1));
}

/** A number and an integer of the same amount are not the same: one is a double, the other a long. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return printJson(a) === printJson(b);
}
