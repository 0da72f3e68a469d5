import type { SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js';
import type { PartState, RawEntry, Unread } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import { type DecodedEntry, EntryDecoder, isVoid } from '../decodeEntry';
import { valueType } from '../entryTypes';
import type { JsonBytes } from '../json/jsonBytes';
import { writeJson } from '../json/writeJson';
import type { DumpFormat, LineOwner, LineWriter } from '../query/dumpFormat';
import { sizeOf } from '../rows/keptEntry';
import type { TypeInfo } from '../types/typeInfo';
import { OpaqueValue, TtlValue } from '../types/values';
import { Misfit } from './misfit';
import { JSON_TEXT, type ParquetType, parquetType } from './parquetTypes';

/** Rows of a row group, and bytes of their entries after which it ends earlier. */
const GROUP_ROWS = 50_000;
const GROUP_BYTES = 16 << 20;

/**
 * A dump as a file of Parquet. Of one state, its parts stand in columns of their own types, and what a column cannot hold
 * (bytes that are not decoded, a row that is no insertion, a time out of range) stands in the column `json`, with the part null; of several,
 * parts are JSON, as in CSV. Row groups are written as they fill, so that little is in memory.
 */
export function parquetFormat(ofOneState: boolean): DumpFormat {
  return { header: '', lines: (out) => new ParquetRows(out, ofOneState) };
}

/** A column, and what an entry has for it. */
interface Column {
  readonly name: string;
  readonly type: ParquetType;
  of(row: Row): unknown;
}

interface Row {
  readonly owner: LineOwner;
  readonly entry: RawEntry;
  readonly decoded: DecodedEntry;
}

class ParquetRows implements LineWriter {
  private readonly decoder = new EntryDecoder();
  private readonly file = new ByteWriter();
  private writer: ParquetWriter | null = null;
  /** The state whose types the columns have; null where they have none. */
  private state: PartState | null = null;
  private columns: readonly Column[] = [];
  private data: unknown[][] = [];
  private bytes = 0;
  private waiting: [LineOwner, Unread][] = [];

  constructor(
    private readonly out: JsonBytes,
    private readonly ofOneState: boolean,
  ) {}

  entry(owner: LineOwner, entry: RawEntry): void {
    this.begin(entry.state);
    const decoded = this.decoder.decode(entry);
    const row = { owner, entry, decoded };
    const misfits: Record<string, string> = {};
    // Operator state and keyed state may share a name.
    const fits = this.state === null || this.state.kind === entry.state.kind;
    for (const [i, { name, type, of }] of this.columns.entries()) {
      const value = of(row);
      let converted: unknown = null;
      try {
        if (value !== undefined) converted = fits || !PARTS.has(name) ? type.convert(value) : misfit();
      } catch (e) {
        if (!(e instanceof Misfit)) throw e;
        misfits[name] = writeJson(value);
      }
      this.data[i]?.push(converted);
    }
    const names = Object.keys(misfits);
    const json = names.map((name) => `${JSON.stringify(name)}:${misfits[name]}`).join(',');
    this.endRow(names.length === 0 ? null : `{${json}}`, sizeOf(SlicedEntry.of(entry)));
  }

  unread(owner: LineOwner, unread: Unread): void {
    // Columns have the types of entries: what cannot be read may be of another state.
    if (this.writer === null) this.waiting.push([owner, unread]);
    else this.addUnread(owner, unread);
  }

  private addUnread(owner: LineOwner, { state, keyGroup, bytes, reason }: Unread): void {
    for (const [i, { name }] of this.columns.entries()) {
      let value: unknown = null;
      if (name === 'op') value = owner.operator.id;
      else if (name === 'subtask') value = owner.subtask.index;
      else if (name === 'state') value = state.name;
      else if (name === 'kind') value = 'unread';
      else if (name === 'kg' && keyGroup >= 0) value = keyGroup;
      this.data[i]?.push(value);
    }
    this.endRow(`{"unread":{"bytes":${bytes},"reason":${JSON.stringify(reason)}}}`, 0);
  }

  end(): void {
    this.begin(null);
    this.writeGroup();
    this.writer?.finish();
    this.flush();
  }

  /** The columns follow from the first state that comes. */
  private begin(state: PartState | null): void {
    if (this.writer !== null) return;
    this.state = this.ofOneState ? state : null;
    this.columns = [...HEAD, ...(this.state === null ? plainColumns() : typedColumns(this.state))];
    const elements = this.columns.flatMap(({ name, type }) => type.elements(name));
    const root: SchemaElement = { name: 'root', num_children: this.columns.length + 1 };
    const schema = [root, ...elements, ...JSON_TEXT.elements(JSON_COLUMN)];
    this.writer = new ParquetWriter({ writer: this.file, schema, createdBy: 'Savepoint Explorer' });
    this.clear();
    for (const [owner, unread] of this.waiting) this.addUnread(owner, unread);
    this.waiting = [];
  }

  private endRow(json: string | null, bytes: number): void {
    const rows = this.data[this.columns.length];
    rows?.push(json);
    this.bytes += bytes;
    if ((rows?.length ?? 0) >= GROUP_ROWS || this.bytes >= GROUP_BYTES) this.writeGroup();
  }

  private writeGroup(): void {
    const rows = this.data[0]?.length ?? 0;
    if (rows > 0) {
      const types = [...this.columns, { name: JSON_COLUMN, type: JSON_TEXT }];
      const columnData = types.map(({ name, type }, i) => ({
        name,
        data: this.data[i] ?? [],
        ...(type.hasFloats && { encoding: 'PLAIN' as const }),
      }));
      // Nothing that is written here is awaited: the bytes lie in memory.
      void this.writer?.write({ columnData, rowGroupSize: rows });
    }
    this.flush();
    this.clear();
  }

  private flush(): void {
    this.out.raw(this.file.getBytes());
    this.file.index = 0;
  }

  private clear(): void {
    this.data = Array.from({ length: this.columns.length + 1 }, () => []);
    this.bytes = 0;
  }
}

const JSON_COLUMN = 'json';
const PARTS: ReadonlySet<string> = new Set(['key', 'ns', 'ukey', 'value', 'ttl']);

const INT = parquetType({ name: 'int', serializer: '' });
const LONG = parquetType({ name: 'long', serializer: '' });
const TEXT = parquetType({ name: 'string', serializer: '' });

/** As in every line of a dump. */
const HEAD: readonly Column[] = [
  { name: 'op', type: TEXT, of: ({ owner }) => owner.operator.id },
  { name: 'subtask', type: INT, of: ({ owner }) => owner.subtask.index },
  { name: 'state', type: TEXT, of: ({ entry }) => entry.state.name },
  { name: 'kind', type: TEXT, of: ({ entry }) => entry.state.kind },
  { name: 'kg', type: INT, of: ({ entry }) => (entry.keyGroup < 0 ? undefined : entry.keyGroup) },
];

const INDEX: Column = { name: 'index', type: INT, of: ({ entry }) => (entry.index < 0 ? undefined : entry.index) };
const TIMESTAMP: Column = { name: 'timestamp', type: LONG, of: ({ entry }) => entry.timestamp ?? undefined };

function plainColumns(): Column[] {
  return [
    INDEX,
    { name: 'key', type: JSON_TEXT, of: ({ decoded }) => decoded.key },
    { name: 'ns', type: JSON_TEXT, of: ({ decoded }) => decoded.namespace },
    { name: 'ukey', type: JSON_TEXT, of: ({ decoded }) => decoded.userKey },
    TIMESTAMP,
    { name: 'value', type: JSON_TEXT, of: ({ decoded }) => decoded.value },
  ];
}

/** The columns that the entries of a state can have. */
function typedColumns(state: PartState): Column[] {
  const { key, namespace, userKey, kind, layout } = state;
  const columns: Column[] = [];
  const add = (name: string, type: TypeInfo | undefined, of: (row: Row) => unknown): void => {
    columns.push({ name, type: decodedOnly(parquetType(type)), of });
  };
  if (kind === 'operator-list' || kind === 'operator-union') columns.push(INDEX);
  if (key !== null) add('key', key.type, ({ decoded }) => decoded.key);
  if (namespace !== null && !isVoid(namespace)) add('ns', namespace.type, ({ decoded }) => decoded.namespace);
  if (userKey !== null) add('ukey', userKey.type, ({ decoded }) => decoded.userKey);
  if (kind === 'timer') columns.push(TIMESTAMP);
  if (layout !== 'none') {
    const type = valueType(state);
    if (type?.name === 'ttl') {
      add('ttl', { name: 'long', serializer: '' }, ({ decoded: { value } }) =>
        value instanceof TtlValue ? value.lastAccess : undefined,
      );
      add('value', type.arguments?.[0], ({ decoded: { value } }) => (value instanceof TtlValue ? value.value : value));
    } else add('value', type, ({ decoded }) => decoded.value);
  }
  return columns;
}

/** What is not decoded belongs into the JSON, with the reason. */
function decodedOnly(type: ParquetType): ParquetType {
  return {
    ...type,
    convert: (value) => (value instanceof OpaqueValue ? misfit() : type.convert(value)),
  };
}

function misfit(): never {
  throw new Misfit();
}
