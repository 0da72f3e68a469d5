import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { OperatorPart } from '../../../src/engine/backends/operatorPart';
import type { Unread } from '../../../src/engine/backends/part';
import { VALUE_SERIALIZER } from '../../../src/engine/backends/stateMeta';
import { decodeEntry } from '../../../src/engine/decodeEntry';
import type { OperatorStateHandle } from '../../../src/engine/metadata/model';
import { type Checksums, loadChecksums, maskCrc } from '../../../src/engine/storage/checksums';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { STREAM_IDENTIFIER } from '../../../src/engine/storage/snappyFramed';
import type { Codec } from '../../../src/engine/types/codec';
import { unknownSerializer } from '../../../src/engine/types/opaque';
import { codecOf, simple, writeValue } from '../types/snapshotBytes';

/** As SnappyFramedOutputStream buffers them; a chunk may be stored as it is. */
const BLOCK = 64 * 1024;
const PLAIN_CHUNK = 0x01;
const STRING = codecOf(simple('StringSerializer'));

let checksums: Checksums;
beforeAll(async () => {
  checksums = await loadChecksums();
});

/** A file of operator state, written as Flink 1.18.0 does or as it does since the offsets are right. */
class StateFile {
  private readonly written: number[] = [...new Uint8Array(10)];
  private buffer: number[] = [];

  constructor(private readonly flushesForOffsets: boolean) {}

  /** One state, which is a stream of its own; the offsets of its elements. */
  state(elements: readonly Uint8Array[]): number[] {
    this.written.push(...STREAM_IDENTIFIER);
    const offsets = elements.map((element) => {
      if (this.flushesForOffsets) this.flush();
      const offset = this.written.length;
      for (const byte of element) {
        this.buffer.push(byte);
        if (this.buffer.length === BLOCK) this.flush();
      }
      return offset;
    });
    this.flush();
    return offsets;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.written);
  }

  private flush(): void {
    if (this.buffer.length === 0) return;
    const plain = Uint8Array.from(this.buffer);
    this.buffer = [];
    const crc = maskCrc(checksums.crc32c(plain));
    const length = plain.length + 4;
    this.written.push(PLAIN_CHUNK, length & 0xff, (length >> 8) & 0xff, length >> 16);
    this.written.push(crc & 0xff, (crc >> 8) & 0xff, (crc >> 16) & 0xff, crc >>> 24);
    for (const byte of plain) this.written.push(byte);
  }
}

function opened(file: StateFile, states: Record<string, number[]>, codec: Codec): OperatorPart {
  const bytes = file.bytes();
  const handle = {
    states: Object.entries(states).map(([name, offsets]) => ({ name, mode: 'splitDistribute', offsets })),
  } as unknown as OperatorStateHandle;
  const metas = Object.keys(states).map((name) => ({
    name,
    type: 'operator' as const,
    options: [],
    serializers: [{ key: VALUE_SERIALIZER, codec }],
    bytes: new Uint8Array(0),
  }));
  const header = { version: 6, compressed: true, states: metas };
  return new OperatorPart(handle, new MemorySource('file', bytes), header, Object.values(states).flat());
}

async function read(part: OperatorPart): Promise<{ found: Record<string, unknown[]>; unread: Unread[] }> {
  const found: Record<string, unknown[]> = {};
  const lost: Unread[] = [];
  for await (const { entries, unread } of part.entries({})) {
    lost.push(...unread);
    for (const entry of entries) {
      found[entry.state.name] ??= [];
      found[entry.state.name][entry.index] = decodeEntry(entry).value;
    }
  }
  return { found, unread: lost };
}

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.nat(200_000).map((length) => 'x'.repeat(length)),
  // As long as a block, together with its length.
  fc.constantFrom('y'.repeat(BLOCK - 3), 'y'.repeat(2 * BLOCK - 3)),
);
const texts = fc.array(text, { maxLength: 6 });

describe('elements of compressed list states', () => {
  test.each([
    ['are found without their offsets, as 1.18.0 writes them', false],
    ['are found by their offsets', true],
  ])('%s', async (_, flushes) => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (first, second) => {
        const file = new StateFile(flushes);
        const bytesOf = (values: readonly string[]) => values.map((value) => writeValue(STRING, value));
        const states = { first: file.state(bytesOf(first)), second: file.state(bytesOf(second)) };
        const { found, unread } = await read(opened(file, states, STRING));
        expect(unread).toEqual([]);
        expect(found).toEqual({ ...(first.length > 0 && { first }), ...(second.length > 0 && { second }) });
      }),
      { numRuns: 40 },
    );
  });

  test('some of them can be asked for', async () => {
    const file = new StateFile(false);
    const part = opened(file, { only: file.state(['a', 'b', 'c', 'd'].map((t) => writeValue(STRING, t))) }, STRING);
    const found: Uint8Array[] = [];
    for await (const elements of part.elements(part.states[0], 1, 3)) found.push(...elements);
    expect(found).toEqual(['b', 'c'].map((t) => writeValue(STRING, t)));
  });

  test('are not guessed at where their type is not known', async () => {
    const file = new StateFile(false);
    const unknown = unknownSerializer('job.Own', 'Only the job knows it.');
    const part = opened(file, { only: file.state([Uint8Array.of(1, 2), Uint8Array.of(3)]) }, unknown);
    const { found, unread } = await read(part);
    expect(found).toEqual({});
    expect(unread.map(({ bytes, code }) => ({ bytes, code }))).toEqual([{ bytes: 3, code: 'UNREADABLE' }]);
    expect(unread[0].reason).toContain('FLINK-34063');
    expect(unread[0].reason).toContain('Only the job knows it.');
  });

  test('what lies behind the last of them is told', async () => {
    const file = new StateFile(false);
    const bytes = ['a', 'b', 'c'].map((t) => writeValue(STRING, t));
    const offsets = file.state(bytes);
    const { found, unread } = await read(opened(file, { only: offsets.slice(0, 2) }, STRING));
    expect(found).toEqual({ only: ['a', 'b'] });
    expect(unread.map(({ bytes: size, code }) => ({ size, code }))).toEqual([{ size: 2, code: 'CORRUPT' }]);
  });
});
