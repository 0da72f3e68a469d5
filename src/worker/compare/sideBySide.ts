import type { Json } from '../../engine/json/jsonValue';
import { printJson } from '../../engine/json/printJson';
import type { SideBySide, TextPiece } from '../../view/shownComparison';
import { cutAt } from '../entries/cellText';

/** Longest text of a value in a row, in characters. */
const MOST_TEXT = 400;
/** A value whose text is longer is shown without the fields that are the same. */
const MOST_WHOLE = 120;
/** Longest text of one field in a row. */
const MOST_LEAF = 80;
/** Lines of two values side by side. */
const MOST_LINES = 2000;
const MAX_DEPTH = 40;
/** Longest text of a line. */
const MOST_LINE = 2000;

/** A value and what it is compared with; undefined for a side that has nothing there. */
type Side = Json | undefined;

/**
 * Two values as the texts of a row, in which what differs is marked: `{amount: 1.5, since: 7}`. In a long one the fields that
 * are the same give way to an ellipsis.
 */
export function markedPieces(before: Json, after: Json): { before: TextPiece[]; after: TextPiece[] } {
  const of = (own: Json, other: Json): TextPiece[] => {
    const whole = new Pieces(false);
    whole.value(own, other, 0);
    if (whole.length <= MOST_WHOLE) return whole.done();
    const short = new Pieces(true);
    short.value(own, other, 0);
    return short.done();
  };
  return { before: of(before, after), after: of(after, before) };
}

/** A value that stands alone. */
export function plainPieces(value: Json): TextPiece[] {
  const pieces = new Pieces(false);
  pieces.value(value, value, 0);
  return pieces.done();
}

class Pieces {
  length = 0;
  private readonly pieces: TextPiece[] = [];

  constructor(private readonly leavesOut: boolean) {}

  value(own: Json, other: Side, depth: number): void {
    if (this.length > MOST_TEXT) return;
    const parts = depth < MAX_DEPTH ? partsOf(own) : null;
    const others = partsOf(other ?? null);
    if (parts === null || others === null || parts.brackets !== others.brackets) {
      this.add(leafText(own, MOST_LEAF), !isSame(own, other));
      return;
    }
    const byLabel = new Map(others.items.map(({ label, value }) => [label, value]));
    this.add(parts.brackets[0], false);
    let isFirst = true;
    let isLeftOut = false;
    for (const { label, value } of parts.items) {
      if (this.length > MOST_TEXT) break;
      const of = byLabel.get(label);
      if (this.leavesOut && isSame(value, of)) {
        if (!isLeftOut) this.add(isFirst ? '…' : ', …', false);
        isLeftOut = true;
      } else {
        if (!isFirst) this.add(', ', false);
        const name = parts.isNamed ? `${label}: ` : '';
        if (of === undefined) this.add(`${name}${leafText(value, MOST_LEAF)}`, true);
        else {
          this.add(name, false);
          this.value(value, of, depth + 1);
        }
        isLeftOut = false;
      }
      isFirst = false;
    }
    this.add(parts.brackets[1], false);
  }

  done(): TextPiece[] {
    if (this.length > MOST_TEXT) this.add('…', false);
    return this.pieces;
  }

  private add(text: string, marked: boolean): void {
    if (text === '') return;
    this.length += text.length;
    const last = this.pieces.at(-1);
    if (last !== undefined && last.marked === marked) last.text += text;
    else this.pieces.push({ text, marked });
  }
}

/** Two values field by field, as deep as they are alike. */
export function sideBySide(before: Side, after: Side): { lines: SideBySide[]; more: number } {
  const lines: SideBySide[] = [];
  let more = 0;
  const walk = (label: string, a: Side, b: Side, depth: number): void => {
    if (lines.length >= MOST_LINES) {
      more++;
      return;
    }
    const is = kindOf(a, b);
    const [parts, others] = depth < MAX_DEPTH ? [partsOfSide(a), partsOfSide(b)] : [null, null];
    const isAlike = parts !== null && others !== null && parts.brackets === others.brackets;
    const only = a === undefined ? others : b === undefined ? parts : null;
    if (!isAlike && only === null) {
      lines.push({ label, depth, before: textOf(a), after: textOf(b), is });
      return;
    }
    const [left, right] = [parts?.items ?? [], others?.items ?? []];
    lines.push({ label, depth, before: headOf(a, left.length), after: headOf(b, right.length), is });
    const rest = new Map(right.map((item) => [item.label, item.value]));
    for (const { label: name, value } of left) {
      walk(name, value, rest.get(name), depth + 1);
      rest.delete(name);
    }
    for (const [name, value] of rest) walk(name, undefined, value, depth + 1);
  };
  walk('', before, after, 0);
  return { lines, more };
}

function kindOf(a: Side, b: Side): SideBySide['is'] {
  if (a === undefined) return 'added';
  if (b === undefined) return 'removed';
  return isSame(a, b) ? 'same' : 'changed';
}

interface Parts {
  readonly brackets: '{}' | '[]';
  /** The labels say more than the order does. */
  readonly isNamed: boolean;
  readonly items: readonly { readonly label: string; readonly value: Json }[];
}

const partsOfSide = (side: Side): Parts | null => (side === undefined ? null : partsOf(side));

/** What is in a value; null for one that has nothing in it. The entries of a map and of a set have no order. */
function partsOf(json: Json): Parts | null {
  if (Array.isArray(json)) {
    return { brackets: '[]', isNamed: false, items: json.map((value, i) => ({ label: String(i), value })) };
  }
  if (!(json instanceof Map)) return null;
  const [only] = json;
  if (json.size === 1 && only !== undefined && Array.isArray(only[1])) {
    const [name, items] = only;
    if (name === '$map' && items.every((item) => Array.isArray(item) && item.length === 2)) {
      const entries = items.flatMap((item) => (Array.isArray(item) ? [item] : []));
      return {
        brackets: '{}',
        isNamed: true,
        items: entries.map(([key, value]) => ({ label: leafText(key ?? null, MOST_LINE), value: value ?? null })),
      };
    }
    if (name === '$set') {
      return { brackets: '[]', isNamed: false, items: items.map((value) => ({ label: printJson(value), value })) };
    }
  }
  return { brackets: '{}', isNamed: true, items: [...json].map(([label, value]) => ({ label, value })) };
}

function isSame(a: Json, b: Side): boolean {
  if (b === undefined) return false;
  // Not `===`: 0.0 and -0.0 are two values.
  if (Object.is(a, b)) return true;
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left === null || right === null) return printJson(a) === printJson(b);
  if (left.brackets !== right.brackets || left.items.length !== right.items.length) return false;
  const others = new Map(right.items.map(({ label, value }) => [label, value]));
  return left.items.every(({ label, value }) => isSame(value, others.get(label)));
}

const headOf = (side: Side, count: number): string | null =>
  side === undefined ? null : Array.isArray(side) ? `[${count}]` : '';

const textOf = (side: Side): string | null => (side === undefined ? null : leafText(side, MOST_LINE));

function leafText(json: Json, most: number): string {
  const text = json instanceof Map || Array.isArray(json) ? compact(json, 0) : printJson(json);
  return text.length <= most ? text : `${cutAt(text, most)}…`;
}

/** As rows show it: names without quotes. */
function compact(json: Json, depth: number): string {
  const parts = depth < MAX_DEPTH ? partsOf(json) : null;
  if (parts === null) return printJson(json);
  const items = parts.items.map(
    ({ label, value }) => `${parts.isNamed ? `${label}: ` : ''}${compact(value, depth + 1)}`,
  );
  return `${parts.brackets[0]}${items.join(', ')}${parts.brackets[1]}`;
}
