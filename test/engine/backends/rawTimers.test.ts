import { expect, test } from 'vitest';
import type { RawEntry } from '../../../src/engine/backends/part';
import { RawTimersPart } from '../../../src/engine/backends/rawTimers';
import { Sink } from '../../../src/engine/bytes/sink';
import type { KeyGroupsHandle } from '../../../src/engine/metadata/model';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { simple, versioned } from '../types/snapshotBytes';

const VOID = versioned('org.apache.flink.runtime.state.VoidNamespaceSerializer$VoidNamespaceSerializerSnapshot', 3);

/** One key group as InternalTimerServiceSerializationProxy writes it in version 2: a service with timers of both kinds. */
function keyGroup(
  sink: Sink,
  service: string,
  event: readonly [key: bigint, time: bigint][],
  processing: typeof event,
): void {
  for (const b of [0xf1, 0xcd, 0x85, 0x9f]) sink.u8(b);
  sink.i32(2);
  sink.i32(1);
  sink.utf(service);
  simple('LongSerializer')(sink);
  VOID(sink);
  for (const timers of [event, processing]) {
    sink.i32(timers.length);
    for (const [key, time] of timers) {
      sink.i64(key);
      sink.u8(0);
      sink.i64(time);
    }
  }
}

function written(...groups: ((sink: Sink) => void)[]): { handle: KeyGroupsHandle; bytes: Uint8Array } {
  const sink = new Sink();
  const offsets = groups.map((write) => {
    const from = sink.position;
    write(sink);
    return sink.position === from ? -1 : from;
  });
  return {
    handle: { type: 'keyGroupsV2', startKeyGroup: 8, offsets, stream: null, stateHandleId: 'x' },
    bytes: sink.toBytes(),
  };
}

const open = ({ handle, bytes }: ReturnType<typeof written>) =>
  RawTimersPart.open(handle, new MemorySource('raw', bytes), { kryo: 5 });

async function entriesOf(part: RawTimersPart, keyGroup?: number): Promise<RawEntry[]> {
  const all: RawEntry[] = [];
  for await (const batch of part.entries(keyGroup === undefined ? {} : { keyGroup })) {
    expect(batch.unread).toEqual([]);
    all.push(...batch.entries);
  }
  return all;
}

const many = Array.from({ length: 3000 }, (_, i): [bigint, bigint] => [BigInt(i), BigInt(i) - 1500n]);

test('timers of all key groups, in services of both times', async () => {
  const part = await open(
    written(
      (sink) => keyGroup(sink, 'user-timers', many, [[7n, 42n]]),
      () => {},
      (sink) => keyGroup(sink, 'user-timers', [], [[9n, -1n]]),
    ),
  );
  if (part === null) throw new Error('These are timers.');
  expect(part.states.map((s) => [s.name, s.kind])).toEqual([
    ['_timer_state/event_user-timers', 'timer'],
    ['_timer_state/processing_user-timers', 'timer'],
  ]);
  const entries = await entriesOf(part);
  expect(entries.map((e) => e.timestamp)).toEqual([...many.map(([, time]) => time), 42n, -1n]);
  expect(entries.filter((e) => e.keyGroup === 10).map((e) => e.state.name)).toEqual([
    '_timer_state/processing_user-timers',
  ]);
  expect((await entriesOf(part, 10)).map((e) => e.timestamp)).toEqual([-1n]);
  expect(await entriesOf(part, 9)).toEqual([]);
});

test('raw state that is something else, or nothing', async () => {
  expect(
    await open(written((sink) => sink.raw(new TextEncoder().encode('state of somebody else, not timers')))),
  ).toBeNull();
  expect(await open(written(() => {}))).toBeNull();
});

test('a key group that goes on behind its timers is damaged', async () => {
  const group = (sink: Sink): void => {
    keyGroup(sink, 'user-timers', [], []);
    sink.u8(0);
  };
  await expect(open(written(group))).rejects.toMatchObject({ code: 'CORRUPT', file: 'raw' });
});
