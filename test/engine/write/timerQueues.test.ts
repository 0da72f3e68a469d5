import { describe, expect, test } from 'vitest';
import { writeKeyedHeader } from '../../../src/engine/backends/keyedHeader';
import { HeaderReader } from '../../../src/engine/backends/openHeader';
import { keyedStates } from '../../../src/engine/backends/partState';
import { RawTimersPart } from '../../../src/engine/backends/rawTimers';
import { Sink } from '../../../src/engine/bytes/sink';
import type { KeyGroupsHandle } from '../../../src/engine/metadata/model';
import { openSnapshot } from '../../../src/engine/snapshot';
import { MemorySource } from '../../../src/engine/storage/memorySource';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { newSerializer } from '../../../src/engine/types/describe/newSerializer';
import { parseTypeText } from '../../../src/engine/types/describe/typeText';
import { spellType } from '../../../src/engine/types/typeInfo';
import { modernTimerQueues } from '../../../src/engine/write/timerQueues';
import { corpusSnapshots, describeCorpus } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, planOf, type Step } from '../plan/harness';
import { simple } from '../types/snapshotBytes';

const temporary = useTemporaryFolder();
const codecOf = (type: string) => newSerializer(parseTypeText(type), '2.1').codec;

/** One key group of raw keyed state that names a service `sums` without timers. */
async function partOf(namespace: (sink: Sink) => void): Promise<RawTimersPart> {
  const sink = new Sink();
  sink.i32(0xf1cd859f | 0);
  sink.i32(2);
  sink.i32(1);
  sink.utf('sums');
  simple('IntSerializer')(sink);
  namespace(sink);
  sink.i32(0);
  sink.i32(0);
  const source = new MemorySource('raw', sink.toBytes());
  const handle: KeyGroupsHandle = {
    type: 'keyGroups',
    startKeyGroup: 0,
    offsets: [0],
    stream: null,
    stateHandleId: null,
  };
  const part = await RawTimersPart.open(handle, source, { kryo: 5 });
  if (part === null) throw new Error('These are timers.');
  return part;
}

describe('timers of raw keyed state as managed queues', () => {
  test('are said in a header that reads as two queues, with the serializers of the timers', async () => {
    const { key, states } = modernTimerQueues([await partOf(simple('LongSerializer'))], null, '2.1');
    const sink = new Sink();
    const metas = states.map(({ meta }) => meta.bytes);
    writeKeyedHeader(sink, { version: 6, keyBytes: key?.bytes ?? new Uint8Array(0), states: metas });
    const file = new MemorySource('header', sink.toBytes());
    const { value: header } = await new HeaderReader({ kryo: 5 }).readKeyed(file, file.size);
    expect(
      keyedStates(header, 'entries').map(({ name, kind, key, namespace }) => [
        name,
        kind,
        ...[key, namespace].map((codec) => (codec === null ? '' : spellType(codec.type))),
      ]),
    ).toEqual([
      ['_timer_state/event_sums', 'timer', 'int', 'long'],
      ['_timer_state/processing_sums', 'timer', 'int', 'long'],
    ]);
  });

  test('of keys other than those of the keyed state, or of two namespaces, are refused', async () => {
    const part = await partOf(simple('LongSerializer'));
    expect(() => modernTimerQueues([part], codecOf('string'), '2.1')).toThrow(/int, and others as string/);
    const other = await partOf(simple('IntSerializer'));
    expect(() => modernTimerQueues([part, other], null, '2.1')).toThrow(/int, and others as long/);
  });
});

describeCorpus('timers of Flink 1.4 to 1.6 for the newest Flink', () => {
  const pathOf = (name: string): string => {
    const found = corpusSnapshots().find((snapshot) => snapshot.name.endsWith(name));
    if (found === undefined) throw new Error(`The corpus has no ${name}.`);
    return found.path;
  };
  const rescale: Step = { kind: 'rescale', parallelism: null, maxParallelism: 977, operators: null };

  test.each([
    ['new-stateful-udf-migration-itcase-flink1.4-savepoint', 'a copy in the canonical format', 'canonical', []],
    ['new-stateful-udf-migration-itcase-flink1.4-rocksdb-savepoint', 'a copy in the format of the heap', 'heap', []],
    ['new-stateful-udf-migration-itcase-flink1.6-rocksdb-savepoint', 'a plain copy', null, []],
    ['stateful-udf-migration-itcase-flink1.4-savepoint', 'a rescale', null, [rescale]],
  ] as const)('%s: %s has all of them, and none in raw keyed state', async (name, _, format, steps) => {
    const path = pathOf(name);
    const out = temporary.at('out');
    await applied({ ...planOf(path, ...steps), ...(format !== null && { format }), metadataVersion: 6 }, out);
    const [before, after] = [await contentOf(path), await contentOf(out)];
    expect(after).toEqual(before);
    expect([...after.keyed.keys()].some((id) => id.includes('_timer_state/'))).toBe(true);
    const written = await openSnapshot(out, nodeFileStore);
    const raw = written.operators.flatMap((operator) => operator.subtasks.map(({ rawKeyedState }) => rawKeyedState));
    await written.close();
    expect(raw.filter((handle) => handle !== null)).toEqual([]);
  });

  test('with metadata of version 3 they stay as they are', async () => {
    const path = pathOf('new-stateful-udf-migration-itcase-flink1.4-savepoint');
    const out = temporary.at('out');
    await applied({ ...planOf(path, rescale), metadataVersion: 3 }, out);
    expect(await contentOf(out)).toEqual(await contentOf(path));
  });
});
