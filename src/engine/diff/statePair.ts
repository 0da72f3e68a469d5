import type { PartState } from '../backends/part';
import type { Codec } from '../types/codec';
import { spellType, type TypeInfo } from '../types/typeInfo';
import type { TypeChange } from './diffResult';
import { typeChanges } from './typeChanges';

/** How something is compared. */
export type How =
  /** Both sides serialize alike: byte for byte. */
  | 'bytes'
  /** The same elements, with a count in front on one side, with a byte between them on the other. */
  | 'elements'
  /** Neither: by the JSON form of what the bytes mean. */
  | 'meaning';

/** One state as both snapshots have it. */
export interface StatePair {
  /** Its number among the states of the operator. */
  readonly number: number;
  readonly name: string;
  readonly before: PartState;
  readonly after: PartState;
  /** Key, namespace and map key; of a list of an operator the elements. */
  readonly id: Exclude<How, 'elements'>;
  readonly value: How;
  /** Bytes that differ may mean the same: a map is written in any order. */
  readonly isLoose: boolean;
  /** What differs between its types; empty where nothing does. */
  readonly changes: readonly TypeChange[];
}

/** `isSameKryo`: both snapshots were written with the same Kryo, whose versions write different bytes. */
export function pairOf(number: number, before: PartState, after: PartState, isSameKryo: boolean): StatePair {
  const isAlike = (part: 'key' | 'namespace' | 'userKey' | 'value'): boolean =>
    areAlike(before[part], after[part], isSameKryo);
  const isSameKind = before.kind === after.kind;
  const isElement = isList(before);
  const isSameId = isElement ? isAlike('value') : isAlike('key') && isAlike('namespace') && isAlike('userKey');
  let value: How = 'meaning';
  if (isSameKind && isAlike('value') && before.layout === after.layout) value = 'bytes';
  else if (isSameKind && areElements(before, after, isSameKryo)) value = 'elements';
  return {
    number,
    name: before.name,
    before,
    after,
    id: isSameKind && isSameId ? 'bytes' : 'meaning',
    value,
    isLoose: [before, after].some((state) => state.value === null || isLoose(state.value.type)),
    changes: typeChanges(before, after),
  };
}

/** Lists of an operator, whose elements are compared and have no keys. */
export const isList = ({ kind }: Pick<PartState, 'kind'>): boolean =>
  kind === 'operator-list' || kind === 'operator-union';

export const isOperatorState = (state: Pick<PartState, 'kind'>): boolean => isList(state) || state.kind === 'broadcast';

/** The element's codec of a list that is written as a count and the elements (`ListSerializer`). */
export function elementOfCounted({ layout, value }: PartState): Codec | null {
  const isCounted =
    layout === 'whole' && value !== null && /[.$](Array)?ListSerializer(Snapshot)?$/.test(value.type.serializer);
  return isCounted ? (value.parts?.[0] ?? null) : null;
}

function areElements(before: PartState, after: PartState, isSameKryo: boolean): boolean {
  const [delimited, counted] = before.layout === 'delimited' ? [before, after] : [after, before];
  if (delimited.layout !== 'delimited' || delimited.value === null) return false;
  const element = elementOfCounted(counted);
  return element !== null && areAlike(delimited.value, element, isSameKryo);
}

/** Whether both write the same bytes. */
function areAlike(a: Codec | null, b: Codec | null, isSameKryo: boolean): boolean {
  const text = spelled(a);
  return text === spelled(b) && (isSameKryo || !text.includes('kryo'));
}

const spelled = (codec: Codec | null): string => (codec === null ? '(none)' : spellType(codec.type));

/** Types of which a value has one form in bytes only. */
const STRICT = new Set([
  ...[
    'boolean',
    'byte',
    'short',
    'int',
    'long',
    'float',
    'double',
    'char',
    'string',
    'void',
    'void-namespace',
    'byte[]',
  ],
  ...['timestamp', 'sql-timestamp', 'instant', 'localdate', 'localtime', 'localdatetime', 'time-window'],
  ...['list', 'tuple', 'row', 'ttl'],
]);

function isLoose(type: TypeInfo): boolean {
  if (!STRICT.has(type.name)) return true;
  return [...(type.arguments ?? []), ...(type.fields ?? []).map((field) => field.type)].some(isLoose);
}
