import type { Json } from '../engine/json/jsonValue';
import type { ColumnReport, RowsReport } from '../engine/plan/planReport';

const object = (fields: Record<string, Json>): Json => new Map(Object.entries(fields));
const count = (n: number): Json => BigInt(n);

/** Rows that become entries, as JSON. */
export function rowsJson({ data, states, looked, columns, samples, counts, badRows }: RowsReport): Json {
  return object({
    data,
    states,
    looked: count(looked),
    columns: columns.map(columnJson),
    samples: samples.map(({ state, key, after }) => object({ state, key, after })),
    counts:
      counts === null
        ? null
        : object({
            rows: count(counts.rows),
            leftOut: count(counts.leftOut),
            bad: count(counts.bad),
            entries: object(Object.fromEntries(counts.entries.map(({ state, entries }) => [state, count(entries)]))),
            merged:
              counts.merged === null
                ? null
                : object({ replaced: count(counts.merged.replaced), kept: count(counts.merged.kept) }),
          }),
    badRows,
  });
}

export const columnJson = ({ name, type, hasNulls, samples }: ColumnReport): Json =>
  object({ name, type, hasNulls, samples });

/** The same as text. */
export function rowsLines({ data, looked, columns, samples, counts, badRows }: RowsReport): string[] {
  const lines = [`rows of ${data}`, ...columnLines(columns, looked).map((line) => `  ${line}`)];
  for (const { state, key, after } of samples) lines.push(`  ${state}: ${key} -> ${after ?? '(none)'}`);
  if (counts !== null) {
    const { rows, leftOut, bad, entries, merged } = counts;
    const more = `${leftOut > 0 ? `, ${leftOut} left out by "where"` : ''}${bad > 0 ? `, ${bad} bad ones left out` : ''}`;
    lines.push(`  ${rows} rows${more}`);
    for (const { state, entries: made } of entries) lines.push(`  ${state}: ${made} entries of rows`);
    if (merged !== null && merged.replaced + merged.kept > 0) {
      lines.push(`  ${merged.replaced} entries of the operator replaced, ${merged.kept} kept`);
    }
  }
  return [...lines, ...badRows.map((row) => `  left out: ${row}`)];
}

/** A line for each column: its name, its type as the first rows show it, and some values. */
export function columnLines(columns: readonly ColumnReport[], looked: number): string[] {
  const width = Math.max(0, ...columns.map(({ name }) => name.length));
  return [
    `columns by the first ${looked} rows:`,
    ...columns.map(
      ({ name, type, hasNulls, samples }) =>
        `  ${name.padEnd(width)}  ${type}${hasNulls ? ', some empty' : ''}  ${samples.join(' | ')}`,
    ),
  ];
}
