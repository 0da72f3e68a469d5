import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineError } from '../../../../src/engine/bytes/engineError';
import { keyGroupRange, subtaskOf } from '../../../../src/engine/keyGroups';
import { MemorySource } from '../../../../src/engine/storage/memorySource';
import { type CanonicalVisitor, CanonicalWalk } from '../../../../src/engine/write/keyed/canonicalWalk';
import { ChunkSizes, ChunkWriter, type EntryTaker } from '../../../../src/engine/write/keyed/chunks';
import { layOut } from '../../../../src/engine/write/keyed/keyedLayout';
import type { OutputEntry } from '../../../../src/engine/write/outputEntry';
import { readCanonical } from '../readCanonical';

const HEADER = Uint8Array.of(1, 2, 3);
const bytes = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 90 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 900, maxLength: 3000, size: 'max' }) },
);
const entries = (keyGroups: number): fc.Arbitrary<OutputEntry[]> =>
  fc.array(
    fc.record({
      keyGroup: fc.nat(keyGroups - 1),
      state: fc.integer({ min: 0, max: 2 }),
      key: bytes,
      value: bytes,
    }),
    { maxLength: 60 },
  );

const text = ({ keyGroup, state, key, value }: OutputEntry): string =>
  [keyGroup, state, Buffer.from(key).toString('hex'), Buffer.from(value).toString('hex')].join(' ');

/** Gives an entry in one of the two ways: by its parts, or as it lies in a window behind another number of its key group. */
function give(taker: EntryTaker, { keyGroup, state, key, value }: OutputEntry, inWindow: boolean): void {
  if (!inWindow) {
    taker.entry(keyGroup, state, key, value);
    return;
  }
  const window = new Uint8Array(7 + key.length + 4 + value.length);
  const view = new DataView(window.buffer);
  window.set(key, 7);
  view.setInt32(7 + key.length, value.length);
  window.set(value, 11 + key.length);
  taker.placed(keyGroup, state, window, view, 7, 7 + key.length, window.length);
}

interface Written {
  file: Uint8Array;
  start: number;
  offsets: number[];
}

function written(
  shares: readonly OutputEntry[][],
  parallelism: number,
  keyGroups: number,
  inWindow: boolean,
): Written[] {
  const sizes = shares.map((share) => {
    const taker = new ChunkSizes(keyGroups);
    for (const entry of share) give(taker, entry, inWindow);
    return taker.bytes;
  });
  const layout = layOut(sizes, HEADER.length, parallelism, keyGroups);
  const files = layout.subtasks.map(({ bytes: size }) => new Uint8Array(size));
  const sinks = files.map((file) => ({
    writeAt: (piece: Uint8Array, at: number) => file.set(piece, at),
    syncAhead: async () => {},
    close: async () => {},
  }));
  shares.forEach((share, i) => {
    const file = (keyGroup: number) => sinks[subtaskOf(keyGroup, keyGroups, parallelism)];
    // So little memory that every slot has the least size.
    const writer = new ChunkWriter(keyGroups, { file, positions: layout.positions[i] }, 1);
    for (const entry of share) give(writer, entry, inWindow);
    writer.close(sizes[i]);
  });
  return layout.subtasks.map(({ start, offsets, ends }, subtask) => {
    files[subtask].set(HEADER);
    for (const end of ends) files[subtask].set([0xff, 0xff], end);
    return { file: files[subtask], start, offsets };
  });
}

describe('chunks', () => {
  test.each([
    [7, 1],
    [128, 1],
    [129, 2],
  ] as const)(
    'of all shares are the key groups, whatever the order in which they come (%i key groups)',
    (keyGroups, prefix) => {
      fc.assert(
        fc.property(
          fc.array(entries(keyGroups), { maxLength: 4 }),
          fc.integer({ min: 1, max: 5 }),
          fc.boolean(),
          (shares, parallelism, inWindow) => {
            const found = written(shares, parallelism, keyGroups, inWindow).flatMap(
              ({ file, start, offsets }, subtask) => {
                const owned = keyGroupRange(subtask, keyGroups, parallelism);
                expect([start, offsets.length]).toEqual([owned.start, owned.end - owned.start + 1]);
                return readCanonical(file, start, offsets, prefix).map(text);
              },
            );
            expect(found.sort()).toEqual(shares.flat().map(text).sort());
          },
        ),
      );
    },
  );

  test('that are not those that were counted are noticed', () => {
    const [entry] = fc.sample(
      entries(7)
        .filter((some) => some.length > 0)
        .map(([first]) => first),
      1,
    );
    const writer = new ChunkWriter(
      7,
      {
        file: () => ({ writeAt: () => {}, syncAhead: async () => {}, close: async () => {} }),
        positions: new Float64Array(7),
      },
      1,
    );
    writer.entry(entry.keyGroup, entry.state, entry.key, entry.value);
    expect(() => writer.close(new Float64Array(7))).toThrow(expect.objectContaining({ code: 'FILE_CHANGED' }));
  });
});

/** What a walk tells of, with copies of the bytes. */
async function walked({ file, start, offsets }: Written, prefix: 1 | 2): Promise<OutputEntry[]> {
  const found: OutputEntry[] = [];
  let window: Uint8Array = new Uint8Array(0);
  const [at] = [{ keyGroup: -1, state: -1 }];
  const visitor: CanonicalVisitor = {
    window: (those) => {
      window = those;
    },
    keyGroup: (keyGroup) => {
      at.keyGroup = keyGroup;
    },
    run: (state) => {
      at.state = state;
    },
    entry: (from, to, end) => {
      found.push({ ...at, key: window.slice(from + prefix, to), value: window.slice(to + 4, end) });
    },
  };
  const walk = new CanonicalWalk(new MemorySource('a file', file), false, prefix, 3, visitor);
  const present = offsets.flatMap((from, i) => (from === 0 ? [] : [{ keyGroup: start + i, from }]));
  for (const [i, { keyGroup, from }] of present.entries()) {
    await walk.over({ keyGroup, from, to: present[i + 1]?.from ?? file.length });
  }
  return found;
}

describe('a walk over canonical key groups', () => {
  test('tells of every entry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entries(200), { maxLength: 3 }), async (shares) => {
        const [only] = written(shares, 1, 200, false);
        expect((await walked(only, 2)).map(text).sort()).toEqual(shares.flat().map(text).sort());
      }),
    );
  });

  test('takes entries that are longer than a block, and that lie across blocks', async () => {
    const entry = (length: number): OutputEntry => ({
      keyGroup: 3,
      state: 1,
      key: Uint8Array.of(length % 256),
      value: new Uint8Array(length).fill(length % 251),
    });
    const share = [400_000, 100, 300_000, 70_000, 2_000_000, 1, 500_000, 65_000].map(entry);
    const [only] = written([share], 1, 7, true);
    expect((await walked(only, 1)).map(text)).toEqual(share.map(text));
  });

  test('of bytes that anybody made up ends with an error of the engine, or with entries', async () => {
    const share = fc.tuple(entries(7), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(share, fc.option(fc.nat(), { nil: null }), async ([some, changes], cut) => {
        const [only] = written([some], 1, 7, true);
        const file = only.file.slice();
        for (const [at, byte] of changes) file[3 + (at % Math.max(1, file.length - 3))] = byte;
        const kept = cut === null ? file : file.subarray(0, Math.max(3, cut % file.length));
        const offsets = only.offsets.map((at) => (at < kept.length ? at : 0));
        try {
          await walked({ ...only, file: kept, offsets }, 1);
        } catch (e) {
          expect((e as EngineError).code).toBe('CORRUPT');
        }
      }),
    );
  });
});
