import type { PartState } from './backends/part';
import type { TypeInfo } from './types/typeInfo';

const LONG: TypeInfo = { name: 'long', serializer: '' };

/** The type of what `decodeEntry` gives as the value of a state's entries. */
export function valueType({ value, layout }: PartState): TypeInfo | undefined {
  if (value === null) return undefined;
  return layout === 'delimited' ? { name: 'list', arguments: [value.type], serializer: '' } : value.type;
}

/** What Flink calls the fields of its tuples, and of rows without names. */
export const tupleField = (index: number): string => `f${index}`;

const WITHOUT_NAMES: ReadonlySet<string> = new Set(['tuple', 'case-class', 'row']);

/** The fields of a type that has some; a list, a map or a number has none. */
export function fieldsOf(type: TypeInfo | undefined): readonly { readonly name: string; readonly type: TypeInfo }[] {
  if (type === undefined) return [];
  if (type.name === 'time-window') return [field('start', LONG), field('end', LONG)];
  if (type.fields !== undefined) return type.fields;
  return WITHOUT_NAMES.has(type.name) ? (type.arguments ?? []).map((of, i) => field(tupleField(i), of)) : [];
}

const field = (name: string, type: TypeInfo) => ({ name, type });
