import type { StateDescription } from '../engine/description';
import { spellType, type TypeInfo } from '../engine/types/typeInfo';
import { typeAt, valueTypeOf, withoutTtl } from './typeForms';

/** What may follow in an expression of CEL. */
export interface ExpressionSuggestion {
  label: string;
  detail: string;
  insert: string;
  /** Characters before the cursor that it takes the place of. */
  replaces: number;
}

const isList = (kind: StateDescription['kind']): boolean => kind === 'operator-list' || kind === 'operator-union';

/** Names that an expression over an entry knows, and whether this state's entries have them. */
const VARIABLES: readonly { name: string; of(state: StateDescription): string | null }[] = [
  { name: 'key', of: ({ keyType }) => keyType },
  { name: 'namespace', of: ({ namespaceType }) => namespaceType },
  { name: 'mapKey', of: ({ typeInfo }) => (typeInfo.name === 'map' ? spelled(typeInfo.arguments?.[0]) : null) },
  { name: 'value', of: (state) => (state.kind === 'timer' ? null : spelled(valueType(state))) },
  { name: 'timestamp', of: ({ kind }) => (kind === 'timer' ? 'long' : null) },
  { name: 'ttl', of: ({ ttl }) => (ttl ? 'long' : null) },
  { name: 'subtask', of: ({ kind }) => (isList(kind) ? 'int' : null) },
  { name: 'index', of: ({ kind }) => (isList(kind) ? 'int' : null) },
];

const FUNCTIONS = ['size(', 'int(', 'double(', 'string('];

/** Completes the last word of an expression: a variable, a field behind a dot, a constant behind a comparison. */
export function suggestInExpression(written: string, state: StateDescription | null): ExpressionSuggestion[] {
  const [word = ''] = /[\p{L}_$][\p{L}\p{N}_$.]*$/u.exec(written) ?? [];
  const cut = word.lastIndexOf('.') + 1;
  const [stem, replaces] = [word.slice(0, cut), word.length - cut];
  if (stem !== '') return state === null ? [] : fieldsBehind(stem, replaces, state);
  const variables = VARIABLES.flatMap(({ name, of }) => {
    const detail = state === null ? '' : of(state);
    return detail === null ? [] : [{ label: name, detail, insert: name, replaces }];
  });
  const functions = FUNCTIONS.map((name) => ({ label: `${name})`, detail: 'CEL', insert: name, replaces }));
  return [...constants(written, state), ...variables, ...functions];
}

function fieldsBehind(stem: string, replaces: number, state: StateDescription): ExpressionSuggestion[] {
  const [root, ...path] = stem.slice(0, -1).split('.');
  if (root !== 'value') return [];
  return (
    (typeAt(valueType(state), path)?.fields ?? [])
      // Any other name is no field to CEL's dot.
      .filter(({ name }) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
      .map(({ name, type }) => ({ label: name, detail: spelled(type) ?? '', insert: name, replaces }))
  );
}

/** `value.kind == ` wants a constant of that enum. */
function constants(written: string, state: StateDescription | null): ExpressionSuggestion[] {
  const [, path] = /\bvalue((?:\.[\p{L}_][\p{L}\p{N}_]*)*)\s*[!=]=\s*$/u.exec(written) ?? [];
  if (path === undefined || state === null) return [];
  const type = typeAt(valueType(state), path.split('.').slice(1));
  return (type?.constants ?? [])
    .filter((name) => /^[\p{L}\p{N}_ .-]+$/u.test(name))
    .map((name) => ({ label: `'${name}'`, detail: type?.className ?? '', insert: `'${name}'`, replaces: 0 }));
}

/** Of a map state, expressions run over each of its values. */
const valueType = (state: StateDescription): TypeInfo =>
  withoutTtl(valueTypeOf(state, state.kind === 'map' || state.kind === 'broadcast'));

const spelled = (type: TypeInfo | undefined): string | null => (type === undefined ? null : spellType(type));
