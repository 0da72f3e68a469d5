const UNITS = [
  ['day', 86_400_000n],
  ['hour', 3_600_000n],
  ['minute', 60_000n],
  ['second', 1000n],
  ['millisecond', 1n],
] as const;

/** A length of time by its two largest units: `5 hr 27 min`, `3 days`, `0 ms`, in the words of a locale. */
export function formatDuration(millis: bigint, locale = 'en'): string {
  const format = (unit: (typeof UNITS)[number][0], count: bigint): string =>
    count.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'short' });
  const first = UNITS.findIndex(([, size]) => millis >= size);
  const largest = UNITS[first];
  if (largest === undefined) return format('millisecond', millis);
  const texts = [format(largest[0], millis / largest[1])];
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0n : (millis % largest[1]) / next[1];
  if (next !== undefined && rest > 0n) texts.push(format(next[0], rest));
  return texts.join(' ');
}
