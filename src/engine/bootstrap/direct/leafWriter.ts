import type { Sink } from '../../bytes/sink';
import type { PlainForm } from '../../types/codec';
import { JSON_NUMBER, JSON_PARTS, JSON_STRING } from '../data/fieldRows';
import type { TextBytes } from './fieldText';
import { plainDecimal, plainInteger } from './numberText';

/** What became of a value: written; there is none; or nobody here knows, and it has to be made. */
export const WRITTEN = 1;
export const NOTHING = 0;
export const UNKNOWN = -1;
export type Outcome = typeof WRITTEN | typeof NOTHING | typeof UNKNOWN;

/** A text as it is, or turned into a number by CEL. */
export type LeafKind = 'text' | 'int' | 'double';

/** Forms that have no parts. */
export type LeafForm = Exclude<PlainForm, 'pojo'>;

/**
 * Writes the value of a form that a text stands for in a row of text: what `textJson` and then the form's codec make of it, or
 * CEL's `int()` or `double()` and then the codec; in a row of JSON what the codec makes of the value. `UNKNOWN` for all that is
 * not the plainest of its kind, errors included.
 */
export function writeLeaf(form: LeafForm, kind: LeafKind, { bytes, from, to, json }: TextBytes, sink: Sink): Outcome {
  if (json === JSON_PARTS || (json === JSON_STRING && kind === 'text' && form !== 'string')) return UNKNOWN;
  if (form === 'string') {
    if (kind !== 'text' || json === JSON_NUMBER) return UNKNOWN;
    sink.varint(to - from + 1);
    sink.stretch(bytes, from, to);
    return WRITTEN;
  }
  if (from === to) return kind === 'text' ? NOTHING : UNKNOWN;
  if (form === 'double') {
    const value = kind === 'int' ? plainInteger(bytes, from, to) + 0 : plainDecimal(bytes, from, to);
    if (Number.isNaN(value)) return UNKNOWN;
    sink.f64(value);
    return WRITTEN;
  }
  if (kind === 'double') return UNKNOWN;
  if (form === 'boolean') return kind === 'text' ? writeBoolean(bytes, from, to, sink) : UNKNOWN;
  return writeInteger(form, plainInteger(bytes, from, to), sink);
}

/** `UNKNOWN` where the number does not fit, or is NaN. */
export function writeInteger(form: 'long' | 'int' | 'short' | 'byte', value: number, sink: Sink): Outcome {
  if (form === 'long') {
    if (Number.isNaN(value)) return UNKNOWN;
    sink.i64(value);
  } else if (form === 'int') {
    if (!(value >= -0x80000000 && value <= 0x7fffffff)) return UNKNOWN;
    sink.i32(value);
  } else if (form === 'short') {
    if (!(value >= -0x8000 && value <= 0x7fff)) return UNKNOWN;
    sink.i16(value);
  } else {
    if (!(value >= -0x80 && value <= 0x7f)) return UNKNOWN;
    sink.u8(value);
  }
  return WRITTEN;
}

const TRUE = [0x74, 0x72, 0x75, 0x65];
const FALSE = [0x66, 0x61, 0x6c, 0x73, 0x65];

function writeBoolean(bytes: Uint8Array, from: number, to: number, sink: Sink): Outcome {
  const isTrue = isWord(TRUE, bytes, from, to);
  if (!isTrue && !isWord(FALSE, bytes, from, to)) return UNKNOWN;
  sink.bool(isTrue);
  return WRITTEN;
}

const isWord = (word: readonly number[], bytes: Uint8Array, from: number, to: number): boolean =>
  to - from === word.length && word.every((byte, i) => bytes[from + i] === byte);
