import type { Codec } from '../types/codec';

/**
 * What the header of a state file says of one state.
 * Source: org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.
 */
export interface StateMeta {
  name: string;
  type: BackendStateType;
  /** In file order; keys are `CommonOptionsKeys`. Older forms are given the options that Flink derives from them. */
  options: [key: string, value: string][];
  /** In file order; keys are `CommonSerializerKeys`. */
  serializers: StateSerializer[];
  /** The entry as it stands in the header. */
  bytes: Uint8Array;
}

export interface StateSerializer {
  key: string;
  codec: Codec;
  /** The serializer as it stands in the header, where it stands there by itself (since 1.7). */
  bytes?: Uint8Array;
}

/** `StateMetaInfoSnapshot.BackendStateType` by ordinal; `keyValueV2` since 2.0. */
export const BACKEND_STATE_TYPES = ['keyValue', 'operator', 'broadcast', 'priorityQueue', 'keyValueV2'] as const;
export type BackendStateType = (typeof BACKEND_STATE_TYPES)[number];

/** `StateDescriptor.Type` by ordinal, as Flink 1.2 to 1.5 write it. */
export const STATE_DESCRIPTOR_TYPES = [
  'UNKNOWN',
  'VALUE',
  'LIST',
  'REDUCING',
  'FOLDING',
  'AGGREGATING',
  'MAP',
] as const;

export const KEY_SERIALIZER = 'KEY_SERIALIZER';
export const NAMESPACE_SERIALIZER = 'NAMESPACE_SERIALIZER';
export const VALUE_SERIALIZER = 'VALUE_SERIALIZER';
export const USER_KEY_SERIALIZER = 'USER_KEY_SERIALIZER';
export const KEYED_STATE_TYPE = 'KEYED_STATE_TYPE';
export const DISTRIBUTION_MODE = 'OPERATOR_STATE_DISTRIBUTION_MODE';

export function optionOf(meta: StateMeta, key: string): string | undefined {
  return meta.options.find(([k]) => k === key)?.[1];
}

export function serializerOf(meta: StateMeta, key: string): Codec | undefined {
  return meta.serializers.find((s) => s.key === key)?.codec;
}

/** `OperatorStateHandle.Mode` by ordinal; 1.2 to 1.4 call UNION `BROADCAST`, in headers that have the ordinal only. */
export const MODE_ORDINALS = ['SPLIT_DISTRIBUTE', 'UNION', 'BROADCAST'] as const;
