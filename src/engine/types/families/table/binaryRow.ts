import { EngineError } from '../../../bytes/engineError';
import type { Json } from '../../../json/jsonValue';
import { badValue, inside, itemsFrom, notA, objectFrom } from '../../jsonInput';
import { EncodedValue, OpaqueValue, type RowKind, RowValue } from '../../values';
import type { BinaryField } from './binaryField';
import type { BinaryRegion } from './binaryRegion';
import { BinaryWriter } from './binaryWriter';

/** `RowKind` by its byte value. */
export const ROW_KINDS: readonly RowKind[] = ['+I', '-U', '+U', '-D'];
/** The header of blink's rows in 1.9 and 1.10: accumulate and retract. */
export const BASE_ROW_KINDS: readonly RowKind[] = ['+I', '-D'];
/** Bits before the first null bit: the byte of the row kind. */
const HEADER_BITS = 8;

/**
 * `BinaryRowData` (and `NestedRowData`, which is the same): byte 0 is the row kind, then one null bit for each field, lowest
 * bit first, filled up to eight bytes; then a slot of eight bytes for each field; then the parts of variable length.
 */
export class RowLayout {
  private readonly slots: number;
  private readonly fixedSize: number;

  /** `names` are given where people see the fields by name. */
  constructor(
    readonly fields: readonly BinaryField[],
    readonly names: readonly string[] | null,
    private readonly kinds: readonly RowKind[] = ROW_KINDS,
  ) {
    this.slots = bitSetWidth(fields.length);
    this.fixedSize = this.slots + 8 * fields.length;
  }

  /** The value of a whole row; a field that cannot be decoded is an `OpaqueValue` of its slot. */
  read(region: BinaryRegion): RowValue {
    if (region.size < this.fixedSize) {
      const wanted = `${this.fixedSize} for its ${this.fields.length} fields`;
      throw new EngineError('CORRUPT', `A binary row has ${region.size} bytes, not the ${wanted}.`);
    }
    const kind = this.kinds[region.u8(0)];
    if (kind === undefined) throw new EngineError('CORRUPT', `Kind ${region.u8(0)} of a row is not known.`);
    const values = this.fields.map((field, i) => {
      const bit = i + HEADER_BITS;
      if ((region.u8(bit >> 3) & (1 << (bit & 7))) !== 0) return null;
      return readSlot(field, region, this.slots + 8 * i);
    });
    return new RowValue(kind, values, this.names);
  }

  write(value: unknown): Uint8Array {
    if (value instanceof EncodedValue || value instanceof OpaqueValue) return value.bytes;
    if (!(value instanceof RowValue) || value.fields.length !== this.fields.length)
      throw badValue(`A row of ${this.fields.length} fields is wanted.`);
    const writer = new BinaryWriter(this.fixedSize);
    writer.u8(0, this.kinds.indexOf(value.kind));
    this.fields.forEach((field, i) => {
      const slot = this.slots + 8 * i;
      const item = value.fields[i];
      if (item === null) {
        writer.setBit(0, i + HEADER_BITS);
        field.writeNull?.(writer, slot);
      } else inside(`[${i}]`, () => field.write(writer, slot, item));
    });
    return writer.toBytes();
  }

  fromJson(json: Json): RowValue {
    const tagged = json instanceof Map && json.has('$kind') ? json : null;
    const kind = tagged === null ? '+I' : this.kinds.find((k) => k === tagged.get('$kind'));
    if (kind === undefined) throw badValue(`A row's $kind is one of ${this.kinds.join(', ')}.`);
    const items = this.itemsFrom(tagged === null ? json : (tagged.get('fields') ?? null));
    const values = this.fields.map((field, i) =>
      inside(this.names?.[i] ?? `[${i}]`, () => (items[i] === null ? null : field.fromJson(items[i]))),
    );
    return new RowValue(kind, values, this.names);
  }

  private itemsFrom(json: Json): readonly Json[] {
    const { names } = this;
    if (names === null || Array.isArray(json)) {
      const items = itemsFrom(json, this.fields.length, `a row of ${this.fields.length} fields`);
      if (items.length !== this.fields.length) throw notA(`an array of ${this.fields.length}`, json);
      return items;
    }
    const object = objectFrom(json, 'a row as an object');
    for (const name of object.keys()) if (!names.includes(name)) throw badValue(`The row has no field ${name}.`);
    return names.map((name) => {
      const item = object.get(name);
      if (item === undefined) throw badValue(`The row needs the field ${name}.`);
      return item;
    });
  }
}

/** Bytes of the row kind and the null bits. */
function bitSetWidth(arity: number): number {
  return Math.floor((arity + 63 + HEADER_BITS) / 64) * 8;
}

/** A slot's value; where its bytes make none, the slot itself with the reason, so that the other fields can be seen. */
export function readSlot(field: BinaryField, region: BinaryRegion, slot: number): unknown {
  try {
    return field.read(region, slot);
  } catch (e) {
    if (e instanceof EngineError) return new OpaqueValue(region.bytes(slot, field.width).slice(), e.message);
    throw e;
  }
}
