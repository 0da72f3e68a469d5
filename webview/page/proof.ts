import { fill } from '../../src/view/format';
import type { PageWords } from '../context';
import { h } from '../dom';

/** What reading a snapshot back proved, a line each. Counts that are nothing, and those of a newer release, are left out. */
export function proofLines(context: PageWords, proof: Readonly<Record<string, number>>): HTMLElement[] {
  const { strings, count, bytes } = context;
  const lines: [string, string, (n: number) => string][] = [
    ['operators', proof['operators'] === 1 ? strings.provedOneOperator : strings.provedOperators, count],
    ['carriedBytes', strings.provedBytes, bytes],
    ['keyGroupBytes', strings.provedKeyGroups, bytes],
    ['entries', strings.provedEntries, count],
    ['keysChecked', strings.provedKeys, count],
    ['statesUntouched', strings.provedStates, count],
  ];
  return lines.flatMap(([name, text, show]) => {
    const value = proof[name] ?? 0;
    return value > 0 ? [h('li', {}, fill(text, show(value)))] : [];
  });
}
