import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { keyGroupOf } from '../keyGroups';
import type { Codec } from '../types/codec';
import { badValue } from '../types/jsonInput';
import type { RowExpression } from './cel/rowExpression';
import { CellReader } from './cellWriter';
import { type DataRow, type DataSource, rowPlace } from './data/dataSource';
import type { FieldRows } from './data/fieldRows';
import type { DirectState } from './direct/directState';
import { type DirectValue, directValue } from './direct/directValue';
import { WRITTEN } from './direct/leafWriter';
import type { RowEntries } from './rowEntries';
import type { Place, StateEncoder } from './stateEncoders';

/** A state of the step under the name that messages give it. */
export interface NamedEncoder {
  name: string;
  encoder: StateEncoder;
  /** The same out of the bytes of a row's fields. */
  direct: DirectState | null;
}

/** Makes entries of rows: all of a row, or, where anything of it does not fit, none. */
export class RowEncoder {
  private readonly keySink = new Sink(64);
  private readonly reader: CellReader;
  private readonly hash: (value: unknown) => number;
  /** The key, and its hash, out of the bytes of a row's fields. */
  private readonly direct: { key: DirectValue; hashAt: (cursor: Cursor) => number } | null;
  private readonly cursor = new Cursor(new Uint8Array(0));
  private stage = 'where';

  /** `REFUSED` where nobody but the job's own class could say the hash of keys. */
  constructor(
    private readonly source: DataSource,
    private readonly where: RowExpression | null,
    private readonly key: RowExpression,
    readonly codec: Codec,
    private readonly states: readonly NamedEncoder[],
    private readonly place: Place,
    private readonly maxParallelism: number,
    /** Where entries go. */
    readonly entries: RowEntries,
  ) {
    this.reader = new CellReader(codec, source.isText);
    this.hash = hashOf(codec);
    const direct = directValue(key.direct, codec);
    const hashAt = codec.hashAt?.bind(codec);
    this.direct = where !== null || direct === null || hashAt === undefined ? null : { key: direct, hashAt };
  }

  /** Whether rows are better given as the bytes of their fields. */
  get isDirect(): boolean {
    return this.direct !== null && this.states.some(({ direct }) => direct !== null);
  }

  /** The key of the last row, as its serializer writes it; good until the next row. */
  keyBytes: Uint8Array = new Uint8Array(0);

  /**
   * The key group of a row, whose entries are the last ones in `entries` then; null where `where` leaves the row out. `BAD_VALUE`
   * with file, line and column of what does not fit.
   */
  encode(row: DataRow): number | null {
    if (row.fault != null) throw row.fault;
    const { entries, keySink, place } = this;
    // Its key group follows.
    entries.begin(0);
    try {
      this.stage = 'where';
      if (this.where !== null && !this.isWanted(this.where, row)) return null;
      this.stage = 'key';
      place.what = '';
      place.expression = this.key;
      const json = this.reader.json(this.key(row));
      if (json === null) throw badValue('The key is null.');
      const value = this.reader.value(json);
      keySink.clear();
      this.codec.write(keySink, value);
      const key = keySink.written();
      this.keyBytes = key;
      const keyGroup = keyGroupOf(this.hash(value), this.maxParallelism);
      entries.begin(keyGroup);
      for (const state of this.states) this.encodeState(state, row, key);
      return keyGroup;
    } catch (e) {
      throw this.dropped(e, row);
    }
  }

  /** The same of a row that is the bytes of its fields: what they do not tell at once is made as of any row. */
  encodeFields(rows: FieldRows, number: number): number | null {
    const { entries, keySink, direct, cursor } = this;
    if (direct === null || !rows.isWhole(number)) return this.encode(rows.row(number));
    const firstField = rows.firstField(number);
    keySink.clear();
    if (direct.key.write(rows, firstField, keySink) !== WRITTEN) return this.encode(rows.row(number));
    cursor.turnTo(keySink.buffer, 0, keySink.position);
    const keyGroup = keyGroupOf(direct.hashAt(cursor), this.maxParallelism);
    const key = keySink.written();
    this.keyBytes = key;
    entries.begin(keyGroup);
    let row: DataRow | null = null;
    try {
      for (const state of this.states) {
        if (state.direct?.encode(rows, firstField, key, entries) === true) continue;
        row ??= rows.row(number);
        this.encodeState(state, row, key);
      }
      return keyGroup;
    } catch (e) {
      throw this.dropped(e, row ?? rows.row(number));
    }
  }

  private encodeState({ name, encoder }: NamedEncoder, row: DataRow, key: Uint8Array): void {
    this.stage = name;
    encoder.encode(row, key, this.entries);
  }

  /** An error with the place in the row, of which nothing stays. */
  private dropped(e: unknown, row: DataRow): unknown {
    this.entries.dropRow();
    return e instanceof EngineError && e.code === 'BAD_VALUE' ? this.located(e, row) : e;
  }

  private isWanted(where: RowExpression, row: DataRow): boolean {
    this.place.what = '';
    this.place.expression = where;
    const wanted = where(row);
    if (typeof wanted !== 'boolean') throw badValue('"where" gives neither true nor false.');
    return wanted;
  }

  private located(e: EngineError, { place: at }: DataRow): EngineError {
    const { what, expression } = this.place;
    const part = [this.stage, what].filter((name) => name !== '').join(' / ');
    const column = expression?.column ?? undefined;
    return e.at({ file: this.source.file, where: `${rowPlace(this.source, at, column)} / ${part}` });
  }
}

function hashOf(codec: Codec): (value: unknown) => number {
  const hash = codec.hash?.bind(codec);
  if (hash !== undefined) return hash;
  throw new EngineError(
    'REFUSED',
    `Only the job's own class could say the hash code of keys of type ${codec.type.name}, so that their key groups cannot be computed.`,
    {
      hint: 'Keys can be of any type whose hash code Java or Flink defines: string, long, int, tuples and rows of these, …',
    },
  );
}
