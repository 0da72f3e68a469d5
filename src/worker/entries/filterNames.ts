import type { PartState } from '../../engine/backends/part';
import { isVoid } from '../../engine/decodeEntry';
import { fieldsOf, valueType } from '../../engine/entryTypes';
import { hasTtl, spellType, type TypeInfo } from '../../engine/types/typeInfo';
import type { FilterName } from '../../view/shownRows';
import { isArrayInJson } from './keyForm';

/** Fields within fields that are named: a type can hold itself. */
const MAX_DEPTH = 5;
const MAX_NAMES = 500;

/** What CEL's dot takes for a field. */
const FIELD = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Functions of CEL that are of use for entries. */
const FUNCTIONS: readonly [name: string, type: string][] = [
  ['size()', '(string | list | map) → int'],
  ['startsWith()', 'string.(string) → bool'],
  ['endsWith()', 'string.(string) → bool'],
  ['contains()', 'string.(string) → bool'],
  ['matches()', 'string.(regular expression) → bool'],
  ['int()', '(value) → int'],
  ['double()', '(value) → double'],
  ['string()', '(value) → string'],
  ['has()', '(field) → bool'],
];

/** Names that a filter over this state's entries may use, in the order in which one would look for them. */
export function filterNames(state: PartState): FilterName[] {
  const { key, namespace, userKey, kind } = state;
  const names: FilterName[] = [];
  const add = (name: string, type: TypeInfo | undefined): void => addNames(names, name, type, 'variable', 0);
  const plain = (name: string, type: string): void => void names.push({ name, type, is: 'variable' });
  if (key !== null) add('key', key.type);
  if (namespace !== null && !isVoid(namespace)) add('namespace', namespace.type);
  if (userKey !== null) add('mapKey', userKey.type);
  const value = state.layout === 'none' ? undefined : valueType(state);
  if (value !== undefined) add('value', value.name === 'ttl' ? value.arguments?.[0] : value);
  if (kind === 'timer') plain('timestamp', 'long');
  if (value !== undefined && hasTtl(value)) plain('ttl', 'long');
  if (key !== null) plain('keyGroup', 'int');
  plain('subtask', 'int');
  if (kind === 'operator-list' || kind === 'operator-union') plain('index', 'int');
  return [...names, ...FUNCTIONS.map(([name, type]) => ({ name, type, is: 'function' as const }))];
}

function addNames(
  names: FilterName[],
  name: string,
  type: TypeInfo | undefined,
  is: FilterName['is'],
  depth: number,
): void {
  if (names.length >= MAX_NAMES) return;
  names.push({ name, type: type === undefined ? '' : spellType(type), is });
  // Tuples and rows are lists to CEL, and are asked by index.
  const isList = type !== undefined && isArrayInJson(type);
  if (depth >= MAX_DEPTH) return;
  for (const [i, { name: field, type: of }] of fieldsOf(type).entries()) {
    if (isList) addNames(names, `${name}[${i}]`, of, 'field', depth + 1);
    else if (FIELD.test(field)) addNames(names, `${name}.${field}`, of, 'field', depth + 1);
  }
}
