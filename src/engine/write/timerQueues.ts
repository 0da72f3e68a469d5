import type { PartState } from '../backends/part';
import { keyedState } from '../backends/partState';
import type { RawTimersPart } from '../backends/rawTimers';
import { type StateMeta, VALUE_SERIALIZER } from '../backends/stateMeta';
import { writeAnyV6 } from '../backends/stateMetaForms';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { Codec } from '../types/codec';
import { writeComposite } from '../types/compositeSnapshot';
import type { FlinkLine } from '../types/describe/flinkLine';
import { spellType } from '../types/typeInfo';
import type { KeyedSourceState } from './keyedSource';
import { envelope, type ModernSerializer, modernSerializer } from './modernMeta';

/** Header of Flink 1.7 and later, whose serializers stand by themselves. */
export const CURRENT_HEADER = 6;
const TIMER_SNAPSHOT = 'org.apache.flink.streaming.api.operators.TimerSerializerSnapshot';
const TIMER_SNAPSHOT_VERSION = 2;

/** Key and namespace serializer of timers: the codecs and the bare snapshots. */
interface TimerSerializers {
  readonly codecs: readonly [key: Codec, namespace: Codec];
  readonly snapshots: readonly [key: Uint8Array, namespace: Uint8Array];
}

/** What a header says of a managed queue of timers (since Flink 1.6; the serializer's snapshot since 1.7). */
export function timerQueueMeta(name: string, { codecs, snapshots }: TimerSerializers): StateMeta {
  const bytes = envelope((sink) => writeComposite(sink, TIMER_SNAPSHOT, TIMER_SNAPSHOT_VERSION, snapshots));
  const head = { name, type: 'priorityQueue', options: [] } satisfies Partial<StateMeta>;
  const sink = new Sink();
  writeAnyV6(sink, head, [[VALUE_SERIALIZER, bytes]]);
  // A queue's codec is asked for its parts alone.
  const codec = { ...codecs[0], parts: codecs };
  return { ...head, serializers: [{ key: VALUE_SERIALIZER, codec, bytes }], bytes: sink.toBytes() };
}

/** The states of timers in raw keyed state, whatever their form, as managed queues, and the serializer of their keys. */
export interface TimerQueues {
  /** Null where there are no timer services. */
  readonly key: ModernSerializer | null;
  readonly states: readonly KeyedSourceState[];
}

/**
 * Timers that Flink 1.7 and older left in raw keyed state, as managed queues that the given line describes: Flink 1.17 and later
 * read the old forms no more (InternalTimersSnapshotReaderWriters). A queue has one serializer of keys, that of all keyed state.
 */
export function modernTimerQueues(parts: readonly RawTimersPart[], key: Codec | null, line: FlinkLine): TimerQueues {
  const found = new Map<string, PartState>();
  let common = key;
  for (const state of parts.flatMap(({ states }) => states)) {
    if (state.key === null || state.namespace === null) throw refused(state.name, 'their serializers are not known');
    common ??= state.key;
    const known = found.get(state.name) ?? state;
    expectSameType(state, state.key, common);
    expectSameType(state, state.namespace, known.namespace);
    found.set(state.name, known);
  }
  if (common === null || found.size === 0) return { key: null, states: [] };
  const keys = modernSerializer(common, line);
  const states = [...found.values()].map(({ name, namespace }): KeyedSourceState => {
    if (namespace === null) throw refused(name, 'their serializers are not known');
    const namespaces = modernSerializer(namespace, line);
    const meta = timerQueueMeta(name, {
      codecs: [keys.codec, namespaces.codec],
      snapshots: [keys.snapshot, namespaces.snapshot],
    });
    return { name, meta, canonical: keyedState(meta, keys.codec, 'entries', CURRENT_HEADER) };
  });
  return { key: keys, states };
}

function expectSameType({ name }: PartState, codec: Codec, known: Codec | null): void {
  const [is, was] = [spellType(codec.type), known === null ? '' : spellType(known.type)];
  if (is !== was) throw refused(name, `they are serialized as ${is}, and others as ${was}`);
}

const refused = (name: string, why: string): EngineError =>
  new EngineError('REFUSED', `The timers of ${name} cannot become a queue in managed state: ${why}.`, {
    hint: 'Write metadata of version 3, which Flink 1.11 to 1.16 restore, and let one of these take a savepoint.',
  });
