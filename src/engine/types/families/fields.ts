import type { Cursor } from '../../bytes/cursor';
import type { Sink } from '../../bytes/sink';
import type { JsonBytes } from '../../json/jsonBytes';
import type { Json } from '../../json/jsonValue';
import { writeJson } from '../../json/writeJson';
import { type Codec, VARIABLE } from '../codec';
import { arrayFrom, badValue, inside, objectFrom, stringFrom } from '../jsonInput';
import { CLOSE_OBJECT, fieldHeads, type Printer, printerOf } from '../printer';
import type { TypeInfo } from '../typeInfo';
import { RecordValue } from '../values';
import { readPresent, writePresent } from './presentNull';

/**
 * Pieces that Flink's own composite serializers are put together from, beside the nested serializers: values with named
 * fields, lists, and values that may be missing.
 */

/** What a part of a composite value does; a `Codec` without a type of its own. */
export type Part<T = unknown> = Pick<Codec<T>, 'length' | 'read' | 'skip' | 'write' | 'print' | 'fromJson'>;

/** `DataOutput.writeUTF`. */
export const UTF: Part<string> = {
  length: VARIABLE,
  read: (cursor) => cursor.utf(),
  skip: (cursor) => void cursor.utf(),
  write: (sink, value) => sink.utf(value),
  fromJson: (json) => stringFrom(json),
};

/** A value that may be missing: one byte, 1 where it is there, then the value. */
export function optional<T>(part: Part<T>, what: string): Part<T | null> {
  return {
    length: VARIABLE,
    read: (cursor) => {
      return cursor.bool(`flag of ${what}`) ? readPresent(part, cursor) : null;
    },
    skip: (cursor) => {
      if (cursor.bool(`flag of ${what}`)) part.skip(cursor);
    },
    write: (sink, value) => {
      sink.bool(value !== null);
      if (value !== null) writePresent(part, sink, value);
    },
    fromJson: (json) => (json === null ? null : part.fromJson(json)),
  };
}

/** `i4 n`, then n values of at least one byte each, as an array. */
export function listOf<T>(part: Part<T>, what: string): Part<T[]> {
  return {
    length: VARIABLE,
    read: (cursor) => {
      const n = cursor.count(what);
      const items: T[] = [];
      for (let i = 0; i < n; i++) items.push(part.read(cursor));
      return items;
    },
    skip: (cursor) => {
      const n = cursor.count(what);
      for (let i = 0; i < n; i++) part.skip(cursor);
    },
    write: (sink, items) => {
      sink.i32(items.length);
      for (const item of items) part.write(sink, item);
    },
    fromJson: (json) => arrayFrom(json, 'a list').map((item, i) => inside(`[${i}]`, () => part.fromJson(item))),
  };
}

export interface Field {
  readonly name: string;
  readonly part: Part;
}

/** Sum of the lengths of parts that stand one behind the other, or `VARIABLE`. */
export function sumOfLengths(parts: readonly Pick<Codec, 'length'>[]): number {
  return parts.some((part) => part.length < 0) ? VARIABLE : parts.reduce((sum, part) => sum + part.length, 0);
}

/**
 * A value with named fields, which stand one behind the other in the order of `stored`. `shown` is the order in which people
 * see them, if it is another.
 */
export class RecordPart implements Part<RecordValue> {
  readonly length: number;
  private readonly names: readonly string[];
  /** For each stored field, its place among the shown ones. */
  private readonly places: readonly number[];
  private readonly heads: readonly Uint8Array[];
  /** Null where the fields are stored in another order than they are shown in. */
  private readonly printers: readonly Printer[] | null;

  constructor(
    private readonly what: string,
    private readonly stored: readonly Field[],
    shown?: readonly string[],
  ) {
    this.length = sumOfLengths(stored.map((field) => field.part));
    this.names = shown ?? stored.map((field) => field.name);
    this.places = stored.map((field) => this.names.indexOf(field.name));
    this.heads = fieldHeads(this.names);
    const isInOrder = this.names.length === stored.length && this.places.every((place, i) => place === i);
    this.printers = isInOrder && stored.length > 0 ? stored.map((field) => printerOf(field.part)) : null;
  }

  read(cursor: Cursor): RecordValue {
    const values = new Array<unknown>(this.stored.length);
    cursor.nested(() => {
      this.stored.forEach(({ part }, i) => {
        values[this.places[i]] = part.read(cursor);
      });
    });
    return new RecordValue(this.names, values);
  }

  skip(cursor: Cursor): void {
    cursor.nested(() => {
      for (const { part } of this.stored) part.skip(cursor);
    });
  }

  write(sink: Sink, value: RecordValue): void {
    this.stored.forEach(({ part }, i) => {
      part.write(sink, value.values[this.places[i]]);
    });
  }

  print(cursor: Cursor, out: JsonBytes): void {
    const { heads, printers } = this;
    if (printers === null) {
      out.text(writeJson(this.read(cursor)));
      return;
    }
    cursor.nested(() => {
      for (let i = 0; i < printers.length; i++) {
        out.raw(heads[i]);
        printers[i](cursor, out);
      }
    });
    out.byte(CLOSE_OBJECT);
  }

  fromJson(json: Json): RecordValue {
    const object = objectFrom(json, `a ${this.what}`);
    for (const name of object.keys()) {
      if (!this.names.includes(name)) throw badValue(`A ${this.what} has no field ${name}.`);
    }
    const values = this.names.map((name) =>
      inside(name, () => {
        const field = this.stored.find((f) => f.name === name);
        const given = object.get(name);
        if (field === undefined || given === undefined) throw badValue(`A ${this.what} needs the field ${name}.`);
        return field.part.fromJson(given);
      }),
    );
    return new RecordValue(this.names, values);
  }
}

/** The codec of a part that is a type of its own. */
export function codecOf<T>(type: TypeInfo, part: Part<T>): Codec<T> {
  return {
    type,
    length: part.length,
    read: (cursor) => part.read(cursor),
    skip: (cursor) => part.skip(cursor),
    write: (sink, value) => part.write(sink, value),
    print: printerOf(part),
    fromJson: (json) => part.fromJson(json),
  };
}
