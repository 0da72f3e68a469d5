import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RawTimersPart } from '../../../../src/engine/backends/rawTimers';
import { Sink } from '../../../../src/engine/bytes/sink';
import { keyGroupOf, keyGroupRange } from '../../../../src/engine/keyGroups';
import type { KeyGroupsHandle } from '../../../../src/engine/metadata/model';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { MemorySource } from '../../../../src/engine/storage/memorySource';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../../src/engine/storage/nodeOutputFolder';
import { FileNames } from '../../../../src/engine/write/fileNames';
import { MovedTimers } from '../../../../src/engine/write/keyed/movedTimers';
import { corpusSnapshots, describeCorpus } from '../../../corpus';
import { useTemporaryFolder } from '../../../temporaryFolder';
import { applied, contentOf, planOf } from '../../plan/harness';
import { simple, versioned } from '../../types/snapshotBytes';

const temporary = useTemporaryFolder();
const VOID = versioned('org.apache.flink.runtime.state.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot', 3);

interface Timer {
  service: number;
  processing: boolean;
  key: number;
  time: bigint;
}

const timer: fc.Arbitrary<Timer> = fc.record({
  service: fc.nat(1),
  processing: fc.boolean(),
  key: fc.nat(1000),
  time: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
});

/** `Integer.hashCode` is the number itself. */
const groupOf = ({ key }: Timer, maxParallelism: number): number => keyGroupOf(key, maxParallelism);

/** Raw keyed state of one subtask as InternalTimerServiceSerializationProxy writes it, with two services. */
async function partOf(timers: readonly Timer[], start: number, end: number, from: number): Promise<RawTimersPart> {
  const sink = new Sink();
  const offsets: number[] = [];
  for (let keyGroup = start; keyGroup <= end; keyGroup++) {
    offsets.push(sink.position);
    for (const b of [0xf1, 0xcd, 0x85, 0x9f]) sink.u8(b);
    sink.i32(2);
    sink.i32(2);
    for (const service of [0, 1]) {
      sink.utf(`service-${service}`);
      simple('IntSerializer')(sink);
      VOID(sink);
      for (const processing of [false, true]) {
        const mine = timers.filter(
          (t) => groupOf(t, from) === keyGroup && t.service === service && t.processing === processing,
        );
        sink.i32(mine.length);
        for (const { key, time } of mine) {
          sink.i32(key);
          sink.u8(0);
          sink.i64(time);
        }
      }
    }
  }
  const handle: KeyGroupsHandle = {
    type: 'keyGroups',
    startKeyGroup: start,
    offsets,
    stream: null,
    stateHandleId: null,
  };
  return opened(handle, sink.toBytes());
}

async function opened(handle: KeyGroupsHandle, bytes: Uint8Array): Promise<RawTimersPart> {
  const part = await RawTimersPart.open(handle, new MemorySource('raw', bytes), { kryo: 5 });
  if (part === null) throw new Error('These are timers.');
  return part;
}

/** Every timer, with its key group in front. */
async function linesOf(parts: readonly RawTimersPart[]): Promise<string[]> {
  const lines: string[] = [];
  for (const part of parts) {
    for await (const { entries, unread } of part.entries({})) {
      expect(unread).toEqual([]);
      for (const { state, keyGroup, key, timestamp } of entries) {
        const number = new DataView(Uint8Array.from(key ?? []).buffer).getInt32(0);
        lines.push(`${keyGroup} ${state.name} ${number} ${timestamp}`);
      }
    }
  }
  return lines.sort();
}

const wantedLine = (of: Timer, maxParallelism: number): string =>
  `${groupOf(of, maxParallelism)} _timer_state/${of.processing ? 'processing' : 'event'}_service-${of.service} ${of.key} ${of.time}`;

describe('timers in raw keyed state', () => {
  test('go to the key groups of their keys, and name all services in each of them', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(timer, { maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 5 }),
        async (timers, from, maxParallelism, wanted) => {
          const parallelism = Math.min(wanted, maxParallelism);
          const middle = Math.floor(from / 2);
          const parts = [await partOf(timers, middle, from - 1, from)];
          if (middle > 0) parts.push(await partOf(timers, 0, middle - 1, from));
          const moved = new MovedTimers(parts, from, { parallelism, maxParallelism }, null);
          await moved.check();
          expect(moved.count).toBe(timers.length);
          const output = await createOutputFolder(temporary.at(`out-${run}`));
          const handles = await moved.write({ output, names: new FileNames(), store: nodeFileStore });
          const written: RawTimersPart[] = [];
          for (const [subtask, handle] of handles.entries()) {
            const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
            expect([handle.startKeyGroup, handle.offsets.length]).toEqual([start, end - start + 1]);
            const { stream } = handle;
            const bytes =
              stream?.type === 'bytes'
                ? stream.data
                : readFileSync(temporary.at(`out-${run}`, stream?.type === 'relative' ? stream.path : ''));
            const part = await opened(handle, new Uint8Array(bytes));
            expect(part.all).toHaveLength(2);
            written.push(part);
          }
          expect(await linesOf(written)).toEqual(timers.map((of) => wantedLine(of, maxParallelism)).sort());
          await output.abandon();
          run++;
        },
      ),
      { numRuns: 40 },
    );
  });

  test('that lie in another key group than their key says are refused', async () => {
    const timers = Array.from({ length: 20 }, (_, key) => ({ service: 0, processing: false, key, time: 1n }));
    const part = await partOf(timers, 0, 15, 16);
    const moved = new MovedTimers([part], 17, { parallelism: 1, maxParallelism: 32 }, null);
    await expect(moved.check()).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringMatching(/hash/) });
  });
});

describeCorpus('timers of Flink 1.7 and older', () => {
  const old = corpusSnapshots().filter(({ name }) => /stateful-udf-migration.*flink1\.[3-7]-/.test(name));

  test.each(old.map(({ name, path }) => [name, path]))('%s: all of them move, and move back', async (_, path) => {
    const rescale = (maxParallelism: number) =>
      ({ kind: 'rescale', parallelism: null, maxParallelism, operators: null }) as const;
    const [there, back] = [temporary.at('there'), temporary.at('back')];
    const snapshot = await openSnapshot(path, nodeFileStore);
    const parallel = snapshot.operators.map(({ state }) => state.maxParallelism);
    await snapshot.close();
    const proof = await applied(planOf(path, rescale(977)), there);
    expect(proof.keysChecked).toBeGreaterThan(0);
    await applied(planOf(there, rescale(Math.max(...parallel))), back);
    const [before, moved, after] = [await contentOf(path), await contentOf(there), await contentOf(back)];
    expect([...before.keyed.keys()].some((id) => id.includes('_timer_state/'))).toBe(true);
    expect(moved).toEqual(before);
    expect(after).toEqual(before);
  });
});
