import { describe, expect, it } from 'vitest';
import { proofText } from '../../../src/view/proofText';
import { inEnglish } from '../../../src/view/translate';

describe('a proof in words', () => {
  const words = (proof: Record<string, number>) => proofText(proof, inEnglish, 'decimal', 'en');

  it('tells what there is to tell', () => {
    expect(
      words({
        operators: 6,
        carriedBytes: 1000,
        keyGroupBytes: 2000,
        entries: 1234,
        keysChecked: 1200,
        statesUntouched: 3,
      }),
    ).toBe(
      '6 operators read back, 1\u00a0kB of files the same as in the source, 2\u00a0kB of key groups the same as in the source, ' +
        '1,234 entries written anew, the key group of 1,200 computed from their keys, 3 states the same entry by entry',
    );
    expect(words({ operators: 1, carriedBytes: 0, entries: 0 })).toBe('1 operator read back');
  });

  it('leaves out what a newer release counts', () => {
    expect(words({ operators: 2, unheardOf: 7 })).toBe('2 operators read back');
    expect(words({})).toBe('');
  });
});
