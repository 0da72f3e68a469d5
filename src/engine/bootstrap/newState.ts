import type { PartState } from '../backends/part';
import { keyedState, operatorState } from '../backends/partState';
import {
  DISTRIBUTION_MODE,
  KEY_SERIALIZER,
  KEYED_STATE_TYPE,
  NAMESPACE_SERIALIZER,
  type StateMeta,
  type StateSerializer,
  VALUE_SERIALIZER,
} from '../backends/stateMeta';
import { writeAnyV6 } from '../backends/stateMetaForms';
import { Sink } from '../bytes/sink';
import type { Codec } from '../types/codec';
import type { DescribedType } from '../types/describe/describedType';
import type { FlinkLine } from '../types/describe/flinkLine';
import { type NewSerializer, newSerializer } from '../types/describe/newSerializer';
import type { BootstrapKind, OperatorKind } from './step';

/** Version of the header of keyed state since Flink 1.7, the only one that describes new states here. */
export const NEW_HEADER = 6;
/** Version of a serializer's envelope in such a header. */
const ENVELOPE = 2;

/** A state in a header, with the codecs for its entries in the canonical layout. */
export interface DescribedState {
  readonly name: string;
  readonly meta: StateMeta;
  readonly canonical: PartState;
}

export const VOID_NAMESPACE: DescribedType = { name: 'void-namespace' };

/**
 * What a header says of a new keyed state: type `KEY_VALUE`, its kind as an option, the serializers of namespace and value.
 * Source: RegisteredKeyValueStateBackendMetaInfo.computeSnapshot, since 1.7.
 */
export function newKeyedState(
  name: string,
  kind: BootstrapKind,
  value: DescribedType,
  namespace: DescribedType,
  key: Codec,
  line: FlinkLine,
): DescribedState {
  return described(
    { name, type: 'keyValue', options: [[KEYED_STATE_TYPE, kind.toUpperCase()]] },
    [
      serializerEntry(NAMESPACE_SERIALIZER, newSerializer(namespace, line)),
      serializerEntry(VALUE_SERIALIZER, newSerializer(value, line)),
    ],
    key,
  );
}

/**
 * The queue of a timer service. Source: InternalTimeServiceManagerImpl (its name),
 * RegisteredPriorityQueueStateBackendMetaInfo.computeSnapshot, since 1.7.
 */
export function newTimerQueue(
  name: string,
  keyType: DescribedType,
  namespace: DescribedType,
  key: Codec,
  line: FlinkLine,
): DescribedState {
  const timer = newSerializer({ name: 'timer', arguments: [keyType, namespace] }, line);
  return described({ name, type: 'priorityQueue', options: [] }, [serializerEntry(VALUE_SERIALIZER, timer)], key);
}

/**
 * Operator state as its header describes it: list and union state with the serializer of their elements, broadcast state with
 * those of key and value. Source: RegisteredOperatorStateBackendMetaInfo and RegisteredBroadcastStateBackendMetaInfo,
 * computeSnapshot, since 1.7.
 */
export function newOperatorState(
  name: string,
  kind: OperatorKind,
  types: readonly DescribedType[],
  line: FlinkLine,
): { meta: StateMeta; state: PartState } {
  const head = {
    name,
    type: kind === 'broadcast' ? 'broadcast' : 'operator',
    options: [[DISTRIBUTION_MODE, MODES[kind]]],
  } satisfies Pick<StateMeta, 'name' | 'type' | 'options'>;
  const keys = kind === 'broadcast' ? [KEY_SERIALIZER, VALUE_SERIALIZER] : [VALUE_SERIALIZER];
  const serializers = keys.map((key, i) => serializerEntry(key, newSerializer(types[i], line)));
  const sink = new Sink();
  writeAnyV6(
    sink,
    head,
    serializers.map((serializer) => [serializer.key, serializer.bytes]),
  );
  const meta: StateMeta = { ...head, options: [[DISTRIBUTION_MODE, MODES[kind]]], serializers, bytes: sink.toBytes() };
  return { meta, state: operatorState(meta) };
}

const MODES: Readonly<Record<OperatorKind, string>> = {
  'operator-list': 'SPLIT_DISTRIBUTE',
  'operator-union': 'UNION',
  broadcast: 'BROADCAST',
};

export const timerQueueName = (domain: 'event' | 'processing', service: string): string =>
  `_timer_state/${domain}_${service}`;

/** `i4 2`, then the versioned snapshot. */
export function envelopeOf({ snapshot }: Pick<NewSerializer, 'snapshot'>): Uint8Array {
  const sink = new Sink(snapshot.length + 4);
  sink.i32(ENVELOPE);
  sink.raw(snapshot);
  return sink.toBytes();
}

function serializerEntry(key: string, serializer: NewSerializer): Required<StateSerializer> {
  return { key, codec: serializer.codec, bytes: envelopeOf(serializer) };
}

function described(
  head: Pick<StateMeta, 'name' | 'type' | 'options'>,
  serializers: readonly Required<StateSerializer>[],
  key: Codec,
): DescribedState {
  const sink = new Sink();
  writeAnyV6(
    sink,
    head,
    serializers.map((serializer) => [serializer.key, serializer.bytes]),
  );
  const meta: StateMeta = { ...head, serializers: [...serializers], bytes: sink.toBytes() };
  return { name: head.name, meta, canonical: keyedState(meta, key, 'entries', NEW_HEADER) };
}
