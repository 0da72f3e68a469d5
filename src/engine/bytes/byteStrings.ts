/** Whether two byte strings are the same. From the end: neighbours in key order differ there. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return sameStretch(a, 0, a.length, b, 0, b.length);
}

/** The same for `[aFrom, aTo)` of one and `[bFrom, bTo)` of the other. */
export function sameStretch(
  a: Uint8Array,
  aFrom: number,
  aTo: number,
  b: Uint8Array,
  bFrom: number,
  bTo: number,
): boolean {
  if (aTo - aFrom !== bTo - bFrom) return false;
  for (let i = aTo - 1, k = bTo - 1; i >= aFrom; i--, k--) if (a[i] !== b[k]) return false;
  return true;
}

/** Byte strings one behind the other, in bytes of their own. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
