import fc from 'fast-check';
import { expect } from 'vitest';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { toJson, writeJson } from '../../../src/engine/json/writeJson';
import type { Codec } from '../../../src/engine/types/codec';
import { printed } from './printed';
import { readValue, writeValue } from './snapshotBytes';

/** What holds for every codec and every value of it. */
export function checkLaws(codec: Codec, bytes: Uint8Array, { json = true } = {}): void {
  const value = readValue(codec, bytes);
  expect(writeValue(codec, value), 'write(read(bytes))').toEqual(bytes);
  const skipping = new Cursor(bytes);
  codec.skip(skipping);
  expect(skipping.position, 'skip').toBe(bytes.length);
  expect(printed(codec, bytes), 'print').toBe(writeJson(value));
  if (codec.length >= 0) expect(bytes.length, 'length').toBe(codec.length);
  else expect(bytes.length, 'minimum').toBeGreaterThanOrEqual(codec.minimum ?? 1);
  if (!json) return;
  const again = codec.fromJson(toJson(value));
  expect(writeJson(again), 'fromJson(toJson(value))').toBe(writeJson(value));
  codec.hash?.(value);
}

/** Every prefix is refused, by reading, skipping and printing, with an error of the engine. */
export function checkPrefixes(codec: Codec, bytes: Uint8Array): void {
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length);
    expectEngineError(() => readValue(codec, cut));
    expectEngineError(() => codec.skip(new Cursor(cut)));
    expectEngineError(() => printed(codec, cut));
  }
}

function expectEngineError(run: () => unknown): void {
  try {
    run();
  } catch (e) {
    expect(e).toBeInstanceOf(EngineError);
    return;
  }
  expect.fail('cut bytes were read as a value');
}

/**
 * Changed bytes are either refused with an error of the engine, or are a value that is written back: to the same bytes, or to
 * others of the same value where they are bytes that Java reads and never writes (a NUL of one byte in `readUTF`).
 */
export function checkMutation(codec: Codec, bytes: Uint8Array, at: number, to: number): void {
  if (bytes.length === 0) return;
  const changed = bytes.slice();
  changed[at % bytes.length] = to;
  let value: unknown;
  try {
    value = readValue(codec, changed);
  } catch (e) {
    expect(e).toBeInstanceOf(EngineError);
    expectEngineError(() => printed(codec, changed));
    return;
  }
  expect(printed(codec, changed)).toBe(writeJson(value));
  const written = writeValue(codec, value);
  if (written.length === changed.length) expect(written).toEqual(changed);
  else expect(writeJson(readValue(codec, written))).toBe(writeJson(value));
}

export const mutation = fc.tuple(fc.nat(100_000), fc.nat(255));
