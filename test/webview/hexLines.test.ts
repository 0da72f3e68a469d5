import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteAt, hexLayout, hexStretches, hexText } from '../../webview/entries/detail/hexLines';

describe('bytes in lines of hex', () => {
  const bytes = Uint8Array.from([0x41, 0x00, 0xff, 0x7e, 0x20, 0x0a, 0x42, 0x43, 0x44]);

  it('stand in lines of one length, the last one too', () => {
    expect(hexText(hexLayout(bytes.length, 8), bytes)).toBe(
      '0000  41 00 ff 7e 20 0a 42 43  A··~ ·BC\n0008  44                       D       ',
    );
    expect(hexText(hexLayout(0, 8), new Uint8Array())).toBe('');
    expect(hexText(hexLayout(0x10001, 16), new Uint8Array(16))).toMatch(/^00000 {2}00 /);
  });

  it('are found by line and column, in hex and among the characters', () => {
    const layout = hexLayout(bytes.length, 8);
    expect(byteAt(layout, 0, 6)).toBe(0);
    expect(byteAt(layout, 0, 7)).toBe(0);
    expect(byteAt(layout, 0, 8)).toBeNull();
    expect(byteAt(layout, 1, 6)).toBe(8);
    expect(byteAt(layout, 1, 9)).toBeNull();
    expect(byteAt(layout, 0, 31)).toBe(0);
    expect(byteAt(layout, 0, 38)).toBe(7);
    expect(byteAt(layout, 0, 39)).toBeNull();
    expect(byteAt(layout, 0, 0)).toBeNull();
    expect(byteAt(layout, -1, 6)).toBeNull();
  });

  it('are marked where they stand: what is marked and what is found agree for every byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.constantFrom(8, 16),
        fc.nat(),
        (all, width, at) => {
          const layout = hexLayout(all.length, width);
          const text = hexText(layout, all);
          const byte = at % all.length;
          const [hex, character] = hexStretches(layout, byte, byte + 1);
          expect(text.slice(hex?.from, hex?.to)).toBe((all[byte] ?? 0).toString(16).padStart(2, '0'));
          for (const { from } of [hex, character].filter((s) => s !== undefined)) {
            const before = text.slice(0, from).split('\n');
            expect(byteAt(layout, before.length - 1, before.at(-1)?.length ?? 0)).toBe(byte);
          }
        },
      ),
    );
  });

  it('are marked over several lines without what stands between', () => {
    const layout = hexLayout(bytes.length, 8);
    const text = hexText(layout, bytes);
    expect(hexStretches(layout, 6, 9).map(({ from, to }) => text.slice(from, to))).toEqual(['42 43', 'BC', '44', 'D']);
    expect(hexStretches(layout, 4, 4)).toEqual([]);
    expect(hexStretches(layout, 8, 400).map(({ from, to }) => text.slice(from, to))).toEqual(['44', 'D']);
  });
});
