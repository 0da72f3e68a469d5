import { expect } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import type { OutputEntry } from '../../../src/engine/write/outputEntry';

/** The layout by its definition, without the project's reader. */
export function readCanonical(
  file: Uint8Array,
  start: number,
  offsets: readonly number[],
  prefix: 1 | 2,
): OutputEntry[] {
  const entries: OutputEntry[] = [];
  for (const [i, offset] of offsets.entries()) {
    if (offset === 0) continue;
    const cursor = new Cursor(file, {}, offset);
    let state = cursor.u16();
    while (state !== 0xffff) {
      const key = cursor.bytes4('key').slice();
      const value = cursor.bytes4('value').slice();
      const isLast = (key[0] & 0x80) !== 0;
      key[0] &= 0x7f;
      const keyGroup = prefix === 1 ? key[0] : (key[0] << 8) | key[1];
      expect(keyGroup).toBe(start + i);
      entries.push({ keyGroup, state, key: key.slice(prefix), value });
      if (isLast) state = cursor.u16();
    }
    const next = offsets.slice(i + 1).find((other) => other !== 0) ?? file.length;
    expect(cursor.position).toBe(next);
  }
  return entries;
}
