import { VALUE_SERIALIZER } from '../backends/stateMeta';
import { EngineError } from '../bytes/engineError';
import { isOperator } from '../entries';
import { isTimed as hasTimes } from '../plan/timeToLive';
import type { Snapshot } from '../snapshot';
import type { FileStore } from '../storage/byteSource';
import { withAvroSchemas } from '../types/describe/avro/avroSchemas';
import type { DescribedType } from '../types/describe/describedType';
import type { FlinkLine } from '../types/describe/flinkLine';
import { storedType } from '../types/describe/storedType';
import { parseTypeText } from '../types/describe/typeText';
import { inside } from '../types/jsonInput';
import { KeyedSource } from '../write/keyedSource';
import type { BootstrapKind, OperatorKind, TypeReference } from './step';

/** What types of a plan are made from. */
export interface TypePlaces {
  /** The snapshot that the plan begins with. */
  from: Snapshot | null;
  snapshot(path: string): Promise<Snapshot>;
  /** Where the files of Avro's schemas lie. */
  store: FileStore;
  line: FlinkLine;
  signal: AbortSignal | undefined;
}

/** The type of keys, or of namespaces: one in words, or that of an operator's keys. */
export async function keyType(reference: TypeReference, places: TypePlaces): Promise<DescribedType> {
  if (reference.kind === 'words') return only(reference.types, places);
  const source = await sourceOf(reference, places);
  if (reference.state === null) return storedType(source.keyBytes, places.line);
  throw new EngineError('BAD_ARGUMENT', 'The type of keys is that of an operator, without a state.', {
    where: 'typeOf',
  });
}

/** The type of a state's whole value; with `isTimed` its values, elements or the values of its map have a time-to-live. */
export async function valueType(
  kind: BootstrapKind,
  reference: TypeReference,
  isTimed: boolean,
  places: TypePlaces,
): Promise<DescribedType> {
  if (reference.kind === 'of') return storedValueType(kind, reference, isTimed, places);
  const timed = (type: DescribedType): DescribedType => (isTimed ? { name: 'ttl', arguments: [type] } : type);
  if (kind === 'map') {
    const [key, value] = await mapTypes(reference.types, places);
    return { name: 'map', arguments: [key, timed(value)] };
  }
  const type = await only(reference.types, places);
  return kind === 'list' ? { name: 'list', arguments: [timed(type)] } : timed(type);
}

/** Of an operator state: that of its elements, or of a broadcast state those of keys and values. */
export async function operatorTypes(
  kind: OperatorKind,
  { types }: Extract<TypeReference, { kind: 'words' }>,
  places: TypePlaces,
): Promise<readonly DescribedType[]> {
  return kind === 'broadcast' ? mapTypes(types, places) : [await only(types, places)];
}

/** `["string", "long"]`, or `map<string, long>`. */
async function mapTypes(
  types: readonly string[],
  places: TypePlaces,
): Promise<readonly [DescribedType, DescribedType]> {
  if (types.length === 2) return [await typeOfWords(types[0], places), await typeOfWords(types[1], places)];
  const map = await typeOfWords(types[0], places);
  const [key, value] = map.arguments ?? [];
  if (map.name === 'map' && key !== undefined && value !== undefined) return [key, value];
  throw new EngineError('BAD_ARGUMENT', 'A map has the types of its keys and of its values: ["string", "long"].', {
    where: 'type',
  });
}

async function only(types: readonly string[], places: TypePlaces): Promise<DescribedType> {
  if (types.length === 1) return typeOfWords(types[0], places);
  throw new EngineError('BAD_ARGUMENT', 'Only a map has two types.', { where: 'type' });
}

function typeOfWords(words: string, { store, signal }: TypePlaces): Promise<DescribedType> {
  const type = inside('type', () => parseTypeText(words));
  return withAvroSchemas(type, (file) => schemaText(store, file, signal));
}

/** No schema is longer, but a file may be that is none. */
const LONGEST_SCHEMA = 16 * 1024 * 1024;

async function schemaText(store: FileStore, file: string, signal: AbortSignal | undefined): Promise<string> {
  const source = await store.open(file);
  try {
    if (source.size > LONGEST_SCHEMA)
      throw new EngineError('LIMIT', `A schema has at most ${LONGEST_SCHEMA} bytes, this file has ${source.size}.`, {
        file,
      });
    return new TextDecoder().decode(await source.read(0, source.size, signal));
  } finally {
    await source.close();
  }
}

async function storedValueType(
  kind: BootstrapKind,
  reference: Extract<TypeReference, { kind: 'of' }>,
  isTimed: boolean,
  places: TypePlaces,
): Promise<DescribedType> {
  const source = await sourceOf(reference, places);
  const state = source.states.find(({ name }) => name === reference.state);
  const refuse = (message: string, hint?: string) =>
    new EngineError('BAD_ARGUMENT', message, { where: 'typeOf', hint });
  if (state === undefined) {
    const names = source.states.map(({ name }) => name);
    throw new EngineError('NOT_FOUND', `The operator ${reference.operator} has no keyed state ${reference.state}.`, {
      where: 'typeOf',
      hint: names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}`,
    });
  }
  const stored = state.canonical.kind;
  if (stored !== kind) throw refuse(`${state.name} is of kind ${stored}, not ${kind}.`);
  const hasStamp = hasTimes(state.canonical);
  if (hasStamp && !isTimed)
    throw refuse(`${state.name} has a time-to-live: "ttl" is missing, when its values were last used.`);
  if (!hasStamp && isTimed) throw refuse(`${state.name} has no time-to-live, so that there is no place for "ttl".`);
  const bytes = state.meta.serializers.find(({ key }) => key === VALUE_SERIALIZER)?.bytes;
  if (bytes === undefined) {
    throw new EngineError(
      'UNSUPPORTED_VERSION',
      'The type is in a form that Flink 1.2 to 1.6 wrote and that a new snapshot cannot hold.',
      {
        where: 'typeOf',
      },
    );
  }
  return storedType(bytes, places.line);
}

async function sourceOf(
  { from, operator: wanted }: Extract<TypeReference, { kind: 'of' }>,
  places: TypePlaces,
): Promise<KeyedSource> {
  const snapshot = from === null ? places.from : await places.snapshot(from);
  if (snapshot === null) {
    throw new EngineError('BAD_ARGUMENT', 'The plan starts from nothing: say which snapshot, "from".', {
      where: 'typeOf',
    });
  }
  const operator = snapshot.operators.find((candidate) => isOperator(candidate, wanted));
  const source = operator === undefined ? null : await KeyedSource.open(snapshot, operator, places.signal);
  if (source !== null) return source;
  const what =
    operator === undefined ? `The snapshot has no operator ${wanted}.` : `The operator ${wanted} has no keyed state.`;
  throw new EngineError('NOT_FOUND', what, { file: snapshot.metadataPath, where: 'typeOf' });
}
