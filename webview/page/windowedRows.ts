/** Lines drawn above and below what is seen, so that a turn of the wheel meets no gap. */
const OVERSCAN = 12;

export interface RowSource {
  readonly count: number;
  key(index: number): string;
  render(index: number): HTMLElement;
}

/**
 * Draws those rows of a long list that are in sight. All are of one height, so the place of a row is a product and the list
 * is as tall as if all were drawn. Rows carry `data-key`; one that has the focus stays drawn when it leaves sight.
 */
export class WindowedRows {
  private source: RowSource = { count: 0, key: () => '', render: () => document.createElement('div') };
  private readonly drawn = new Map<string, { element: HTMLElement; index: number }>();
  private pinned = -1;
  private frame = 0;
  private readonly resizes = new ResizeObserver(() => this.schedule());

  constructor(
    private readonly scroller: HTMLElement,
    readonly body: HTMLElement,
    private readonly rowHeight: number,
  ) {
    scroller.addEventListener('scroll', this.schedule, { passive: true });
    this.resizes.observe(scroller);
  }

  /** The list leaves the page: nothing is drawn any more. */
  stop(): void {
    this.scroller.removeEventListener('scroll', this.schedule);
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
  }

  /** New content: rows are drawn again, as any of them may have changed. */
  show(source: RowSource, pinned: number): void {
    this.source = source;
    this.pinned = pinned;
    this.body.style.height = `${source.count * this.rowHeight}px`;
    for (const { element } of this.drawn.values()) element.remove();
    this.drawn.clear();
    this.draw();
  }

  pin(index: number): void {
    this.pinned = index;
    this.draw();
  }

  element(key: string): HTMLElement | undefined {
    return this.drawn.get(key)?.element;
  }

  /** Rows that are drawn, for what changes in them alone. */
  each(change: (element: HTMLElement, index: number) => void): void {
    for (const { element, index } of this.drawn.values()) change(element, index);
  }

  /** Scrolls no further than needed. `margin` is what covers the top of the scroller. */
  scrollTo(index: number, margin: number): void {
    const top = this.offset() + index * this.rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop + margin) this.scroller.scrollTop = top - margin;
    else if (top + this.rowHeight > scrollTop + clientHeight) {
      this.scroller.scrollTop = top + this.rowHeight - clientHeight;
    }
    this.draw();
  }

  /** Rows that fit on the screen. */
  get page(): number {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 2);
  }

  /** From the start of what is scrolled to the first row. */
  private offset(): number {
    return this.body.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top + this.scroller.scrollTop;
  }

  private schedule = (): void => {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  };

  private draw(): void {
    const above = this.scroller.scrollTop - this.offset();
    const first = Math.max(0, Math.floor(above / this.rowHeight) - OVERSCAN);
    const last = Math.min(
      this.source.count,
      Math.ceil((above + this.scroller.clientHeight) / this.rowHeight) + OVERSCAN,
    );
    const wanted = new Map<string, number>();
    for (let index = first; index < last; index++) wanted.set(this.source.key(index), index);
    if (this.pinned >= 0 && this.pinned < this.source.count) wanted.set(this.source.key(this.pinned), this.pinned);
    for (const [key, { element }] of this.drawn) {
      if (wanted.has(key)) continue;
      element.remove();
      this.drawn.delete(key);
    }
    // In the order of the rows, so that reading and Tab go down the page.
    const order = [...wanted].sort((a, b) => a[1] - b[1]);
    let before: ChildNode | null = this.body.firstChild;
    for (const [key, index] of order) {
      const known = this.drawn.get(key);
      if (known !== undefined) {
        before = known.element.nextSibling;
        continue;
      }
      const element = this.render(index);
      this.body.insertBefore(element, before);
      this.drawn.set(key, { element, index });
    }
  }

  private render(index: number): HTMLElement {
    const element = this.source.render(index);
    element.dataset['key'] = this.source.key(index);
    element.style.transform = `translateY(${index * this.rowHeight}px)`;
    return element;
  }
}
