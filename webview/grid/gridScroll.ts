import { ROW_HEIGHT } from './gridModel';
import { afterScroll, clampTop, type Scale, scaleOf, scrollOfTop } from './scale';

/** After the scroll bar was moved by a person it is left alone for so long. */
const HANDS_OFF_MS = 250;

/** Where in all rows one is, and the scroll bar, which follows it and may be moved itself. */
export class GridScroll {
  /** Px of rows above what is seen. */
  top = 0;
  /** Px of what is seen, without the heads. */
  private viewport = 0;
  private headHeight = 0;
  private scroll = 0;
  private scrolledAt = Number.NEGATIVE_INFINITY;
  private canvasHeight = -1;
  private settling: ReturnType<typeof setTimeout> | undefined;

  /** `moved`: other rows are to be seen. */
  constructor(
    private readonly element: HTMLElement,
    private readonly canvas: HTMLElement,
    private readonly rows: () => number,
    private readonly moved: () => void,
  ) {
    element.addEventListener('scroll', () => this.onScroll(), { passive: true });
    element.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
  }

  stop(): void {
    clearTimeout(this.settling);
  }

  get scale(): Scale {
    return scaleOf(this.rows(), ROW_HEIGHT, this.viewport);
  }

  resize(headHeight: number): void {
    this.headHeight = headHeight;
    this.viewport = Math.max(0, this.element.clientHeight - headHeight);
  }

  /** Somewhere else by other means than the scroll bar, which follows at once. */
  to(top: number): void {
    this.scrolledAt = Number.NEGATIVE_INFINITY;
    this.top = top;
  }

  by(px: number): void {
    this.to(clampTop(this.scale, this.top + px));
    this.moved();
  }

  /** The row at so many px below the top of the grid, which its heads cover. */
  rowAt(y: number): number {
    return Math.floor((y - this.headHeight + this.top) / ROW_HEIGHT);
  }

  /** There may be fewer rows than before. */
  clamp(): void {
    this.top = clampTop(this.scale, this.top);
  }

  /** The scroll bar shows where one is. */
  draw(): void {
    const { scale } = this;
    const height = scale.canvas + this.headHeight;
    if (height !== this.canvasHeight) {
      this.canvasHeight = height;
      this.canvas.style.height = `${height}px`;
    }
    const scroll = scrollOfTop(scale, this.top);
    if (performance.now() - this.scrolledAt < HANDS_OFF_MS) {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.moved(), HANDS_OFF_MS);
    } else if (Math.abs(this.element.scrollTop - scroll) >= 1) {
      this.element.scrollTop = scroll;
      this.scroll = this.element.scrollTop;
    }
  }

  private onScroll(): void {
    const to = this.element.scrollTop;
    if (Math.abs(to - this.scroll) < 1) return;
    this.top = afterScroll(this.scale, this.top, this.scroll, to);
    this.scroll = to;
    this.scrolledAt = performance.now();
    this.moved();
  }

  private onWheel(event: WheelEvent): void {
    if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    const unit = event.deltaMode === 1 ? ROW_HEIGHT : event.deltaMode === 2 ? this.viewport : 1;
    event.preventDefault();
    this.element.scrollLeft += event.deltaX * unit;
    this.by(event.deltaY * unit);
  }
}
