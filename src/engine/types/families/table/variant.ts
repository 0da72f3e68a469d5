import { EngineError } from '../../../bytes/engineError';
import { dateOfDay } from '../../../json/temporalText';
import { badValue } from '../../jsonInput';
import { DecimalValue, EncodedValue, InstantValue, MapValue, OpaqueValue, RawFloat } from '../../values';
import { fromTwosComplement } from '../bigNumbers';
import { BinaryRegion } from './binaryRegion';
import type { Layout } from './fieldOfType';
import { localTimestamp } from './sqlScalars';
import { buildVariant } from './variantBuilder';

/** Levels of arrays and objects in one another. */
const MAX_NESTING = 200;
/** Values in one variant; parts that lie over one another, which no writer makes, would unfold without end. */
const MAX_VALUES = 1_000_000;

const timestamp = localTimestamp(6);

/**
 * `BinaryVariant` (2.1): a value and the dictionary of its field names, little-endian, in the encoding of Parquet's Variant,
 * version 1. The two lowest bits of a value's first byte tell primitives (0), short strings (1), objects (2) and arrays (3)
 * apart; the six above are the kind of primitive, the length of the string, or the widths of what follows.
 */
export function variantValue(value: Uint8Array, metadata: Uint8Array): unknown {
  return new VariantReader(BinaryRegion.of(value), BinaryRegion.of(metadata)).read(0, 0);
}

class VariantReader {
  private left = MAX_VALUES;
  private readonly names: readonly string[];

  constructor(
    private readonly value: BinaryRegion,
    metadata: BinaryRegion,
  ) {
    this.names = dictionary(metadata);
  }

  read(at: number, depth: number): unknown {
    if (depth > MAX_NESTING || --this.left < 0)
      throw new EngineError('LIMIT', 'A variant is nested deeper, or holds more values, than the engine follows.');
    const header = this.value.u8(at);
    const info = header >> 2;
    switch (header & 3) {
      case 1:
        return text(this.value.bytes(at + 1, info));
      case 2:
        return this.object(at + 1, info, depth);
      case 3:
        return this.array(at + 1, info, depth);
      default:
        return primitive(this.value, at + 1, info);
    }
  }

  /** Count (one byte, or four if bit 4 is set), field ids, offsets (one more than fields), the fields. */
  private object(at: number, info: number, depth: number): MapValue {
    const countWidth = (info & 0x10) === 0 ? 1 : 4;
    const idWidth = ((info >> 2) & 3) + 1;
    const offsetWidth = (info & 3) + 1;
    const n = unsigned(this.value, at, countWidth);
    const ids = at + countWidth;
    const offsets = ids + n * idWidth;
    const data = offsets + (n + 1) * offsetWidth;
    this.fits(n, data);
    const entries: [string, unknown][] = [];
    for (let i = 0; i < n; i++) {
      const name = this.names[unsigned(this.value, ids + i * idWidth, idWidth)];
      if (name === undefined)
        throw new EngineError('CORRUPT', 'A field of a variant has a name that is not in its list.');
      entries.push([name, this.read(data + unsigned(this.value, offsets + i * offsetWidth, offsetWidth), depth + 1)]);
    }
    return new MapValue(entries);
  }

  /** Count (one byte, or four if bit 2 is set), offsets (one more than elements), the elements. */
  private array(at: number, info: number, depth: number): unknown[] {
    const countWidth = (info & 4) === 0 ? 1 : 4;
    const offsetWidth = (info & 3) + 1;
    const n = unsigned(this.value, at, countWidth);
    const offsets = at + countWidth;
    const data = offsets + (n + 1) * offsetWidth;
    this.fits(n, data);
    const items: unknown[] = [];
    for (let i = 0; i < n; i++)
      items.push(this.read(data + unsigned(this.value, offsets + i * offsetWidth, offsetWidth), depth + 1));
    return items;
  }

  private fits(count: number, data: number): void {
    if (data > this.value.size) throw new EngineError('CORRUPT', `A variant announces ${count} parts and ends before.`);
  }
}

/** Metadata: version in the low four bits, width of offsets in the top two; count, offsets (one more), UTF-8 names. */
function dictionary(metadata: BinaryRegion): string[] {
  const header = metadata.u8(0);
  if ((header & 0x0f) !== 1) throw new EngineError('UNSUPPORTED_VERSION', `Variant of version ${header & 0x0f}.`);
  const width = (header >> 6) + 1;
  const n = unsigned(metadata, 1, width);
  const offsets = 1 + width;
  const names = offsets + (n + 1) * width;
  if (names > metadata.size) throw new EngineError('CORRUPT', `A variant announces ${n} names and ends before.`);
  const found: string[] = [];
  for (let i = 0; i < n; i++) {
    const from = unsigned(metadata, offsets + i * width, width);
    const to = unsigned(metadata, offsets + (i + 1) * width, width);
    found.push(text(metadata.bytes(names + from, to - from)));
  }
  return found;
}

function primitive(region: BinaryRegion, at: number, kind: number): unknown {
  switch (kind) {
    case 0:
      return null;
    case 1:
      return true;
    case 2:
      return false;
    case 3:
      return region.i8(at);
    case 4:
      return region.i16(at);
    case 5:
      return region.i32(at);
    case 6:
      return region.i64(at);
    case 7:
      return float(region.f64(at), region.i64(at), 64);
    case 8:
    case 9:
    case 10: {
      const width = kind === 8 ? 4 : kind === 9 ? 8 : 16;
      const unscaled = fromTwosComplement(
        region
          .bytes(at + 1, width)
          .slice()
          .reverse(),
      );
      return stripped(unscaled, region.u8(at));
    }
    case 11:
      return dateOfDay(region.i32(at));
    case 12: {
      const micros = region.i64(at);
      const rest = floorMod(micros, 1_000_000n);
      return new InstantValue((micros - rest) / 1_000_000n, Number(rest) * 1000);
    }
    case 13: {
      const micros = region.i64(at);
      const rest = floorMod(micros, 1000n);
      return timestamp.decode((micros - rest) / 1000n, Number(rest) * 1000);
    }
    case 14:
      return float(region.f32(at), BigInt(region.i32(at)), 32);
    case 15:
      return region.bytes(at + 4, region.i32(at)).slice();
    case 16:
      return text(region.bytes(at + 4, region.i32(at)));
    default:
      throw new EngineError('UNSUPPORTED', `Kind ${kind} of value in a variant is not known.`);
  }
}

/** Flink gives a variant's decimal without trailing zeros (`BigDecimal.stripTrailingZeros`). */
function stripped(unscaled: bigint, scale: number): DecimalValue {
  if (unscaled === 0n) return new DecimalValue(0n, 0);
  let digits = unscaled;
  let places = scale;
  while (digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  return new DecimalValue(digits, places);
}

function float(value: number, bits: bigint, width: 32 | 64): number | RawFloat {
  const canonical = width === 32 ? 0x7fc00000n : 0x7ff8000000000000n;
  const unsignedBits = BigInt.asUintN(width, bits);
  return Number.isNaN(value) && unsignedBits !== canonical ? new RawFloat(unsignedBits, width) : value;
}

function floorMod(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

function unsigned(region: BinaryRegion, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + region.u8(at + i);
  return value;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (e) {
    throw new EngineError('CORRUPT', 'A text in a variant is not UTF-8.', { cause: e });
  }
}

/** A variant that the bytes make, shown as the JSON it stands for; or the bytes with the reason. */
export function shownVariant(bytes: Uint8Array, value: Uint8Array, metadata: Uint8Array): EncodedValue | OpaqueValue {
  try {
    return new EncodedValue(bytes, variantValue(value, metadata));
  } catch (e) {
    if (e instanceof EngineError) return new OpaqueValue(bytes, e.message);
    throw e;
  }
}

export function encodedBytes(value: unknown, what: string): Uint8Array {
  if (value instanceof EncodedValue || value instanceof OpaqueValue) return value.bytes;
  throw badValue(`A ${what} is wanted.`);
}

/** In a binary row: `i4` (big-endian) bytes of the metadata, metadata, value. */
export const variantLayout: Layout = {
  read: (region) => {
    const bytes = region.bytes(0, region.size).slice();
    const length = new DataView(bytes.buffer).getInt32(0);
    if (length < 0 || 4 + length > bytes.length)
      throw new EngineError('CORRUPT', `A variant of ${bytes.length} bytes has ${length} bytes of metadata.`);
    return shownVariant(bytes, bytes.subarray(4 + length), bytes.subarray(4, 4 + length));
  },
  write: (value) => encodedBytes(value, 'variant'),
  fromJson: (json) => {
    const { value, metadata } = buildVariant(json);
    const bytes = new Uint8Array(4 + metadata.length + value.length);
    new DataView(bytes.buffer).setInt32(0, metadata.length);
    bytes.set(metadata, 4);
    bytes.set(value, 4 + metadata.length);
    return shownVariant(bytes, value, metadata);
  },
};
