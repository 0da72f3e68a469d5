import type { StateKind } from '../description';
import type { Codec } from '../types/codec';
import type { KeyedHeader } from './keyedHeader';
import type { PartState, ValueLayout } from './part';
import {
  DISTRIBUTION_MODE,
  KEY_SERIALIZER,
  KEYED_STATE_TYPE,
  NAMESPACE_SERIALIZER,
  optionOf,
  type StateMeta,
  serializerOf,
  USER_KEY_SERIALIZER,
  VALUE_SERIALIZER,
} from './stateMeta';

/** How keyed state lies in a file: entry by entry as in RocksDB (canonical files too), or as tables of a heap backend. */
export type KeyedLayout = 'entries' | 'tables';

const KEYED_KINDS: Readonly<Record<string, StateKind>> = {
  VALUE: 'value',
  LIST: 'list',
  MAP: 'map',
  REDUCING: 'reducing',
  AGGREGATING: 'aggregating',
  FOLDING: 'folding',
};

/** Names of timer states begin so (InternalTimeServiceManagerImpl); other priority queues are laid out alike. */
export function kindOf(meta: StateMeta): StateKind {
  switch (meta.type) {
    case 'priorityQueue':
      return 'timer';
    case 'broadcast':
      return 'broadcast';
    case 'operator':
      return optionOf(meta, DISTRIBUTION_MODE) === 'UNION' ? 'operator-union' : 'operator-list';
    default:
      return KEYED_KINDS[optionOf(meta, KEYED_STATE_TYPE) ?? ''] ?? 'unknown';
  }
}

/** The states of a keyed header, each with the codecs that the given layout needs. */
export function keyedStates(header: KeyedHeader, layout: KeyedLayout): PartState[] {
  return header.states.map((meta) => keyedState(meta, header.key, layout, header.version));
}

export function keyedState(meta: StateMeta, key: Codec | null, layout: KeyedLayout, version: number): PartState {
  const kind = kindOf(meta);
  const whole = serializerOf(meta, VALUE_SERIALIZER) ?? null;
  if (kind === 'timer') {
    const [timerKey = key, namespace = null] = whole?.parts ?? [];
    return { name: meta.name, kind, meta, key: timerKey, namespace, userKey: null, value: null, layout: 'none' };
  }
  const namespace = serializerOf(meta, NAMESPACE_SERIALIZER) ?? null;
  return { name: meta.name, kind, meta, key, namespace, ...valueParts(meta, kind, whole, layout, version) };
}

interface ValueParts {
  userKey: Codec | null;
  value: Codec | null;
  layout: ValueLayout;
}

function valueParts(
  meta: StateMeta,
  kind: StateKind,
  whole: Codec | null,
  layout: KeyedLayout,
  version: number,
): ValueParts {
  if (kind === 'map') {
    // Asynchronous state (ForSt) names the two serializers apart; else they are inside a MapSerializer.
    if (meta.type === 'keyValueV2') {
      return { userKey: serializerOf(meta, USER_KEY_SERIALIZER) ?? null, value: whole, layout: 'nullable' };
    }
    const [userKey = null, value = null] = whole?.parts ?? [];
    return { userKey, value, layout: 'nullable' };
  }
  if (kind === 'list' && layout === 'entries') {
    // Flink 1.2 (RocksDB) registers the serializer of the elements, as asynchronous state does; else it is inside a ListSerializer.
    const isElement = meta.type === 'keyValueV2' || version <= 2;
    return { userKey: null, value: isElement ? whole : (whole?.parts?.[0] ?? null), layout: 'delimited' };
  }
  return { userKey: null, value: whole, layout: 'whole' };
}

/** A state of an operator header. */
export function operatorState(meta: StateMeta): PartState {
  const value = serializerOf(meta, VALUE_SERIALIZER) ?? null;
  const userKey = meta.type === 'broadcast' ? (serializerOf(meta, KEY_SERIALIZER) ?? null) : null;
  return { name: meta.name, kind: kindOf(meta), meta, key: null, namespace: null, userKey, value, layout: 'whole' };
}
