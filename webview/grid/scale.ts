/**
 * Where rows stand in a list that may have thousands of millions of them. Pure arithmetic.
 *
 * A browser lays out no element higher than some 33.5 million px (Chromium; Firefox 17.9 million), which is less than 1.4
 * million rows. So the element that gives the scroll bar its range (the canvas) never becomes higher than `MOST_CANVAS`, and
 * stands for a list that may be higher: `top` is a place in the list, in px of rows as they are drawn; `scroll` is the scroll
 * bar's place in the canvas. The thumb covers all rows, while a step of the wheel moves as many rows as in a short list.
 *
 * 2^31 rows of 24 px are 5.2e10 px: a double holds such a number with a precision of less than a hundred-thousandth of a px.
 */
export const MOST_CANVAS = 8_000_000;

export interface Scale {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of the part that is seen, without the head. */
  readonly viewport: number;
  /** Height of all rows. */
  readonly height: number;
  /** Height of the element that is scrolled, without the head. */
  readonly canvas: number;
  /** The last `top`, with the last row at the bottom. */
  readonly lastTop: number;
  /** The last place of the scroll bar. */
  readonly lastScroll: number;
}

export function scaleOf(rows: number, rowHeight: number, viewport: number): Scale {
  const height = rows * rowHeight;
  // A viewport higher than the most would leave the scroll bar no range.
  const canvas = Math.min(height, Math.max(MOST_CANVAS, 2 * viewport));
  return {
    rows,
    rowHeight,
    viewport,
    height,
    canvas,
    lastTop: Math.max(0, height - viewport),
    lastScroll: Math.max(0, canvas - viewport),
  };
}

export const isScaled = ({ height, canvas }: Scale): boolean => height > canvas;

export const clampTop = ({ lastTop }: Scale, top: number): number => Math.max(0, Math.min(top, lastTop));

export function topOfScroll(scale: Scale, scroll: number): number {
  const { lastTop, lastScroll } = scale;
  if (!isScaled(scale)) return clampTop(scale, scroll);
  // The ends are exact, whatever rounding does between.
  if (scroll <= 0) return 0;
  if (scroll >= lastScroll) return lastTop;
  return clampTop(scale, (scroll / lastScroll) * lastTop);
}

export function scrollOfTop(scale: Scale, top: number): number {
  const { lastTop, lastScroll } = scale;
  if (!isScaled(scale)) return clampTop(scale, top);
  if (top <= 0) return 0;
  if (top >= lastTop) return lastScroll;
  return (top / lastTop) * lastScroll;
}

/**
 * The new `top` after the browser itself moved the scroll bar from one place to another. In a scaled list a px of the thumb's
 * way is more than a screen of the canvas, so a smaller move is no move of the thumb (a finger, a middle click): it moves
 * the rows under it by as much as they would move in a short list.
 */
export function afterScroll(scale: Scale, top: number, from: number, to: number): number {
  const by = to - from;
  const atEnd = to <= 0 || to >= scale.lastScroll;
  if (isScaled(scale) && Math.abs(by) <= scale.viewport && !atEnd) return clampTop(scale, top + by);
  return topOfScroll(scale, to);
}

export interface RowWindow {
  readonly first: number;
  /** The row after the last. */
  readonly end: number;
  /** Where the first row begins, relative to the top of the part that is seen; not above it by more than the rows in reserve. */
  readonly offset: number;
}

/** The rows that are seen at `top`, and `reserve` rows above and below. */
export function windowAt({ rows, rowHeight, viewport }: Scale, top: number, reserve: number): RowWindow {
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - reserve, rows));
  const end = Math.max(first, Math.min(rows, Math.ceil((top + viewport) / rowHeight) + reserve));
  return { first, end, offset: first * rowHeight - top };
}

/** Whole rows that fit, at least one. */
export const rowsOfScreen = ({ viewport, rowHeight }: Scale): number => Math.max(1, Math.floor(viewport / rowHeight));

/** The `top` nearest to the present one at which a row is seen whole. */
export function revealing(scale: Scale, top: number, row: number): number {
  const begin = row * scale.rowHeight;
  const end = begin + scale.rowHeight;
  if (begin < top || scale.viewport < scale.rowHeight) return clampTop(scale, begin);
  return end > top + scale.viewport ? clampTop(scale, end - scale.viewport) : clampTop(scale, top);
}

/** The `top` at which a row stands in the middle. */
export const centering = (scale: Scale, row: number): number =>
  clampTop(scale, row * scale.rowHeight - (scale.viewport - scale.rowHeight) / 2);

/** The `top` after rows got other numbers, or more rows became known: what was seen stays where it was. */
export const shifted = (scale: Scale, top: number, byRows: number): number =>
  clampTop(scale, top + byRows * scale.rowHeight);
