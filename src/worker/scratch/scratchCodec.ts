import { addExtension, Packr } from 'msgpackr/index-no-eval';
import { EngineError } from '../../engine/bytes/engineError';
import { loadChecksums } from '../../engine/storage/checksums';

/**
 * Plain data as bytes and back, with nothing lost: MessagePack keeps integers of any size and NaN, but writes -0 as 0 and puts
 * U+FFFD where half of a surrogate pair stands alone. Such values go in an extension. In front stands a CRC-32C of the rest:
 * LevelDB checks its blocks only where it is told to, and only against the disk.
 */
export interface ScratchCodec {
  pack(value: unknown): Uint8Array;
  /** Null for bytes that no `pack` wrote. */
  unpack(bytes: Uint8Array): { value: unknown } | null;
}

/** What MessagePack would not give back. */
class Kept {
  constructor(readonly value: number | string) {}
}

/** Extension types from 0 to 127 are the application's; msgpackr uses some letters itself. */
const KEPT = 0x01;

addExtension({
  Class: Kept,
  type: KEPT,
  // -0 is no bytes, a string its UTF-16 code units.
  pack: ({ value }: Kept) => (typeof value === 'string' ? Buffer.from(value, 'utf16le') : new Uint8Array(0)),
  unpack: (bytes: Uint8Array) => (bytes.length === 0 ? -0 : Buffer.from(bytes).toString('utf16le')),
});

const packr = new Packr({ useRecords: true, moreTypes: false, useBigIntExtension: true, copyBuffers: true });

const CHECKSUM_BYTES = 4;

export async function loadScratchCodec(): Promise<ScratchCodec> {
  const { crc32c } = await loadChecksums();
  return {
    pack(value) {
      const body = packr.pack(kept(value));
      const bytes = new Uint8Array(CHECKSUM_BYTES + body.length);
      bytes.set(body, CHECKSUM_BYTES);
      new DataView(bytes.buffer).setUint32(0, crc32c(body));
      return bytes;
    },
    unpack(bytes) {
      if (bytes.length < CHECKSUM_BYTES) return null;
      // A plain array of bytes of its own: what is unpacked must not be a view of a pool.
      const own = Uint8Array.from(bytes);
      const body = own.subarray(CHECKSUM_BYTES);
      if (new DataView(own.buffer).getUint32(0) !== crc32c(body)) return null;
      try {
        return { value: packr.unpack(body) };
      } catch {
        return null;
      }
    },
  };
}

/** The same with what MessagePack would change wrapped. */
function kept(value: unknown): unknown {
  if (Object.is(value, -0)) return new Kept(-0);
  if (typeof value === 'string') return isWellFormed(value) ? value : new Kept(value);
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(kept);
  // A field of this name would become the prototype of who reads it.
  if (Object.hasOwn(value, '__proto__')) throw new EngineError('INTERNAL', 'A field of this name is not kept.');
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, kept(field)]));
}

/** Whether each half of a surrogate pair has the other one. */
const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
