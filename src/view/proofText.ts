import { formatBytes, formatCount, type SizeUnits } from './format';
import type { Translate } from './translate';

/** What reading a new snapshot back proved, in words; counts that a newer release adds are left out. */
export function proofText(
  proof: Readonly<Record<string, number>>,
  t: Translate,
  units: SizeUnits,
  locale: string,
): string {
  const { operators, carriedBytes, keyGroupBytes, entries, keysChecked, statesUntouched } = proof;
  const count = (n: number): string => formatCount(n, locale);
  const parts = [
    operators === undefined
      ? null
      : operators === 1
        ? t('1 operator read back')
        : t('{0} operators read back', count(operators)),
    carriedBytes === undefined || carriedBytes === 0
      ? null
      : t('{0} of files the same as in the source', formatBytes(carriedBytes, units, locale)),
    keyGroupBytes === undefined || keyGroupBytes === 0
      ? null
      : t('{0} of key groups the same as in the source', formatBytes(keyGroupBytes, units, locale)),
    entries === undefined || entries === 0 ? null : t('{0} entries written anew', count(entries)),
    keysChecked === undefined || keysChecked === 0
      ? null
      : t('the key group of {0} computed from their keys', count(keysChecked)),
    statesUntouched === undefined || statesUntouched === 0
      ? null
      : t('{0} states the same entry by entry', count(statesUntouched)),
  ];
  return parts.filter((part) => part !== null).join(', ');
}
