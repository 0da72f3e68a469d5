import { EngineError } from '../../../bytes/engineError';
import type { Json } from '../../../json/jsonValue';
import { arrayFrom, badValue, integerFrom, taggedFrom } from '../../jsonInput';
import { EncodedValue, OpaqueValue, SetValue } from '../../values';
import { BinaryRegion } from './binaryRegion';
import type { Layout } from './fieldOfType';

/** Cookie of a bitmap without run containers, then `i4` number of containers. */
const NO_RUNS = 12346;
/** Low half of the cookie of a bitmap with run containers; the high half is the number of containers less one. */
const WITH_RUNS = 12347;
/** A container of more values than this is a bit set of 8 KiB, else a list of 16-bit values. */
const MAX_LIST = 4096;
const BIT_SET_BYTES = 8192;
/** Offsets of containers are left out below this number of containers, where there are run containers. */
const OFFSETS_FROM = 4;
const MAX_CONTAINERS = 65536;
/** Values of one bitmap that are unfolded into a set. */
const MAX_VALUES = 10_000_000;

/**
 * RoaringBitmap's portable format (2.3, `RoaringBitmapData`), little-endian: cookie, flags of run containers, for each
 * container its upper 16 bits and its cardinality less one, offsets, then the containers. Values are unsigned 32-bit numbers.
 */
export function bitmapValues(bytes: Uint8Array): bigint[] {
  const region = BinaryRegion.of(bytes);
  const u16 = (at: number) => region.i16(at) & 0xffff;
  const cookie = region.i32(0);
  const runs = (cookie & 0xffff) === WITH_RUNS;
  if (!runs && cookie !== NO_RUNS) throw new EngineError('CORRUPT', `${cookie} is not the cookie of a RoaringBitmap.`);
  const n = runs ? (cookie >>> 16) + 1 : region.i32(4);
  if (n < 0 || n > MAX_CONTAINERS) throw new EngineError('CORRUPT', `A RoaringBitmap of ${n} containers.`);
  const flags = 4;
  const keys = runs ? flags + Math.floor((n + 7) / 8) : 8;
  let at = keys + 4 * n + (!runs || n >= OFFSETS_FROM ? 4 * n : 0);
  const values: bigint[] = [];
  const add = (high: number, low: number) => {
    if (values.length >= MAX_VALUES)
      throw new EngineError('LIMIT', `A bitmap of more than ${MAX_VALUES} values is not unfolded.`);
    values.push(BigInt(high * 65536 + low));
  };
  for (let i = 0; i < n; i++) {
    const high = u16(keys + 4 * i);
    const cardinality = u16(keys + 4 * i + 2) + 1;
    if (runs && (region.u8(flags + (i >> 3)) & (1 << (i & 7))) !== 0) {
      const count = u16(at);
      for (let r = 0; r < count; r++) {
        const first = u16(at + 2 + 4 * r);
        const more = u16(at + 4 + 4 * r);
        if (first + more > 0xffff) throw new EngineError('CORRUPT', 'A run of a RoaringBitmap leaves its container.');
        for (let v = first; v <= first + more; v++) add(high, v);
      }
      at += 2 + 4 * count;
    } else if (cardinality > MAX_LIST) {
      region.inner(at, BIT_SET_BYTES);
      for (let v = 0; v < 65536; v++) if ((region.u8(at + (v >> 3)) & (1 << (v & 7))) !== 0) add(high, v);
      at += BIT_SET_BYTES;
    } else {
      for (let v = 0; v < cardinality; v++) add(high, u16(at + 2 * v));
      at += 2 * cardinality;
    }
  }
  return values;
}

/** The portable format of ascending values, without run containers: any reader of RoaringBitmaps takes it. */
export function bitmapBytes(values: readonly bigint[]): Uint8Array {
  const containers = new Map<number, number[]>();
  for (const value of values) {
    const high = Number(value >> 16n);
    const container = containers.get(high);
    if (container === undefined) containers.set(high, [Number(value & 0xffffn)]);
    else container.push(Number(value & 0xffffn));
  }
  const sizes = [...containers.values()].map((lows) => (lows.length > MAX_LIST ? BIT_SET_BYTES : 2 * lows.length));
  const first = 8 + 8 * containers.size;
  const bytes = new Uint8Array(first + sizes.reduce((a, b) => a + b, 0));
  const view = new DataView(bytes.buffer);
  view.setInt32(0, NO_RUNS, true);
  view.setInt32(4, containers.size, true);
  let at = first;
  [...containers].forEach(([high, lows], i) => {
    view.setUint16(8 + 4 * i, high, true);
    view.setUint16(10 + 4 * i, lows.length - 1, true);
    view.setInt32(8 + 4 * containers.size + 4 * i, at, true);
    lows.forEach((low, k) => {
      if (lows.length > MAX_LIST) bytes[at + (low >> 3)] |= 1 << (low & 7);
      else view.setUint16(at + 2 * k, low, true);
    });
    at += sizes[i];
  });
  return bytes;
}

export function shownBitmap(bytes: Uint8Array): EncodedValue | OpaqueValue {
  try {
    return new EncodedValue(bytes, new SetValue(bitmapValues(bytes)));
  } catch (e) {
    if (e instanceof EngineError) return new OpaqueValue(bytes, e.message);
    throw e;
  }
}

export function bitmapFrom(json: Json): EncodedValue {
  const items = taggedFrom(json, '$set');
  if (items === undefined) throw badValue('A bitmap is an object {"$set": [numbers]}.');
  const values = arrayFrom(items).map((item) => integerFrom(item, 0n, 0xffffffffn, 'an unsigned 32-bit number'));
  const ascending = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  return new EncodedValue(bitmapBytes(ascending), new SetValue(ascending));
}

export function bitmapBytesOf(value: unknown): Uint8Array {
  if (value instanceof EncodedValue || value instanceof OpaqueValue) return value.bytes;
  throw badValue('A bitmap is wanted.');
}

export const bitmapLayout: Layout = {
  read: (region) => shownBitmap(region.bytes(0, region.size).slice()),
  write: bitmapBytesOf,
  fromJson: bitmapFrom,
};
