import type { HealthFinding } from '../engine/health/finding';
import { fill, formatBytes, formatCount, type SizeUnits } from './format';
import type { HealthStrings } from './healthStrings';

export interface HealthText {
  text: string;
  advice: string | null;
  /** The button that mends it. */
  remedy: string | null;
}

/** A finding in words. */
export function healthText(
  { code, severity, values, problem, remedy }: HealthFinding,
  { findings, remedies }: HealthStrings,
  { sizeUnits, locale }: { sizeUnits: SizeUnits; locale: string },
): HealthText {
  const { one, many, advice } = findings[code];
  const shown = values.map((value) => {
    if (typeof value === 'string') return value;
    if (code === 'IN_FLIGHT') return formatBytes(value, sizeUnits, locale);
    return Number.isInteger(value)
      ? formatCount(value, locale)
      : value.toLocaleString(locale, { maximumFractionDigits: 1 });
  });
  const template = isSingle(code, severity, values) ? one : (many ?? one);
  return {
    text: problem?.message ?? fill(template, ...shown),
    advice: problem?.hint ?? advice ?? null,
    remedy: remedy === null ? null : remedies[remedy],
  };
}

function isSingle(
  code: HealthFinding['code'],
  severity: HealthFinding['severity'],
  values: HealthFinding['values'],
): boolean {
  // Of versions the second one counts, of a verification the outcome.
  if (code === 'RESTORABLE') return values.length === 1;
  if (code === 'VERIFIED') return severity === 'ok';
  return values[0] === 1;
}
