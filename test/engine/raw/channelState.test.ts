import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { Sink } from '../../../src/engine/bytes/sink';
import type { Json } from '../../../src/engine/json/jsonValue';
import { bufferStretches, readStreamElements } from '../../../src/engine/raw/channelState';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { field } from '../../expectedLines';

const elements = (json: Json): Json[] => field(json, 'elements') as Json[];

function framed(element: (sink: Sink) => void): Uint8Array {
  const inner = new Sink();
  element(inner);
  const sink = new Sink();
  sink.bytes4(inner.toBytes());
  return sink.toBytes();
}

const watermark = (timestamp: bigint) =>
  framed((sink) => {
    sink.u8(2);
    sink.i64(timestamp);
  });
const record = (timestamp: bigint, value: Uint8Array) =>
  framed((sink) => {
    sink.u8(0);
    sink.i64(timestamp);
    sink.raw(value);
  });

const streams = fc.array(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 41n }).map(watermark),
    // Text, as values mostly are: bytes that are lengths and tags of their own are looked at below.
    fc
      .tuple(fc.bigInt({ min: 2n ** 40n, max: 2n ** 41n }), fc.string({ minLength: 8, maxLength: 40 }))
      .map(([time, text]) => record(time, new TextEncoder().encode(text))),
  ),
  { minLength: 6, maxLength: 30 },
);

describe('stream elements', () => {
  test('are all found from the first byte, and what is left over at the end is counted', () => {
    fc.assert(
      fc.property(streams, fc.nat(), (stream, cut) => {
        const whole = Buffer.concat(stream);
        expect(elements(readStreamElements(whole, true))).toHaveLength(stream.length);
        const kept = whole.subarray(0, cut % (whole.length + 1));
        const found = readStreamElements(kept, true);
        let count = 0;
        for (let at = 0; count < stream.length && at + stream[count].length <= kept.length; count++)
          at += stream[count].length;
        expect(elements(found)).toHaveLength(count);
        expect(field(found, 'leadingBytes')).toBe(0n);
        const used = stream.slice(0, count).reduce((sum, { length }) => sum + length, 0);
        expect(field(found, 'trailingBytes')).toBe(BigInt(kept.length - used));
      }),
    );
  });

  test('are found behind the end of one that another channel has the beginning of', () => {
    const stream = [
      record(1n, new Uint8Array(20).fill(0x61)),
      watermark(1n),
      record(2n, new Uint8Array(20).fill(0x62)),
      watermark(2n),
    ];
    const whole = Buffer.concat(stream);
    for (let cut = 1; cut < stream[0].length; cut++) {
      const found = readStreamElements(whole.subarray(cut), false);
      expect(elements(found)).toHaveLength(3);
      expect(field(found, 'leadingBytes')).toBe(BigInt(stream[0].length - cut));
    }
  });

  test('that are not there are not made up', () => {
    expect(() => readStreamElements(new Uint8Array(100).fill(0xff), false)).toThrow(/No stream element begins/);
    expect(elements(readStreamElements(new Uint8Array(0), true))).toEqual([]);
  });

  test('in hostile bytes give an error at worst, and in time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, begins) => {
        try {
          readStreamElements(bytes, begins);
        } catch (e) {
          if (!(e instanceof EngineError)) throw e;
        }
      }),
    );
    // Every fifth byte begins a chain that goes on to the end, and breaks off there.
    const chains = new Uint8Array(2_000_000);
    for (let at = 3; at < chains.length; at += 5) chains.fill(1, at, at + 2);
    chains.fill(0xff, -8);
    // Followed to its end from each place, this would take hours; the limit of time that every test has would end it.
    expect(field(readStreamElements(chains, false), 'leadingBytes')).not.toBe(0n);
  });
});

describe('buffers', () => {
  const file = (...parts: Uint8Array[]) => new MemorySource('file', Buffer.concat([new Uint8Array(4), ...parts]));

  test('lie where the offsets say, behind their lengths', async () => {
    const source = file(Uint8Array.of(0, 0, 0, 2, 9, 9), Uint8Array.of(0, 0, 0, 0));
    expect(await bufferStretches(source, [4, 10])).toEqual([
      { from: 8, bytes: 2 },
      { from: 14, bytes: 0 },
    ]);
  });

  test('that do not lie in the file are refused before anything is read', async () => {
    const beyond = file(Uint8Array.of(0x7f, 0xff, 0xff, 0xff));
    await expect(bufferStretches(beyond, [4])).rejects.toThrow(/2147483647 bytes does not lie in the file/);
    await expect(bufferStretches(file(Uint8Array.of(0xff, 0xff, 0xff, 0xff)), [4])).rejects.toThrow(EngineError);
    await expect(bufferStretches(file(), [400])).rejects.toThrow(EngineError);
  });

  test('of a version that Flink does not write are refused', async () => {
    await expect(bufferStretches(new MemorySource('file', Uint8Array.of(0, 0, 0, 1)), [4])).rejects.toThrow(
      /version 0, found 1/,
    );
  });
});
