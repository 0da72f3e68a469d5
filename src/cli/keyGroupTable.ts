import { keyGroupRange } from '../engine/keyGroups';

/** Rows of a table; more subtasks share them. */
const MOST_ROWS = 16;

/** How entries are spread over key groups and subtasks: a row for each subtask, or for each stretch of them, and what stands out. */
export function keyGroupTable(entries: readonly number[], parallelism: number): string[] {
  const subtasks = Array.from({ length: parallelism }, (_, subtask) => {
    const { start, end } = keyGroupRange(subtask, entries.length, parallelism);
    return { start, end, entries: sum(entries.slice(start, end + 1)) };
  });
  const mean = sum(entries) / parallelism;
  const each = Math.ceil(parallelism / MOST_ROWS);
  const rows = [['subtask', 'key groups', 'entries', 'of the mean']];
  for (let first = 0; first < parallelism; first += each) {
    const last = Math.min(first + each, parallelism) - 1;
    const some = subtasks.slice(first, last + 1);
    const total = sum(some.map((subtask) => subtask.entries));
    rows.push([
      range(first, last),
      range(subtasks[first].start, subtasks[last].end),
      String(total),
      ratio(total / some.length, mean),
    ]);
  }
  const counts = subtasks.map((subtask) => subtask.entries);
  const empty = entries.filter((count) => count === 0).length;
  return [
    ...aligned(rows),
    `fullest subtask: ${fullest(counts, mean)}; fullest key group: ${fullest(entries, sum(entries) / entries.length)}` +
      (empty > 0 ? `; ${empty} key groups are empty` : ''),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const range = (first: number, last: number): string =>
  first === last ? `${first}` : last < first ? 'none' : `${first}-${last}`;
const ratio = (of: number, mean: number): string => (mean === 0 ? '-' : (of / mean).toFixed(2));

function fullest(counts: readonly number[], mean: number): string {
  let most = 0;
  counts.forEach((count, i) => {
    if (count > counts[most]) most = i;
  });
  return `${most} with ${counts[most]}, ${ratio(counts[most], mean)} times the mean`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  '));
}
