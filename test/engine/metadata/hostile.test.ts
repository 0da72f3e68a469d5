import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import { fixtureSnapshots, metadataBytes } from '../../corpus';
import { changelogOf114, channelsOf111, everythingOf23 } from './flinkWritten';

const small: [string, Uint8Array][] = [
  ['Flink 1.11', channelsOf111],
  ['Flink 1.14', changelogOf114],
  ['Flink 2.3', everythingOf23],
];
const fixtures: [string, Uint8Array][] = fixtureSnapshots().map((snapshot) => [snapshot.name, metadataBytes(snapshot)]);

/** Reads; anything but a result or an `EngineError` with file and offset is a failure. */
function readOrRefuse(bytes: Uint8Array): EngineError | null {
  try {
    readMetadata(bytes, 'f');
    return null;
  } catch (e) {
    if (!(e instanceof EngineError) || e.code === 'INTERNAL') throw e;
    expect(e).toMatchObject({ file: 'f', offset: expect.any(Number), hint: expect.any(String) });
    return e;
  }
}

/** Bytes that no writer produces may be read, as an overlong character is; what is written for them stays the same. */
function expectToBeStable(bytes: Uint8Array): void {
  const written = writeMetadata(readMetadata(bytes, 'f'));
  expect(Buffer.compare(writeMetadata(readMetadata(written, 'f')), written)).toBe(0);
}

/** Numbers that are the same in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

describe('a file that was cut off', () => {
  it.each(small)('is refused at every length: %s', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      const error = readOrRefuse(bytes.subarray(0, length));
      expect(error, `${length} bytes`).not.toBeNull();
      expect(error?.code).toMatch(length === 0 ? 'NOT_A_SNAPSHOT' : /TRUNCATED|CORRUPT/);
    }
  });

  it('is refused: fixtures', () => {
    for (const [name, bytes] of fixtures) {
      const step = Math.max(1, Math.floor(bytes.length / 200));
      for (let length = 0; length < bytes.length; length += step) {
        expect(readOrRefuse(bytes.subarray(0, length)), `${name}, ${length} bytes`).not.toBeNull();
      }
    }
  });

  it('says what to do', () => {
    const error = readOrRefuse(everythingOf23.subarray(0, 120));
    expect(error).toMatchObject({ code: 'TRUNCATED', where: expect.stringContaining('operator number 1') });
    expect(error?.hint).toMatch(/not complete/);
  });
});

describe('a file with bytes changed', () => {
  it.each([...small, ...fixtures.slice(0, 4)])('gives a result or an error: %s', (name, bytes) => {
    const random = randomNumbers(name.length);
    const started = performance.now();
    let refused = 0;
    const rounds = bytes.length > 20_000 ? 200 : 2_000;
    for (let round = 0; round < rounds; round++) {
      const changed = Uint8Array.from(bytes);
      const changes = 1 + random(3);
      for (let i = 0; i < changes; i++) {
        const value = [0, 0xff, 0x7f, 0x80, 1, random(256)][random(6)];
        changed[8 + random(Math.min(bytes.length, 4_096) - 8)] = value;
      }
      if (readOrRefuse(changed) !== null) refused++;
      else expectToBeStable(changed);
    }
    expect(refused).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('never makes room for what a count announces', () => {
    for (const [, bytes] of small) {
      const before = process.memoryUsage().rss;
      for (let at = 8; at + 4 <= bytes.length; at++) {
        const changed = Uint8Array.from(bytes);
        changed.set([0x7f, 0xff, 0xff, 0xff], at);
        readOrRefuse(changed);
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
    }
  });
});

describe('handles within handles', () => {
  it('are followed to a bound', () => {
    // An operator whose coordinator state is a chain of key groups without any, one inside the other.
    const header = everythingOf23.slice(0, 8);
    const body = new Uint8Array(8 + 4 + 4 + 2 + 2 + 16 + 4 + 4);
    const view = new DataView(body.buffer);
    view.setInt32(12, 1);
    view.setInt32(36, 1);
    view.setInt32(40, 128);
    const chain = new Uint8Array(9 * 100_000);
    for (let i = 0; i < chain.length; i += 9) chain[i] = 3;
    const error = readOrRefuse(Buffer.concat([header, body, chain]));
    expect(error).toMatchObject({ code: 'LIMIT' });
  });
});
