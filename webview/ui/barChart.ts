import { svg } from '../dom';

const STEP = 4;
const BAR = 3;

/**
 * Columns side by side, as wide as the room there is, the highest of full height. For the eye alone: what it shows is said in
 * words or in a table beside it. `titles` are shown by the mouse; the column `marked` stands out by more than its colour.
 */
export function barChart(
  heights: readonly number[],
  height: number,
  { titles = [], marked = null }: { titles?: readonly string[]; marked?: number | null } = {},
): SVGElement {
  const most = Math.max(...heights, Number.MIN_VALUE);
  const columns = heights.flatMap((value, i) => {
    // What is there is at least a line.
    const tall = value <= 0 ? 0 : Math.max(1, (value / most) * height);
    const isMarked = i === marked;
    const column = svg('rect', {
      ...{ x: i * STEP, y: height - tall, width: BAR, height: tall },
      class: isMarked ? 'marked' : undefined,
    });
    const title = titles[i];
    if (title === undefined) return [column];
    // The whole height answers to the mouse.
    const area = svg('rect', { x: i * STEP, y: 0, width: STEP, height, class: 'hover' });
    const text = svg('title');
    text.textContent = title;
    area.append(text);
    return [column, area];
  });
  return svg(
    'svg',
    {
      class: 'bars',
      viewBox: `0 0 ${Math.max(1, heights.length) * STEP} ${height}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    ...columns,
  );
}
