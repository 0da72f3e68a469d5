// What benchmarks print.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Objects with the same keys, as a table; the first three columns are words, the others numbers. */
export function printRows(printed) {
  const columns = Object.keys(printed[0]);
  const width = (column) => Math.max(column.length, ...printed.map((row) => row[column].length));
  const line = (cells) =>
    cells.map((cell, i) => (i < 3 ? cell.padEnd : cell.padStart).call(cell, width(columns[i]))).join('  ');
  console.log(line(columns));
  for (const row of printed) console.log(line(columns.map((column) => row[column])));
}
