import type { PartState, RawEntry } from '../../engine/backends/part';
import { type DecodedEntry, isVoid } from '../../engine/decodeEntry';
import { fieldsOf, valueType } from '../../engine/entryTypes';
import type { SnapshotSubtask } from '../../engine/snapshot';
import { spellType, type TypeInfo } from '../../engine/types/typeInfo';
import { MapValue, RecordValue, RowValue, TtlValue } from '../../engine/types/values';
import type { EntryCell, EntryColumn } from '../../view/shownEntries';
import { cellOf, cellOfShape } from './cellText';
import { MISSING, timestampLeaf } from './shape';
import type { TimeZone } from './timeZone';

/** More fields than these stay together in one column until a person wants them apart. */
const MOST_FIELDS = { key: 4, namespace: 4, mapKey: 4, value: 12 } as const;
/** Columns of a state. */
const MOST_COLUMNS = 500;

type SplitPart = keyof typeof MOST_FIELDS;

const LONG: TypeInfo = { name: 'long', serializer: '' };

/** What a column looks at: an entry as it lies, and what it says. */
export interface ShownEntry {
  readonly raw: RawEntry;
  readonly subtask: SnapshotSubtask;
}

/** A column, and how a cell of it comes out of an entry. */
export interface Column extends ColumnParts {
  cell(entry: ShownEntry, decoded: DecodedEntry, zone: TimeZone): EntryCell;
}

interface ColumnParts {
  readonly shown: EntryColumn;
  /** The value for the cell; undefined where the entry does not have it. */
  value(entry: ShownEntry, decoded: DecodedEntry): unknown;
  readonly type: TypeInfo | undefined;
  /** Milliseconds since 1970. */
  readonly isTimestamp: boolean;
}

const NUMBERS: ReadonlySet<string> = new Set([
  ...['byte', 'short', 'int', 'long', 'float', 'double', 'decimal', 'biginteger', 'bigdecimal', 'bigint'],
  ...['tinyint', 'smallint', 'integer'],
]);

const NONE: ReadonlySet<string> = new Set();

/** The columns that fit a state, made from its types. */
export class Columns {
  readonly shown: EntryColumn[];
  readonly all: readonly Column[];

  /** `toggled`: ids of columns that a person wants split though they begin whole, or whole though they begin split. */
  constructor(state: PartState, toggled: ReadonlySet<string> = NONE) {
    const { key, namespace, userKey, layout, kind } = state;
    const columns: Column[] = [];
    const split = (part: SplitPart, type: TypeInfo | undefined, value: Column['value']): void => {
      addPart(columns, { part, toggled, isTimestamp: false }, part, type, value);
    };
    if (key !== null) split('key', key.type, (_, decoded) => decoded.key);
    if (namespace !== null && !isVoid(namespace)) split('namespace', namespace.type, (_, { namespace: of }) => of);
    if (userKey !== null) split('mapKey', userKey.type, (_, decoded) => decoded.userKey);
    if (kind === 'timer') columns.push(plain('timestamp', LONG, ({ raw }) => raw.timestamp ?? undefined, true));
    if (layout !== 'none') {
      const type = valueType(state);
      const hasTtl = type?.name === 'ttl';
      split('value', hasTtl ? type.arguments?.[0] : type, (_, { value }) => (hasTtl ? insideTtl(value) : value));
      if (hasTtl) columns.push(plain('lastAccess', LONG, (_, { value }) => lastAccessOf(value), true));
    }
    if (kind === 'operator-list' || kind === 'operator-union') {
      columns.push(plain('index', undefined, ({ raw }) => (raw.index < 0 ? undefined : raw.index)));
    }
    if (key !== null) columns.push(plain('keyGroup', undefined, ({ raw }) => raw.keyGroup));
    columns.push(plain('subtask', undefined, ({ subtask }) => subtask.index));
    this.all = columns;
    this.shown = columns.map((column) => column.shown);
  }

  cells(entry: ShownEntry, decoded: DecodedEntry, zone: TimeZone): EntryCell[] {
    return this.all.map((column) => column.cell(entry, decoded, zone));
  }

  /** The column of that id. */
  find(id: string): Column | undefined {
    return this.all.find(({ shown }) => shown.id === id);
  }

  /** What stands in a cell, whole; undefined where nothing does. */
  value(id: string, entry: ShownEntry, decoded: DecodedEntry): unknown {
    return this.find(id)?.value(entry, decoded);
  }
}

/** The type of an entry's value: a map of a heap backend that could not be split into its entries is there as a whole. */
export function valueTypeOf({ raw }: ShownEntry, value: unknown): TypeInfo | undefined {
  const { state } = raw;
  if (value instanceof MapValue && state.layout === 'nullable' && raw.userKey === null) {
    const types = [state.userKey?.type, state.value?.type].filter((type) => type !== undefined);
    return { name: 'map', arguments: types, serializer: '' };
  }
  return valueType(state);
}

const insideTtl = (value: unknown): unknown => (value instanceof TtlValue ? value.value : value);
const lastAccessOf = (value: unknown): bigint | undefined => (value instanceof TtlValue ? value.lastAccess : undefined);

function plain(
  part: EntryColumn['part'],
  type: TypeInfo | undefined,
  value: Column['value'],
  isTimestamp = false,
): Column {
  const spelled = type === undefined ? null : spellType(type);
  const shown = { id: part, part, field: null, type: spelled, numeric: true, expandable: false, parent: null };
  return withCells({ shown, value, type, isTimestamp });
}

function withCells(parts: ColumnParts): Column {
  const { value, type, isTimestamp } = parts;
  return {
    ...parts,
    cell(entry, decoded, zone) {
      const content = value(entry, decoded);
      if (isTimestamp && typeof content === 'bigint') return cellOfShape(timestampLeaf(content, zone), zone);
      return content === undefined ? cellOfShape(MISSING, zone) : cellOf(content, type, zone);
    },
  };
}

/** A part of an entry, while columns are made for it. */
interface PartSplit {
  readonly part: SplitPart;
  readonly toggled: ReadonlySet<string>;
  readonly isTimestamp: boolean;
}

/** Adds a column for a value, or for each of its fields. */
function addPart(
  columns: Column[],
  split: PartSplit,
  id: string,
  type: TypeInfo | undefined,
  value: Column['value'],
  field: string | null = null,
  parent: string | null = null,
): void {
  const { part, toggled } = split;
  const fields = fieldsOf(type);
  const beginsSplit = parent === null && fields.length > 0 && fields.length <= MOST_FIELDS[part];
  const isSplit = beginsSplit !== toggled.has(id) && columns.length + fields.length <= MOST_COLUMNS;
  if (fields.length === 0 || !isSplit) {
    const shown = { id, part, field, ...look(type), expandable: fields.length > 0, parent };
    columns.push(withCells({ shown, value, type, isTimestamp: split.isTimestamp }));
    return;
  }
  const inside = { ...split, isTimestamp: type?.name === 'time-window' };
  fields.forEach(({ name, type: fieldType }, index) => {
    const of: Column['value'] = (entry, decoded) => fieldOf(value(entry, decoded), name, index);
    addPart(columns, inside, `${id}.${index}`, fieldType, of, field === null ? name : `${field}.${name}`, id);
  });
}

function look(type: TypeInfo | undefined): Pick<EntryColumn, 'type' | 'numeric'> {
  return { type: type === undefined ? null : spellType(type), numeric: type !== undefined && NUMBERS.has(type.name) };
}

/** A field of a value; where the value has no fields (null, undecoded bytes) all of it stands in the first column. */
function fieldOf(value: unknown, name: string, index: number): unknown {
  if (value instanceof RecordValue) return value.values[value.names.indexOf(name)];
  if (value instanceof RowValue) return value.fields[value.names === null ? index : value.names.indexOf(name)];
  if (Array.isArray(value)) return value[index];
  return index === 0 ? value : undefined;
}
