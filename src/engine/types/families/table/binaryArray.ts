import { EngineError } from '../../../bytes/engineError';
import type { Json } from '../../../json/jsonValue';
import { arrayFrom, badValue, inside, notA, taggedFrom } from '../../jsonInput';
import { EncodedValue, MapValue, OpaqueValue } from '../../values';
import type { BinaryField } from './binaryField';
import type { BinaryRegion } from './binaryRegion';
import { readSlot } from './binaryRow';
import { BinaryWriter } from './binaryWriter';

/**
 * `BinaryArrayData`: `i4 n`, one null bit for each element, lowest bit first, filled up to four bytes; then the elements in
 * the width of their type, filled up to eight bytes; then the parts of variable length. Little-endian.
 */
export class ArrayLayout {
  constructor(readonly element: BinaryField) {}

  read(region: BinaryRegion): unknown[] {
    const n = region.i32(0);
    const { width } = this.element;
    const first = headerSize(n);
    if (n < 0 || first + n * width > region.size)
      throw new EngineError('CORRUPT', `A binary array of ${region.size} bytes announces ${n} elements.`);
    const items: unknown[] = [];
    for (let i = 0; i < n; i++) {
      const isNull = (region.u8(4 + (i >> 3)) & (1 << (i & 7))) !== 0;
      items.push(isNull ? null : readSlot(this.element, region, first + i * width));
    }
    return items;
  }

  write(value: unknown): Uint8Array {
    if (value instanceof EncodedValue || value instanceof OpaqueValue) return value.bytes;
    if (!Array.isArray(value)) throw badValue('An array is wanted.');
    const { width } = this.element;
    const first = headerSize(value.length);
    const writer = new BinaryWriter((first + width * value.length + 7) & ~7);
    writer.i32(0, value.length);
    value.forEach((item, i) => {
      if (item === null) writer.setBit(4, i);
      else inside(`[${i}]`, () => this.element.write(writer, first + i * width, item));
    });
    return writer.toBytes();
  }

  fromJson(json: Json): unknown[] {
    return arrayFrom(json).map((item, i) => inside(`[${i}]`, () => this.itemFrom(item)));
  }

  itemFrom(json: Json): unknown {
    return json === null ? null : this.element.fromJson(json);
  }
}

/** `BinaryMapData`: `i4` bytes of the key array, the array of keys, the array of values. */
export class MapLayout {
  private readonly keys: ArrayLayout;
  private readonly values: ArrayLayout;

  constructor(key: BinaryField, value: BinaryField) {
    this.keys = new ArrayLayout(key);
    this.values = new ArrayLayout(value);
  }

  read(region: BinaryRegion): MapValue {
    const size = region.i32(0);
    const keys = this.keys.read(region.inner(4, size));
    const values = this.values.read(region.inner(4 + size, region.size - 4 - size));
    if (keys.length !== values.length)
      throw new EngineError('CORRUPT', `A binary map of ${keys.length} keys has ${values.length} values.`);
    return new MapValue(keys.map((key, i) => [key, values[i]] as const));
  }

  write(value: unknown): Uint8Array {
    if (value instanceof EncodedValue || value instanceof OpaqueValue) return value.bytes;
    if (!(value instanceof MapValue)) throw badValue('A map is wanted.');
    const keys = this.keys.write(value.entries.map(([key]) => key));
    const values = this.values.write(value.entries.map(([, item]) => item));
    const bytes = new Uint8Array(4 + keys.length + values.length);
    new DataView(bytes.buffer).setInt32(0, keys.length, true);
    bytes.set(keys, 4);
    bytes.set(values, 4 + keys.length);
    return bytes;
  }

  fromJson(json: Json): MapValue {
    const pairs = taggedFrom(json, '$map');
    if (pairs !== undefined) {
      return new MapValue(
        arrayFrom(pairs, 'an array of pairs').map((pair, i) =>
          inside(`[${i}]`, () => {
            if (!Array.isArray(pair) || pair.length !== 2) throw notA('a pair of key and value', pair);
            return [this.keys.itemFrom(pair[0]), this.values.itemFrom(pair[1])] as const;
          }),
        ),
      );
    }
    if (!(json instanceof Map)) throw notA('a map', json);
    return new MapValue(
      [...json].map(([key, item]) => inside(key, () => [this.keys.itemFrom(key), this.values.itemFrom(item)] as const)),
    );
  }
}

function headerSize(count: number): number {
  return 4 + Math.floor((count + 31) / 32) * 4;
}
