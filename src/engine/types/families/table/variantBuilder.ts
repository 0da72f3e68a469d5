import { EngineError } from '../../../bytes/engineError';
import { Sink } from '../../../bytes/sink';
import type { Json } from '../../../json/jsonValue';
import { badValue } from '../../jsonInput';
import { twosComplement } from '../bigNumbers';

/** Most bytes of a variant's value, and of its metadata. */
const SIZE_LIMIT = 1 << 24;
const MAX_SHORT_TEXT = 63;
const MAX_NESTING = 200;
/** Digits of the widest decimal. */
const MAX_DECIMAL = 10n ** 38n;

const encoder = new TextEncoder();

export interface VariantBytes {
  readonly value: Uint8Array;
  readonly metadata: Uint8Array;
}

/**
 * The variant that a JSON text stands for, as `BinaryVariantInternalBuilder.parseJson` makes it: integers in the least width
 * that takes them, strings as strings, fields in the order of their names. Numbers with a fraction are doubles.
 */
export function buildVariant(json: Json): VariantBytes {
  const builder = new VariantBuilder();
  const value = builder.value(json, 0);
  return { value: limited(value), metadata: limited(builder.metadata()) };
}

function limited(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SIZE_LIMIT) throw badValue(`A variant has at most ${SIZE_LIMIT} bytes, not ${bytes.length}.`);
  return bytes;
}

class VariantBuilder {
  private readonly ids = new Map<string, number>();

  value(json: Json, depth: number): Uint8Array {
    if (depth > MAX_NESTING) throw new EngineError('LIMIT', `A variant nested deeper than ${MAX_NESTING} levels.`);
    if (json === null) return primitive(0);
    if (typeof json === 'boolean') return primitive(json ? 1 : 2);
    if (typeof json === 'bigint') return integer(json);
    if (typeof json === 'number') return double(json);
    if (typeof json === 'string') return text(json);
    return json instanceof Map ? this.object(json, depth) : this.array(json, depth);
  }

  private object(json: Map<string, Json>, depth: number): Uint8Array {
    const parts: Uint8Array[] = [];
    const fields: { name: string; id: number; offset: number }[] = [];
    let offset = 0;
    for (const [name, item] of json) {
      fields.push({ name, id: this.id(name), offset });
      const part = this.value(item, depth + 1);
      parts.push(part);
      offset += part.length;
    }
    fields.sort((a, b) => (a.name < b.name ? -1 : 1));
    const idWidth = widthOf(fields.reduce((most, field) => Math.max(most, field.id), 0));
    const offsetWidth = widthOf(offset);
    const large = fields.length > 0xff;
    const sink = new Sink();
    sink.u8((((large ? 1 : 0) << 4) | ((idWidth - 1) << 2) | (offsetWidth - 1)) * 4 + 2);
    unsigned(sink, fields.length, large ? 4 : 1);
    for (const field of fields) unsigned(sink, field.id, idWidth);
    for (const field of fields) unsigned(sink, field.offset, offsetWidth);
    unsigned(sink, offset, offsetWidth);
    for (const part of parts) sink.raw(part);
    return sink.toBytes();
  }

  private array(json: readonly Json[], depth: number): Uint8Array {
    const parts = json.map((item) => this.value(item, depth + 1));
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const offsetWidth = widthOf(size);
    const large = parts.length > 0xff;
    const sink = new Sink();
    sink.u8((((large ? 1 : 0) << 2) | (offsetWidth - 1)) * 4 + 3);
    unsigned(sink, parts.length, large ? 4 : 1);
    let offset = 0;
    for (const part of parts) {
      unsigned(sink, offset, offsetWidth);
      offset += part.length;
    }
    unsigned(sink, size, offsetWidth);
    for (const part of parts) sink.raw(part);
    return sink.toBytes();
  }

  private id(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    this.ids.set(name, this.ids.size);
    return this.ids.size - 1;
  }

  metadata(): Uint8Array {
    const names = [...this.ids.keys()].map(utf8);
    const size = names.reduce((sum, name) => sum + name.length, 0);
    const width = widthOf(Math.max(size, names.length));
    const sink = new Sink();
    sink.u8(1 | ((width - 1) << 6));
    unsigned(sink, names.length, width);
    let offset = 0;
    for (const name of names) {
      unsigned(sink, offset, width);
      offset += name.length;
    }
    unsigned(sink, size, width);
    for (const name of names) sink.raw(name);
    return sink.toBytes();
  }
}

function primitive(kind: number, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(1 + content.length);
  bytes[0] = kind << 2;
  bytes.set(content, 1);
  return bytes;
}

function integer(value: bigint): Uint8Array {
  for (const [kind, width] of [
    [3, 1],
    [4, 2],
    [5, 4],
    [6, 8],
  ]) {
    if (BigInt.asIntN(8 * width, value) === value) return primitive(kind, littleEndian(value, width));
  }
  if (value <= -MAX_DECIMAL || value >= MAX_DECIMAL) throw badValue(`${value} has more digits than a variant takes.`);
  const content = new Uint8Array(17);
  content.set(littleEndian(value, 16), 1);
  return primitive(10, content);
}

function littleEndian(value: bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width).fill(value < 0n ? 0xff : 0);
  bytes.set(twosComplement(value).slice().reverse().subarray(0, width));
  return bytes;
}

function double(value: number): Uint8Array {
  const content = new Uint8Array(8);
  new DataView(content.buffer).setFloat64(0, value, true);
  return primitive(7, content);
}

function text(value: string): Uint8Array {
  const bytes = utf8(value);
  if (bytes.length <= MAX_SHORT_TEXT) {
    const short = new Uint8Array(1 + bytes.length);
    short[0] = (bytes.length << 2) | 1;
    short.set(bytes, 1);
    return short;
  }
  const content = new Uint8Array(4 + bytes.length);
  new DataView(content.buffer).setInt32(0, bytes.length, true);
  content.set(bytes, 4);
  return primitive(16, content);
}

function utf8(value: string): Uint8Array {
  if (/\p{Surrogate}/u.test(value)) throw badValue('A text of a variant cannot hold a lone surrogate.');
  return encoder.encode(value);
}

/** Bytes of an unsigned number of at most 24 bits. */
function widthOf(value: number): number {
  if (value > 0xffffff) throw badValue(`A variant has at most ${SIZE_LIMIT} bytes.`);
  return value > 0xffff ? 3 : value > 0xff ? 2 : 1;
}

function unsigned(sink: Sink, value: number, width: number): void {
  for (let i = 0; i < width; i++) sink.u8((value >>> (8 * i)) & 0xff);
}
