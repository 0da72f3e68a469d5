import type { Sink } from '../bytes/sink';
import { encodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import { parseInstant } from '../json/temporalText';
import type { Codec } from '../types/codec';
import { badValue, longFrom } from '../types/jsonInput';
import type { Cell } from './data/dataSource';
import { textJson } from './textJson';

/** Turns cells into values of one type; fails with `BAD_VALUE` where a cell does not fit it. */
export class CellReader {
  private readonly takesBytes: boolean;

  constructor(
    readonly codec: Codec,
    private readonly isText: boolean,
  ) {
    this.takesBytes = codec.type.name === 'byte[]';
  }

  /** As JSON of the type; null where there is nothing. */
  json(cell: Cell): Json | Uint8Array {
    if (typeof cell === 'string') return this.isText ? textJson(cell, this.codec.type) : cell;
    return cell;
  }

  /** The value of what `json` gave. */
  value(json: Json | Uint8Array): unknown {
    if (!(json instanceof Uint8Array)) return this.codec.fromJson(json);
    return this.takesBytes ? json : this.codec.fromJson(encodeBase64(json));
  }

  write(sink: Sink, json: Json | Uint8Array): void {
    this.codec.write(sink, this.value(json));
  }
}

/** A point in time in milliseconds: a whole number, or the text of an instant (`2024-01-31T23:59:59.123Z`). */
export function millisOf(cell: Cell): bigint {
  if (typeof cell === 'string') {
    if (/^[+-]?\d{1,19}$/.test(cell)) return longFrom(BigInt(cell));
    const { seconds, nanos } = parseInstant(cell);
    return seconds * 1000n + BigInt(Math.floor(nanos / 1_000_000));
  }
  if (cell === null) throw badValue('There is no time.');
  if (cell instanceof Uint8Array) throw badValue('Expected a time in milliseconds, found bytes.');
  return longFrom(cell);
}
