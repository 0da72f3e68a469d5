import { h } from '../dom';

/**
 * A panel that stands at an element while it is needed: Escape and a press elsewhere close it, and the focus goes back to where
 * it was opened from.
 */
export class Popup {
  private readonly panel: HTMLElement;
  private closing: AbortController | null = null;

  constructor(
    private readonly anchor: HTMLElement,
    label: string,
    private readonly events: {
      /** What stands in it, made anew each time; the element that gets the focus last. */
      fill(): { content: Node[]; focus: HTMLElement | null };
      closed?(): void;
    },
    className = '',
  ) {
    this.panel = h('div', { class: `popup ${className}`.trim(), role: 'dialog', 'aria-label': label });
    anchor.setAttribute('aria-haspopup', 'dialog');
    anchor.setAttribute('aria-expanded', 'false');
  }

  get isOpen(): boolean {
    return this.closing !== null;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    if (this.isOpen) return;
    const closing = new AbortController();
    this.closing = closing;
    const { signal } = closing;
    this.draw();
    document.addEventListener('pointerdown', (event) => this.pressed(event), { signal, capture: true });
    window.addEventListener('resize', () => this.close(false), { signal });
    window.addEventListener('blur', () => this.close(false), { signal });
    this.panel.addEventListener(
      'keydown',
      (event) => {
        // Keys of the page behind are not for who is in here.
        event.stopPropagation();
        if (event.key === 'Escape') this.close();
      },
      { signal },
    );
    this.panel.addEventListener(
      'focusout',
      (event) => {
        const to = event.relatedTarget;
        if (to instanceof Node && !this.panel.contains(to) && !this.anchor.contains(to)) this.close(false);
      },
      { signal },
    );
    this.anchor.setAttribute('aria-expanded', 'true');
  }

  /** Draws what is in it anew; the focus is where `fill` says. */
  draw(): void {
    const { content, focus } = this.events.fill();
    this.panel.replaceChildren(...content);
    if (!this.panel.isConnected) (this.anchor.closest('.snapshot') ?? document.body).append(this.panel);
    this.place();
    focus?.focus();
  }

  close(focusBack = true): void {
    const { closing } = this;
    if (closing === null) return;
    this.closing = null;
    closing.abort();
    this.panel.remove();
    this.anchor.setAttribute('aria-expanded', 'false');
    if (focusBack) this.anchor.focus();
    this.events.closed?.();
  }

  private pressed(event: PointerEvent): void {
    const { target } = event;
    if (target instanceof Node && !this.panel.contains(target) && !this.anchor.contains(target)) this.close(false);
  }

  /** Below what it belongs to, and inside the window. */
  private place(): void {
    const at = this.anchor.getBoundingClientRect();
    const { style } = this.panel;
    style.top = `${at.bottom + 4}px`;
    style.maxHeight = `${Math.max(120, window.innerHeight - at.bottom - 16)}px`;
    style.left = '0';
    const width = this.panel.offsetWidth;
    style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  }
}
