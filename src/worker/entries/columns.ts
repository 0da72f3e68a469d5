import type { PartState } from '../../engine/backends/part';
import { type DecodedEntry, isVoid } from '../../engine/decodeEntry';
import { spellType, type TypeInfo } from '../../engine/types/typeInfo';
import { MapValue, RecordValue, RowValue, TtlValue } from '../../engine/types/values';
import type { EntryCell, EntryColumn } from '../../view/shownEntries';
import { cellOf, cellOfShape } from './cellText';
import type { KeptEntry } from './entrySource';
import { isTuple, MISSING, timestampLeaf, tupleField } from './shape';

/** More fields than these stay together in one column. */
const MOST_FIELDS = { key: 4, namespace: 4, mapKey: 4, value: 12 } as const;

type SplitPart = keyof typeof MOST_FIELDS;

const LONG: TypeInfo = { name: 'long', serializer: '' };

/** A column, and how a cell of it comes out of an entry. */
interface Column {
  shown: EntryColumn;
  /** The value for the cell; undefined where the entry does not have it. */
  value(entry: KeptEntry, decoded: DecodedEntry): unknown;
  type: TypeInfo | undefined;
  /** Milliseconds since 1970. */
  isTimestamp: boolean;
}

const NUMBERS: ReadonlySet<string> = new Set([
  ...['byte', 'short', 'int', 'long', 'float', 'double', 'decimal', 'big-integer', 'big-decimal', 'bigint'],
  ...['tinyint', 'smallint', 'integer'],
]);

/** The columns that fit a state, made from its types. */
export class Columns {
  readonly shown: EntryColumn[];
  private readonly columns: Column[];

  constructor(state: PartState) {
    const { key, namespace, userKey, layout, kind } = state;
    const columns: Column[] = [];
    if (key !== null) columns.push(...split('key', key.type, (decoded) => decoded.key));
    if (namespace !== null && !isVoid(namespace)) {
      columns.push(...split('namespace', namespace.type, (decoded) => decoded.namespace));
    }
    if (userKey !== null) columns.push(...split('mapKey', userKey.type, (decoded) => decoded.userKey));
    if (kind === 'timer') columns.push(plain('timestamp', LONG, ({ raw }) => raw.timestamp ?? undefined, true));
    if (layout !== 'none') columns.push(...valueColumns(valueType(state)));
    if (kind === 'operator-list' || kind === 'operator-union') {
      columns.push(plain('index', undefined, ({ raw }) => (raw.index < 0 ? undefined : raw.index)));
    }
    if (key !== null) columns.push(plain('keyGroup', undefined, ({ raw }) => raw.keyGroup));
    columns.push(plain('subtask', undefined, ({ subtask }) => subtask.index));
    this.columns = columns;
    this.shown = columns.map((column) => column.shown);
  }

  cells(entry: KeptEntry, decoded: DecodedEntry): EntryCell[] {
    return this.columns.map(({ value, type, isTimestamp }) => {
      const content = value(entry, decoded);
      if (isTimestamp && typeof content === 'bigint') return cellOfShape(timestampLeaf(content));
      return content === undefined ? cellOfShape(MISSING) : cellOf(content, type);
    });
  }

  /** What stands in a cell, whole; undefined where nothing does. */
  value(id: string, entry: KeptEntry, decoded: DecodedEntry): unknown {
    return this.columns.find(({ shown }) => shown.id === id)?.value(entry, decoded);
  }
}

/** The type of what `decodeEntry` gives as the value. */
export function valueType({ value, layout }: PartState): TypeInfo | undefined {
  if (value === null) return undefined;
  return layout === 'delimited' ? { name: 'list', arguments: [value.type], serializer: '' } : value.type;
}

/** The same for one entry: a map of a heap backend that could not be split into its entries is there as a whole. */
export function valueTypeOf({ raw }: KeptEntry, value: unknown): TypeInfo | undefined {
  const { state } = raw;
  if (value instanceof MapValue && state.layout === 'nullable' && raw.userKey === null) {
    const types = [state.userKey?.type, state.value?.type].filter((type) => type !== undefined);
    return { name: 'map', arguments: types, serializer: '' };
  }
  return valueType(state);
}

function valueColumns(type: TypeInfo | undefined): Column[] {
  if (type?.name !== 'ttl') return split('value', type, (decoded) => decoded.value);
  const inside = (value: unknown): unknown => (value instanceof TtlValue ? value.value : value);
  const lastAccess = plain(
    'lastAccess',
    LONG,
    (_, { value }) => (value instanceof TtlValue ? value.lastAccess : undefined),
    true,
  );
  return [...split('value', type.arguments?.[0], (decoded) => inside(decoded.value)), lastAccess];
}

function plain(
  part: EntryColumn['part'],
  type: TypeInfo | undefined,
  value: Column['value'],
  isTimestamp = false,
): Column {
  const spelled = type === undefined ? null : spellType(type);
  return {
    shown: { id: part, part, field: null, type: spelled, numeric: true, expandable: false, parent: null },
    value,
    type,
    isTimestamp,
  };
}

/** A column for each field of a part, or one for all of it. */
function split(part: SplitPart, type: TypeInfo | undefined, whole: (decoded: DecodedEntry) => unknown): Column[] {
  const fields = fieldsOf(type);
  if (fields.length === 0 || fields.length > MOST_FIELDS[part]) {
    return [
      {
        shown: { id: part, part, field: null, ...look(type), expandable: fields.length > 0, parent: null },
        value: (_, decoded) => whole(decoded),
        type,
        isTimestamp: false,
      },
    ];
  }
  return fields.map((field, index) => ({
    shown: { id: `${part}.${index}`, part, field: field.name, ...look(field.type), expandable: false, parent: part },
    value: (_, decoded) => fieldOf(whole(decoded), field.name, index),
    type: field.type,
    isTimestamp: type?.name === 'time-window',
  }));
}

function look(type: TypeInfo | undefined): Pick<EntryColumn, 'type' | 'numeric'> {
  return { type: type === undefined ? null : spellType(type), numeric: type !== undefined && NUMBERS.has(type.name) };
}

type Field = { readonly name: string; readonly type: TypeInfo };

function fieldsOf(type: TypeInfo | undefined): readonly Field[] {
  if (type === undefined) return [];
  if (type.name === 'time-window') return [field('start', LONG), field('end', LONG)];
  if (type.fields !== undefined) return type.fields;
  return isTuple(type) ? (type.arguments ?? []).map((argument, i) => field(tupleField(i), argument)) : [];
}

const field = (name: string, type: TypeInfo): Field => ({ name, type });

/** A field of a value; where the value has no fields (null, undecoded bytes) all of it stands in the first column. */
function fieldOf(value: unknown, name: string, index: number): unknown {
  if (value instanceof RecordValue) return value.values[value.names.indexOf(name)];
  if (value instanceof RowValue) return value.fields[value.names === null ? index : value.names.indexOf(name)];
  if (Array.isArray(value)) return value[index];
  return index === 0 ? value : undefined;
}
