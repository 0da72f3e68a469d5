import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeKeyAndNamespace } from '../../../src/engine/backends/compositeKeyWriter';
import type { PartState } from '../../../src/engine/backends/part';
import { joinBytes } from '../../../src/engine/bytes/byteStrings';
import { Cursor } from '../../../src/engine/bytes/cursor';
import { Sink } from '../../../src/engine/bytes/sink';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import type { Codec } from '../../../src/engine/types/codec';
import { newSerializer } from '../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../src/engine/types/describe/typeText';
import { FileNames } from '../../../src/engine/write/fileNames';
import { HeapWriter } from '../../../src/engine/write/heapWriter';
import { NewFile } from '../../../src/engine/write/newFile';
import type { OutputEntry } from '../../../src/engine/write/outputEntry';
import { useTemporaryFolder } from '../../temporaryFolder';

const temporary = useTemporaryFolder();
const codecOf = (type: string): Codec => newSerializer(parseTypeText(type), '2.1').codec;
const [TEXT, LONG] = [codecOf('string'), codecOf('long')];
const common = { meta: null, key: TEXT, namespace: TEXT } as const;
const STATES: readonly PartState[] = [
  { ...common, name: 'a map', kind: 'map', userKey: LONG, value: TEXT, layout: 'nullable' },
  { ...common, name: 'a value', kind: 'value', userKey: null, value: LONG, layout: 'whole' },
  { ...common, name: 'a list', kind: 'list', userKey: null, value: TEXT, layout: 'delimited' },
];

function bytesOf(codec: Codec, value: unknown): Uint8Array {
  const sink = new Sink();
  codec.write(sink, value);
  return sink.toBytes();
}

interface Item {
  keyGroup: number;
  state: number;
  key: string;
  namespace: string;
  userKey: bigint;
  values: string[];
}

const item: fc.Arbitrary<Item> = fc.record({
  keyGroup: fc.integer({ min: 2, max: 5 }),
  state: fc.nat(2),
  key: fc.constantFrom('', 'a', 'b', 'é'),
  namespace: fc.constantFrom('', 'x'),
  userKey: fc.bigInt({ min: 0n, max: 3n }),
  values: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
});
const identity = ({ keyGroup, state, key, namespace, userKey }: Item): string =>
  JSON.stringify([keyGroup, state, key, namespace, state === 0 ? String(userKey) : '']);

const isNull = ([value]: readonly string[]): boolean => value === '';

/** The same entry in the canonical layout. */
function entryOf({ keyGroup, state, key, namespace, userKey, values }: Item): OutputEntry {
  const sink = new Sink();
  writeKeyAndNamespace(sink, STATES[state], bytesOf(TEXT, key), bytesOf(TEXT, namespace));
  const value = new Sink();
  if (state === 0) {
    sink.raw(bytesOf(LONG, userKey));
    // Behind a null stands what the serializer makes of it.
    value.bool(isNull(values));
    value.raw(bytesOf(TEXT, isNull(values) ? null : values[0]));
  } else if (state === 1) value.raw(bytesOf(LONG, userKey));
  else {
    values.forEach((element, i) => {
      if (i > 0) value.u8(0x2c);
      value.raw(bytesOf(TEXT, element));
    });
  }
  return { keyGroup, state, key: sink.toBytes(), value: value.toBytes() };
}

/** The layout by its definition, without the project's reader: lines of what lies where. */
function readHeap(file: Uint8Array, start: number, offsets: readonly number[]): string[] {
  const lines: string[] = [];
  const maps = new Set<string>();
  for (const [i, offset] of offsets.entries()) {
    const cursor = new Cursor(file, {}, offset);
    const text = (): string => JSON.stringify(TEXT.read(cursor));
    expect(cursor.i32()).toBe(start + i);
    for (const [number, { kind }] of STATES.entries()) {
      expect(cursor.u16()).toBe(number);
      const entries = cursor.i32();
      for (let entry = 0; entry < entries; entry++) {
        const [namespace, key] = [text(), text()];
        const at = `${start + i} ${number} ${key} ${namespace}`;
        if (kind === 'value') lines.push(`${at} ${cursor.i64()}`);
        else if (kind === 'list') lines.push(`${at} ${Array.from({ length: cursor.i32() }, text).join()}`);
        else {
          const size = cursor.i32();
          expect(size).toBeGreaterThan(0);
          expect(maps.has(at)).toBe(false);
          maps.add(at);
          for (let k = 0; k < size; k++) lines.push(`${at} ${cursor.i64()} ${cursor.bool() ? null : text()}`);
        }
      }
    }
    expect(cursor.position).toBe(offsets[i + 1] ?? file.length);
  }
  return lines;
}

function lineOf({ keyGroup, state, key, namespace, userKey, values }: Item): string {
  const at = `${keyGroup} ${state} ${JSON.stringify(key)} ${JSON.stringify(namespace)}`;
  if (state === 0) return `${at} ${userKey} ${isNull(values) ? null : JSON.stringify(values[0])}`;
  return state === 1 ? `${at} ${userKey}` : `${at} ${values.map((value) => JSON.stringify(value)).join()}`;
}

test('the heap layout: what is written is what its definition reads, each map once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(item, { selector: identity, maxLength: 40 }), fc.nat(9), async (items, flushes) => {
      // Maps' entries need not come one behind the other.
      const sorted = [...items].sort((a, b) => a.keyGroup - b.keyGroup);
      const output = await createOutputFolder(temporary.at('unused'));
      const file = new NewFile(output, new FileNames());
      const writer = await HeapWriter.begin(file, Uint8Array.of(9), { start: 1, end: 6 }, STATES);
      for (const [i, one] of sorted.entries()) {
        const { keyGroup, state, key, value } = entryOf(one);
        const bytes = joinBytes([key, value]);
        writer.entry(keyGroup, state, bytes, 0, key.length, key.length, bytes.length);
        if (i % (flushes + 1) === 0) await writer.flush();
      }
      const { type, offsets, stream, startKeyGroup } = await writer.close();
      if (stream?.type !== 'bytes') throw new Error('It is small enough to be inlined.');
      expect([type, startKeyGroup, offsets.length, offsets[0]]).toEqual(['keyGroups', 1, 6, 1]);
      expect(readHeap(stream.data, 1, offsets).sort()).toEqual(items.map(lineOf).sort());
    }),
  );
});
