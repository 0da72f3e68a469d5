import type { Cursor } from '../bytes/cursor';
import { type JsonBytes, utf8 } from '../json/jsonBytes';
import { writeJson } from '../json/writeJson';
import type { Codec } from './codec';

/** `Codec.print` of one codec. */
export type Printer = (cursor: Cursor, out: JsonBytes) => void;

export function printerOf(codec: Pick<Codec, 'read' | 'print'>): Printer {
  return codec.print?.bind(codec) ?? ((cursor, out) => out.text(writeJson(codec.read(cursor))));
}

export const NULL = utf8('null');
export const COMMA = 0x2c;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** `bool isNull`, then the value unless it is null. */
export function printOrNull(cursor: Cursor, out: JsonBytes, print: Printer): void {
  if (cursor.bool('null flag')) out.raw(NULL);
  else print(cursor, out);
}

/** `count` values as a list. */
export function printList(cursor: Cursor, out: JsonBytes, count: number, print: Printer): void {
  out.byte(OPEN_LIST);
  for (let i = 0; i < count; i++) {
    if (i > 0) out.byte(COMMA);
    print(cursor, out);
  }
  out.byte(CLOSE_LIST);
}

/** One value of each printer as a list. */
export function printFields(cursor: Cursor, out: JsonBytes, fields: readonly Printer[]): void {
  out.byte(OPEN_LIST);
  for (let i = 0; i < fields.length; i++) {
    if (i > 0) out.byte(COMMA);
    fields[i](cursor, out);
  }
  out.byte(CLOSE_LIST);
}

/** What stands in front of the values of an object with these names: `{"a":`, then `,"b":`. */
export function fieldHeads(names: readonly string[]): readonly Uint8Array[] {
  return names.map((name, i) => utf8(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`));
}
