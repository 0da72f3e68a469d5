import { expect, it } from 'vitest';
import type { PartState } from '../../src/engine/backends/part';
import { SlicedEntry } from '../../src/engine/backends/slicedEntry';
import { EntryDecoder } from '../../src/engine/decodeEntry';
import { EntryText } from '../../src/engine/diff/entryText';
import { ValueComparer } from '../../src/engine/diff/sameValue';
import type { StatePair } from '../../src/engine/diff/statePair';
import type { Codec } from '../../src/engine/types/codec';
import { newSerializer } from '../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../src/engine/types/describe/typeText';
import { OpaqueValue } from '../../src/engine/types/values';

const codecOf = (type: string): Codec => newSerializer(parseTypeText(type), '2.1').codec;
const map: PartState = {
  name: 'a map',
  kind: 'map',
  meta: null,
  key: codecOf('string'),
  namespace: null,
  userKey: codecOf('long'),
  value: codecOf('string'),
  layout: 'nullable',
};

function entryOf(value: Uint8Array): SlicedEntry {
  const entry = new SlicedEntry(map, -1, value);
  [entry.valueFrom, entry.valueTo] = [0, value.length];
  [entry.userKeyFrom, entry.userKeyTo] = [0, 0];
  return entry;
}

function printed(entry: SlicedEntry): string {
  const text = new EntryText();
  text.printer.value(entry, new Uint8Array());
  return new TextDecoder().decode(text.take());
}

/** Heap and RocksDB write `true`, and then what the serializer makes of a null; for a string that is a 0. */
it.each([[[1]], [[1, 0]], [[1, 5, 6]]])('a null in a map is one, whatever stands behind it: %j', (bytes) => {
  const entry = entryOf(Uint8Array.from(bytes));
  expect(new EntryDecoder().decode(entry).value).toBeNull();
  expect(printed(entry)).toBe('null');
});

it('a value in a map ends where it ends', () => {
  expect(printed(entryOf(Uint8Array.of(0, 2, 97)))).toBe('"a"');
  expect(new EntryDecoder().decode(entryOf(Uint8Array.of(0, 2, 97, 0))).value).toBeInstanceOf(OpaqueValue);
});

it('nulls of two backends are the same', () => {
  const pair = { before: map, after: map, value: 'bytes', isLoose: false } as unknown as StatePair;
  const isSame = (before: number[], after: number[]): boolean =>
    new ValueComparer().isSame(pair, Uint8Array.from(before), Uint8Array.from(after), true);
  expect(isSame([1], [1, 0])).toBe(true);
  expect(isSame([1], [0, 0])).toBe(false);
});
