export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Divides a box into one for each weight, with areas to scale and sides as equal as they get (the squarified treemap of Bruls,
 * Huizing and van Wijk, 2000): rows are laid along the shorter side of what is left, and a row takes the next largest as long
 * as that makes its boxes squarer. In the order of the weights, which may be any; what weighs nothing has an empty box.
 */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const boxes = weights.map((): Box => ({ x: box.x, y: box.y, width: 0, height: 0 }));
  const order = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
  order.sort((a, b) => at(weights, b) - at(weights, a));
  let rest = order.reduce((sum, index) => sum + at(weights, index), 0);
  let left = { ...box };
  for (let next = 0; next < order.length; ) {
    const side = Math.min(left.width, left.height);
    const scale = rest > 0 ? (left.width * left.height) / rest : 0;
    let row = 0;
    let worst = Number.POSITIVE_INFINITY;
    let count = 0;
    for (const largest = at(weights, order[next]); next + count < order.length; count++) {
      const smallest = at(weights, order[next + count]);
      const ratio = worstRatio(side, (row + smallest) * scale, largest * scale, smallest * scale);
      if (ratio > worst) break;
      worst = ratio;
      row += smallest;
    }
    // Areas too small for their sides to be told apart: all that is left is one row.
    if (count === 0 || Number.isNaN(worst)) count = order.length - next;
    const taken = order.slice(next, next + count);
    next += count;
    const isLast = next === order.length;
    left = layRow(taken, weights, boxes, left, isLast ? rest : row, rest);
    rest -= row;
  }
  return boxes;
}

/** Lays a row along the shorter side; what is left of the box. */
function layRow(
  taken: readonly number[],
  weights: readonly number[],
  boxes: Box[],
  left: Box,
  row: number,
  rest: number,
): Box {
  const isColumn = left.width >= left.height;
  const long = isColumn ? left.height : left.width;
  const thick = rest > 0 ? Math.min(1, row / rest) * (isColumn ? left.width : left.height) : 0;
  const sum = taken.reduce((all, index) => all + at(weights, index), 0);
  let before = 0;
  for (const index of taken) {
    const from = (before / sum) * long;
    before += at(weights, index);
    const length = Math.min(long, (before / sum) * long) - from;
    boxes[index] = isColumn
      ? { x: left.x, y: left.y + from, width: thick, height: length }
      : { x: left.x + from, y: left.y, width: length, height: thick };
  }
  return isColumn
    ? { ...left, x: left.x + thick, width: Math.max(0, left.width - thick) }
    : { ...left, y: left.y + thick, height: Math.max(0, left.height - thick) };
}

/** How far from a square the worst box of a row is, whose boxes have this area together. */
const worstRatio = (side: number, row: number, largest: number, smallest: number): number =>
  Math.max((side * side * largest) / (row * row), (row * row) / (side * side * smallest));

const at = (weights: readonly number[], index: number | undefined): number =>
  index === undefined ? 0 : (weights[index] ?? 0);

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The box that an arrow key goes to: of those that lie on that side, the nearest, counting what it is beside the way twice.
 * Null where there is none.
 */
export function neighbour(boxes: readonly Box[], from: number, direction: Direction): number | null {
  const start = boxes[from];
  if (start === undefined) return null;
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  const middle = (box: Box): [number, number] => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return horizontal ? [sign * x, y] : [sign * y, x];
  };
  const [along, beside] = middle(start);
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    const [thereAlong, thereBeside] = middle(box);
    if (index === from || thereAlong <= along) continue;
    const distance = thereAlong - along + 2 * Math.abs(thereBeside - beside);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}
