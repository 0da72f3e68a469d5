import { h, setAttributes } from '../dom';

const LEAST = 220;
const STEP = 24;

/** The line between a page's content and what stands beside it: dragged with the mouse, moved with arrows. */
export class Splitter {
  readonly element: HTMLElement;
  private readonly stopping = new AbortController();

  constructor(
    label: string,
    private readonly side: HTMLElement,
  ) {
    this.element = h('div', {
      class: 'splitter',
      role: 'separator',
      tabindex: 0,
      'aria-orientation': 'vertical',
      'aria-label': label,
      'aria-valuemin': LEAST,
      'aria-valuenow': LEAST,
    });
    this.element.addEventListener('pointerdown', (event) => this.drag(event));
    this.element.addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
      if (step === 0 || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.set(this.side.offsetWidth + step);
    });
    this.element.addEventListener('focus', () => this.tell(this.side.offsetWidth), { signal: this.stopping.signal });
  }

  stop(): void {
    this.stopping.abort();
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const width = this.side.offsetWidth;
    const move = (at: PointerEvent): void => this.set(width + from - at.clientX);
    this.element.addEventListener('pointermove', move);
    this.element.addEventListener('lostpointercapture', () => this.element.removeEventListener('pointermove', move), {
      once: true,
    });
  }

  private set(width: number): void {
    const split = this.element.parentElement;
    if (split === null) return;
    const most = Math.max(LEAST, split.clientWidth - LEAST);
    const px = Math.round(Math.max(LEAST, Math.min(width, most)));
    split.style.setProperty('--side', `${px}px`);
    this.tell(px);
  }

  private tell(width: number): void {
    const most = Math.max(LEAST, (this.element.parentElement?.clientWidth ?? 0) - LEAST);
    setAttributes(this.element, { 'aria-valuenow': Math.round(width), 'aria-valuemax': most });
  }
}
