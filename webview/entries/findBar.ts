import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { FoundRow, RowPlace, RowQuery, SearchScan } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { iconButton } from '../ui/toolkit';

/** Who types is not asked for until the hands rest. */
const COUNT_AFTER_MS = 300;

/** Full-text search over the rows that are shown: the next one, the one before, and how many there are. */
export class FindBar {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly status = h('span', { class: 'find-status', role: 'status' });
  private finding: AbortController | null = null;
  private counting: AbortController | null = null;
  private countSoon: ReturnType<typeof setTimeout> | undefined;
  private scan: SearchScan | null = null;
  private found: FoundRow | null = null;
  private busy = false;

  constructor(
    private readonly context: PageContext,
    private readonly events: {
      query(): RowQuery;
      /** Where the search goes on from. */
      place(): RowPlace | null;
      show(found: FoundRow): Promise<void>;
      closed(): void;
    },
  ) {
    const { strings } = context;
    this.input = h('input', {
      type: 'text',
      class: 'query-input',
      placeholder: strings.find,
      'aria-label': strings.find,
      spellcheck: 'false',
      autocomplete: 'off',
    });
    this.input.addEventListener('input', () => this.changed());
    this.element = h(
      'div',
      { class: 'find-bar', role: 'search', 'aria-label': strings.find, hidden: true },
      this.input,
      this.status,
      iconButton(strings.findPrevious, icon('up'), () => void this.next(true)),
      iconButton(strings.findNext, icon('down'), () => void this.next(false)),
      iconButton(strings.findClose, icon('close'), () => this.close()),
    );
    this.element.addEventListener('keydown', (event) => this.onKey(event));
  }

  open(): void {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
    this.changed();
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  close(): void {
    this.stop();
    this.element.hidden = true;
    this.events.closed();
  }

  stop(): void {
    clearTimeout(this.countSoon);
    this.finding?.abort();
    this.counting?.abort();
  }

  /** Other rows are shown: what was counted is no longer true. */
  queryChanged(): void {
    if (this.isOpen) this.changed();
  }

  async next(backwards: boolean): Promise<void> {
    const text = this.input.value;
    if (text === '') {
      this.open();
      return;
    }
    this.finding?.abort();
    const finding = new AbortController();
    this.finding = finding;
    this.busy = true;
    this.tell();
    const { host, announce, strings } = this.context;
    try {
      const found = await host.request(
        'searchNext',
        { ...this.events.query(), text, from: this.events.place(), backwards },
        { signal: finding.signal, onProgress: (scan) => this.progress(scan) },
      );
      if (this.finding !== finding) return;
      this.found = found;
      if (found === null) announce(strings.findNothing);
      else {
        await this.events.show(found);
        if (found.wrapped) announce(backwards ? strings.findWrappedBack : strings.findWrapped);
      }
    } catch (e) {
      if (this.finding === finding && !isCancelled(e)) announce(toProblem(e).message);
    } finally {
      if (this.finding === finding) {
        this.finding = null;
        this.busy = false;
        this.tell();
      }
    }
  }

  private changed(): void {
    this.stop();
    this.scan = null;
    this.found = null;
    this.tell();
    if (this.input.value === '') return;
    this.countSoon = setTimeout(() => void this.count(), COUNT_AFTER_MS);
  }

  private async count(): Promise<void> {
    const counting = new AbortController();
    this.counting = counting;
    try {
      const scan = await this.context.host.request(
        'scanSearch',
        { ...this.events.query(), text: this.input.value },
        { signal: counting.signal, onProgress: (progress) => this.progress(progress) },
      );
      if (this.counting === counting) this.progress(scan);
    } catch (e) {
      if (this.counting === counting && !isCancelled(e)) this.status.textContent = toProblem(e).message;
    }
  }

  private progress(scan: SearchScan): void {
    if (this.scan?.ended !== true) this.scan = scan;
    this.tell();
  }

  private tell(): void {
    const { strings, count, share } = this.context;
    const { scan, found, busy } = this;
    if (this.input.value === '') this.status.textContent = '';
    else if (scan === null) this.status.textContent = busy ? strings.finding : '';
    else {
      const total = scan.ended
        ? count(scan.matches)
        : fill(strings.findSoFar, count(scan.matches), share(scan.done, 1));
      const at = found?.match ?? null;
      const none = scan.ended && scan.matches === 0;
      this.status.textContent = none
        ? strings.findNothing
        : at === null
          ? fill(strings.findCount, total)
          : fill(strings.findAt, count(at + 1), total);
    }
  }

  private onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && !event.isComposing && event.target === this.input) void this.next(event.shiftKey);
    else if (event.key === 'F3') void this.next(event.shiftKey);
    else return;
    event.preventDefault();
  }
}
