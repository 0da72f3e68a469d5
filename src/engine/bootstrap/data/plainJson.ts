const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What may not be in a string that is taken as it is: controls, escapes, and all that is not ASCII. */
const isOdd = (byte: number): boolean => byte < 0x20 || byte === BACKSLASH || byte >= 0x80;

/** Steps through plain JSON in its bytes. */
export class PlainJson {
  bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  protected end = 0;

  /** Steps over a mark if it comes next; space may stand in front of it. */
  next(mark: number): boolean {
    this.space();
    if (this.at >= this.end || this.bytes[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  /** Steps over a string without escapes, of ASCII alone; false where none comes next. */
  protected string(): boolean {
    const { bytes, end } = this;
    if (this.at >= end || bytes[this.at] !== QUOTE) return false;
    let at = this.at + 1;
    for (; at < end && bytes[at] !== QUOTE; at++) if (isOdd(bytes[at])) return false;
    this.at = at + 1;
    return at < end;
  }

  protected space(): void {
    const { bytes, end } = this;
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }
}
