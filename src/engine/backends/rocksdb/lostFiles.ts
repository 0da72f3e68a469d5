import { EngineError } from '../../bytes/engineError';
import { compareBytes, keyBehind } from './internalKey';
import type { LiveFile } from './manifest';
import type { KeyRange } from './sortedRun';

/** An error that says something of a file, which other files can be read without. */
export function isOfTheFile(e: unknown): e is EngineError {
  return e instanceof EngineError && e.code !== 'CANCELLED' && e.code !== 'INTERNAL';
}

/** The stretches of a range in which no key can lie in one of these files, in key order. */
export function rangesWithout(range: KeyRange, lost: readonly LiveFile[]): KeyRange[] {
  const ranges: KeyRange[] = [];
  let from: Uint8Array | null = range.from;
  for (const { smallest, largest } of [...lost].sort((a, b) => compare(a.smallest, b.smallest))) {
    if (from === null ? smallest.length > 0 : compare(from, smallest) < 0)
      ranges.push({ ...range, from, to: smallest });
    const behind = keyBehind(largest);
    if (from === null || compare(behind, from) > 0) from = behind;
  }
  if (range.to === null || from === null || compare(from, range.to) < 0) ranges.push({ ...range, from });
  return ranges;
}

const compare = (a: Uint8Array, b: Uint8Array): number => compareBytes(a, a.length, b, b.length);
