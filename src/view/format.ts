/** Sizes in powers of 1000 (kB, MB: as disks and most tools count) or of 1024 (KiB, MiB). */
export type SizeUnits = 'decimal' | 'binary';

const NAMES: Record<SizeUnits, { base: number; units: readonly string[] }> = {
  decimal: { base: 1000, units: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] },
  binary: { base: 1024, units: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] },
};

/**
 * Three significant digits at most: `0 B`, `999 B`, `1.03 GB`, `741 MB`. Rounding never shows `1000 kB`. A locale's own
 * decimal sign is used, no digit grouping is needed below 1024.
 */
export function formatBytes(bytes: number, units: SizeUnits = 'decimal', locale = 'en'): string {
  const { base, units: names } = NAMES[units];
  let unit = 0;
  let value = bytes;
  while (unit < names.length - 1 && roundTo3(value) >= base) {
    value /= base;
    unit++;
  }
  const rounded = unit === 0 ? value : roundTo3(value);
  return `${rounded.toLocaleString(locale, { maximumFractionDigits: 2, useGrouping: rounded >= 10_000 })}\u00a0${names[unit]}`;
}

function roundTo3(value: number): number {
  if (value >= 100) return Math.round(value);
  return value >= 10 ? Math.round(value * 10) / 10 : Math.round(value * 100) / 100;
}

/** All digits, grouped: `1,034,567`. */
export function formatCount(count: number | bigint, locale = 'en'): string {
  return count.toLocaleString(locale);
}

/** A part of a whole: `72 %`, `< 1 %` for what is there but small, `0 %` for nothing. */
export function formatShare(part: number, whole: number, locale = 'en'): string {
  if (whole <= 0 || part <= 0) return (0).toLocaleString(locale, { style: 'percent' });
  const share = part / whole;
  if (share < 0.01) return `< ${(0.01).toLocaleString(locale, { style: 'percent' })}`;
  // 99.7 % of the bytes is not all of them.
  return (share < 1 ? Math.min(share, 0.99) : 1).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });
}

/** Fills `{0}`, `{1}` … of a localised text. */
export function fill(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** First and last digits of an operator id: enough to recognise it, short enough to stand beside a name. */
export function shortId(id: string): string {
  return /^[0-9a-f]{32}$/i.test(id) ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}
