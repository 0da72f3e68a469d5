import type { PartState, StatePart } from '../backends/part';
import { serializerOf, VALUE_SERIALIZER } from '../backends/stateMeta';
import { isVoid } from '../decodeEntry';
import type { StateDescription } from '../description';
import type { Codec } from '../types/codec';
import { hasTtl, spellType, type TypeInfo, whyUnreadable } from '../types/typeInfo';

/** A type that the header names no serializer for. */
const UNNAMED: TypeInfo = { name: 'unknown', serializer: '', unreadable: 'The header names no serializer for it.' };

/** What one subtask's header says of a state. */
export function describeState(state: PartState, part: StatePart): StateDescription {
  const typeInfo = typeOf(state);
  const why = [typeInfo, state.key?.type, state.namespace?.type]
    .map((type) => (type === undefined ? null : whyUnreadable(type)))
    .find((reason) => reason !== null);
  return {
    name: state.name,
    kind: state.kind,
    backend: part.backend,
    keyType: spelled(state.key),
    namespaceType: isVoid(state.namespace) ? null : spelled(state.namespace),
    type: spellType(typeInfo),
    typeInfo,
    ttl: hasTtl(typeInfo),
    bytes: part.bytesOf(state),
    entries: part.entriesOf(state),
    subtasks: 1,
    readable: why === undefined,
    why: why ?? null,
  };
}

/** The same state of another subtask, added. */
export function addSubtask(state: StateDescription, other: StateDescription): void {
  state.subtasks++;
  state.bytes = sum(state.bytes, other.bytes);
  state.entries = sum(state.entries, other.entries);
  state.ttl ||= other.ttl;
  if (state.readable && !other.readable) {
    state.readable = false;
    state.why = other.why;
  }
}

/** The type of the state's value, as a person thinks of it: a map state is a map, whatever its layout. */
function typeOf(state: PartState): TypeInfo {
  const value = (state.meta === null ? undefined : serializerOf(state.meta, VALUE_SERIALIZER)) ?? state.value;
  if (state.kind === 'timer') return state.key?.type ?? UNNAMED;
  const type = value?.type ?? UNNAMED;
  if (state.kind === 'broadcast' || (state.kind === 'map' && state.meta?.type === 'keyValueV2')) {
    return { name: 'map', serializer: type.serializer, arguments: [state.userKey?.type ?? UNNAMED, type] };
  }
  if (
    state.kind === 'list' &&
    (state.meta?.type === 'keyValueV2' || value === state.value) &&
    state.layout === 'delimited'
  ) {
    return { name: 'list', serializer: type.serializer, arguments: [type] };
  }
  return type;
}

const spelled = (codec: Codec | null): string | null => (codec === null ? null : spellType(codec.type));
const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
