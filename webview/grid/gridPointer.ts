import type { CellPlace } from './selection';

/** Milliseconds between steps while the pointer is held outside. */
const STEP_MS = 40;

interface PointerEvents {
  placeOf(target: EventTarget | null): CellPlace | null;
  rowAt(y: number): number;
  select(place: CellPlace, how: 'one' | 'extend' | 'toggle' | 'menu'): void;
  scrollBy(px: number): void;
  opened(row: number): void;
}

/** Selecting with the mouse: a press, a press with Shift or Control, and a drag, which scrolls where it leaves the grid. */
export class GridPointer {
  private readonly stopping = new AbortController();
  private scrolling: ReturnType<typeof setInterval> | undefined;
  private last: PointerEvent | undefined;

  constructor(
    private readonly element: HTMLElement,
    body: HTMLElement,
    private readonly events: PointerEvents,
  ) {
    const { signal } = this.stopping;
    body.addEventListener('mousedown', (event) => this.press(event), { signal });
    body.addEventListener('contextmenu', (event) => this.menu(event), { signal });
    body.addEventListener(
      'dblclick',
      (event) => {
        const place = events.placeOf(event.target);
        if (place !== null) events.opened(place.row);
      },
      { signal },
    );
  }

  stop(): void {
    this.stopping.abort();
    clearInterval(this.scrolling);
  }

  private press(event: MouseEvent): void {
    const place = this.events.placeOf(event.target);
    if (place === null) return;
    // The focus goes where the selection says.
    event.preventDefault();
    if (event.button !== 0) return;
    const command = event.ctrlKey || event.metaKey;
    this.events.select(place, event.shiftKey ? 'extend' : command ? 'toggle' : 'one');
    this.drag(place);
  }

  private menu(event: MouseEvent): void {
    const place = this.events.placeOf(event.target);
    if (place !== null) this.events.select(place, 'menu');
  }

  private drag(from: CellPlace): void {
    const dragging = new AbortController();
    const signal = AbortSignal.any([dragging.signal, this.stopping.signal]);
    let at = from;
    const extend = (event: PointerEvent): void => {
      const under = this.events.placeOf(event.target);
      const column = from.column === 0 ? 0 : under === null || under.column === 0 ? at.column : under.column;
      const place = { row: this.events.rowAt(event.clientY), column };
      if (place.row === at.row && place.column === at.column) return;
      at = place;
      this.events.select(place, 'extend');
    };
    const end = (): void => {
      dragging.abort();
      clearInterval(this.scrolling);
    };
    window.addEventListener(
      'pointermove',
      (event) => {
        if (event.buttons === 0) return end();
        this.last = event;
        extend(event);
      },
      { signal },
    );
    window.addEventListener('pointerup', end, { signal });
    clearInterval(this.scrolling);
    this.last = undefined;
    this.scrolling = setInterval(() => {
      const { last } = this;
      if (last === undefined) return;
      const { top, bottom } = this.element.getBoundingClientRect();
      const beyond = last.clientY < top ? last.clientY - top : last.clientY > bottom ? last.clientY - bottom : 0;
      if (beyond === 0) return;
      this.events.scrollBy(beyond);
      extend(last);
    }, STEP_MS);
  }
}
