/** How bytes stand in lines of text: offset, hex, and the characters of ASCII among them. Pure. */
export interface HexLayout {
  readonly bytesOfLine: number;
  readonly length: number;
  /** Digits of the offset at the beginning of a line. */
  readonly digits: number;
}

/** Between the offset, the hex and the characters. */
const GAP = 2;

export function hexLayout(length: number, bytesOfLine: number): HexLayout {
  return { bytesOfLine, length, digits: Math.max(4, Math.max(0, length - 1).toString(16).length) };
}

/** Characters of a line without its end. */
const lineLength = ({ digits, bytesOfLine }: HexLayout): number =>
  digits + GAP + 3 * bytesOfLine - 1 + GAP + bytesOfLine;

/** Every line has the same length, so that a byte's place is a matter of counting. */
export function hexText(layout: HexLayout, bytes: Uint8Array): string {
  const { bytesOfLine, digits } = layout;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += bytesOfLine) {
    const line = [...bytes.subarray(at, at + bytesOfLine)];
    const hex = line.map((b) => b.toString(16).padStart(2, '0')).join(' ');
    const text = line.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '·')).join('');
    const offset = at.toString(16).padStart(digits, '0');
    lines.push(`${offset}  ${hex.padEnd(3 * bytesOfLine - 1)}  ${text.padEnd(bytesOfLine)}`);
  }
  return lines.join('\n');
}

/** The stretches of the text that show bytes from `from` to before `to`: hex and characters of each line. */
export function hexStretches(layout: HexLayout, from: number, to: number): { from: number; to: number }[] {
  const { bytesOfLine, digits, length } = layout;
  const end = Math.min(to, length);
  const result: { from: number; to: number }[] = [];
  for (let at = Math.max(0, from); at < end; ) {
    const line = Math.floor(at / bytesOfLine);
    const first = at % bytesOfLine;
    const last = Math.min(end - line * bytesOfLine, bytesOfLine);
    const begin = line * (lineLength(layout) + 1);
    const hex = begin + digits + GAP;
    const text = hex + 3 * bytesOfLine - 1 + GAP;
    result.push({ from: hex + 3 * first, to: hex + 3 * last - 1 }, { from: text + first, to: text + last });
    at = (line + 1) * bytesOfLine;
  }
  return result;
}

/** The byte that stands in a line and a column of characters; null where none does. */
export function byteAt(layout: HexLayout, line: number, column: number): number | null {
  const { bytesOfLine, digits, length } = layout;
  const inHex = column - digits - GAP;
  const inText = inHex - (3 * bytesOfLine - 1) - GAP;
  const index =
    inText >= 0 ? inText : inHex >= 0 && inHex < 3 * bytesOfLine - 1 && inHex % 3 !== 2 ? Math.floor(inHex / 3) : -1;
  if (line < 0 || index < 0 || index >= bytesOfLine) return null;
  const byte = line * bytesOfLine + index;
  return byte < length ? byte : null;
}
