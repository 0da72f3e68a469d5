/** Buffers that were handed out, used elsewhere and given back: new ones cost as much as filling them. */
export class SpareBuffers {
  private readonly spare: ArrayBuffer[] = [];

  /** Bytes of whatever content; a new buffer has some to spare. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const found = this.spare.findIndex(({ byteLength }) => byteLength >= length);
    if (found >= 0) return new Uint8Array(this.spare.splice(found, 1)[0], 0, length);
    // Those that are too short are of no more use.
    this.spare.length = 0;
    return new Uint8Array(new ArrayBuffer(Math.ceil(length * 1.1)), 0, length);
  }

  give(buffer: ArrayBuffer): void {
    this.spare.push(buffer);
  }
}
