/** Where bytes that were read are stored. */
export interface BytePlace {
  readonly file: string;
  /** Offset in the file: of the bytes themselves, or of what they are packed in. */
  readonly offset: number;
  /**
   * `stored`: the bytes lie there. `unpacked`: a compressed stretch begins there, and holds them. `rebuilt`: a block begins there
   * from whose pieces they were put together, as keys are that share their beginning with the one before.
   */
  readonly form: 'stored' | 'unpacked' | 'rebuilt';
  /** Of bytes that were unpacked: their offset in what the stretch unpacks to. */
  readonly inside: number | null;
}

/** Consecutive bytes of a buffer that were read from one place. */
interface Stretch {
  /** Where they begin in the buffer, and how many they are. Behind them may lie what was put together from them. */
  readonly at: number;
  readonly length: number;
  readonly file: string;
  readonly offset: number;
  /** Offset of the first of them in what was unpacked; null where they are as they were stored. */
  readonly inside: number | null;
}

/** By buffer, its stretches in order. Kept for a whole buffer, so that entries need not know where they lie. */
const stretches = new WeakMap<ArrayBufferLike, Stretch[]>();

/** Remembers where bytes come from, until they are forgotten. Bytes of one buffer are told of in their order. */
export function rememberPlace(
  bytes: Uint8Array,
  file: string,
  offset: number,
  inside: number | null = null,
  at = 0,
  length = bytes.length - at,
): void {
  const stretch = { at: bytes.byteOffset + at, length, file, offset, inside };
  const known = stretches.get(bytes.buffer);
  if (known === undefined) stretches.set(bytes.buffer, [stretch]);
  else known.push(stretch);
}

/** Where bytes come from, which are a view of what was read; null where nobody knows, because they were made in memory. */
export function placeOf(bytes: Uint8Array): BytePlace | null {
  const from = bytes.byteOffset;
  const stretch = stretches.get(bytes.buffer)?.findLast(({ at }) => at <= from);
  if (stretch === undefined) return null;
  const { file, offset, inside } = stretch;
  const skipped = from - stretch.at;
  if (skipped + bytes.length > stretch.length) return { file, offset, form: 'rebuilt', inside: null };
  if (inside === null) return { file, offset: offset + skipped, form: 'stored', inside: null };
  return { file, offset, form: 'unpacked', inside: inside + skipped };
}
