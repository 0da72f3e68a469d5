import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fill, formatBytes, formatCount, formatShare, shortId } from '../../../src/view/format';
import { lastPart, operatorTitle, parentPath, snapshotName } from '../../../src/view/naming';
import { operator } from '../../webview/samples';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1006, '1.01 kB'],
    [14_812, '14.8 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [741_000_000, '741 MB'],
    [1_030_000_000, '1.03 GB'],
    [9_007_199_254_740_991, '9.01 PB'],
  ])('%d in powers of 1000', (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text);
  });

  it.each([
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1_048_575, '1 MiB'],
  ])('%d in powers of 1024', (bytes, text) => {
    expect(plain(formatBytes(bytes, 'binary'))).toBe(text);
  });

  it('has the decimal sign of the language', () => {
    expect(plain(formatBytes(1_030_000_000, 'decimal', 'de'))).toBe('1,03 GB');
  });

  it('never shows more than the base of its unit', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom('decimal' as const, 'binary' as const), (bytes, units) => {
        const shown = Number(formatBytes(bytes, units).split('\u00a0')[0]);
        expect(shown).toBeLessThan(units === 'decimal' ? 1000 : 1024);
      }),
    );
  });
});

describe('counts and shares', () => {
  it('groups digits, of 64-bit integers as well', () => {
    expect(formatCount(3_105_881)).toBe('3,105,881');
    expect(formatCount(9_223_372_036_854_775_807n)).toBe('9,223,372,036,854,775,807');
  });

  it('never calls a part all, nor something nothing', () => {
    expect(formatShare(0, 10)).toBe('0%');
    expect(formatShare(1, 10_000)).toBe('< 1%');
    expect(formatShare(9_999, 10_000)).toBe('99%');
    expect(formatShare(10, 10)).toBe('100%');
    expect(formatShare(0, 0)).toBe('0%');
  });

  it('fills texts, leaving what has no value', () => {
    expect(fill('{1} of {0}, {2}', 'a', 3)).toBe('3 of a, {2}');
    expect(fill('{0}', '{1}')).toBe('{1}');
  });
});

describe('names', () => {
  it('calls an operator by name, uid or id', () => {
    const id = 'bc764cd8ddf7a0cff126f51c16239658';
    expect(operatorTitle(operator(id, { name: 'Map', uid: 'm' }))).toBe('Map');
    expect(operatorTitle(operator(id, { uid: 'm' }))).toBe('m');
    expect(operatorTitle(operator(id))).toBe('bc764cd8…9658');
    expect(shortId('a/3')).toBe('a/3');
  });

  it('calls a snapshot by its folder, or by its file where it is one', () => {
    expect(snapshotName('/a/savepoint-1/_metadata')).toBe('savepoint-1');
    expect(snapshotName('C:\\cp\\chk-17\\_metadata')).toBe('chk-17');
    expect(snapshotName('/a/old-savepoint')).toBe('old-savepoint');
    expect(snapshotName('_metadata')).toBe('_metadata');
  });

  it('splits paths of both kinds', () => {
    expect([parentPath('/a/b'), parentPath('/a'), parentPath('C:\\a\\b'), parentPath('a')]).toEqual([
      '/a',
      '/',
      'C:\\a',
      '',
    ]);
    expect([lastPart('/a/b'), lastPart('a'), lastPart('C:\\x\\y')]).toEqual(['b', 'a', 'y']);
  });
});
