import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { keyGroupOf } from '../keyGroups';
import type { Codec } from '../types/codec';
import { badValue } from '../types/jsonInput';
import type { RowExpression } from './cel/rowExpression';
import { CellReader } from './cellWriter';
import { type DataRow, type DataSource, rowPlace } from './data/dataSource';
import type { RowEntries } from './rowEntries';
import type { Place, StateEncoder } from './stateEncoders';

/** A state of the step under the name that messages give it. */
export interface NamedEncoder {
  name: string;
  encoder: StateEncoder;
}

/** Makes entries of rows: all of a row, or, where anything of it does not fit, none. */
export class RowEncoder {
  private readonly keySink = new Sink(64);
  private readonly reader: CellReader;
  private readonly hash: (value: unknown) => number;
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
  }

  /** The key of the last row, as its serializer writes it; good until the next row. */
  get keyBytes(): Uint8Array {
    return this.keySink.written();
  }

  /**
   * The key group of a row, whose entries are the last ones in `entries` then; null where `where` leaves the row out. `BAD_VALUE`
   * with file, line and column of what does not fit.
   */
  encode(row: DataRow): number | null {
    const { entries, keySink, place } = this;
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
      const keyGroup = keyGroupOf(this.hash(value), this.maxParallelism);
      entries.begin(keyGroup);
      for (const { name, encoder } of this.states) {
        this.stage = name;
        encoder.encode(row, key, entries);
      }
      return keyGroup;
    } catch (e) {
      entries.dropRow();
      if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
      throw this.located(e, row);
    }
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
