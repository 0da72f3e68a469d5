import type { Problem } from '../../src/engine/description';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { RowQuery, RowScan } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h, setAttributes } from '../dom';
import { button } from '../ui/toolkit';

/** What takes less is not worth a sign of waiting: it would only flicker. */
const SHOW_WAITING_AFTER_MS = 200;

/** The scan of a query: how far it is, Stop, and going on after a stop. Rows never wait for it. */
export class ScanControl {
  /** Beside the questions. */
  readonly element: HTMLElement;
  /** A line over the whole width. */
  readonly bar = h('div', { class: 'entries-bar', hidden: true });
  private readonly progress = h('span', { class: 'entries-progress' });
  private readonly press: HTMLElement;
  private scanning: AbortController | null = null;
  private query: RowQuery | null = null;
  private showSoon: ReturnType<typeof setTimeout> | undefined;
  /** Stopped by the person, and not gone on with since. */
  isStopped = false;

  constructor(
    private readonly context: PageContext,
    private readonly events: {
      progress(scan: RowScan): void;
      failed(problem: Problem): void;
      stopped(): void;
    },
  ) {
    this.press = button(context.strings.stop, 'secondary', () => this.stopByPerson());
    this.element = h('div', { class: 'query-beside', hidden: true }, this.progress, this.press);
    setAttributes(this.bar, {
      role: 'progressbar',
      'aria-label': context.strings.readingEntries,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    });
  }

  get isRunning(): boolean {
    return this.scanning !== null;
  }

  async run(query: RowQuery): Promise<void> {
    this.stop();
    const scanning = new AbortController();
    this.scanning = scanning;
    this.query = query;
    this.isStopped = false;
    this.progress.textContent = '';
    this.showSoon = setTimeout(() => this.show(true), SHOW_WAITING_AFTER_MS);
    try {
      const scan = await this.context.host.request('scanRows', query, {
        signal: scanning.signal,
        onProgress: (progress) => {
          if (this.scanning === scanning) this.tell(progress);
        },
      });
      if (this.scanning !== scanning && !this.isStopped) return;
      this.events.progress(scan);
      if (this.isStopped) this.events.stopped();
    } catch (e) {
      if (this.scanning === scanning && !isCancelled(e)) this.events.failed(toProblem(e));
    } finally {
      if (this.scanning === scanning) this.end();
    }
  }

  goOn(): void {
    if (this.query !== null) void this.run(this.query);
  }

  /** Nobody wants it any more. */
  stop(): void {
    const { scanning } = this;
    this.isStopped = false;
    this.end();
    scanning?.abort();
  }

  private stopByPerson(): void {
    const { scanning } = this;
    if (scanning === null) return;
    this.isStopped = true;
    this.end();
    scanning.abort();
  }

  private end(): void {
    this.scanning = null;
    clearTimeout(this.showSoon);
    this.show(false);
  }

  private tell(scan: RowScan): void {
    const { strings, count, share } = this.context;
    const { read, done, rows } = scan;
    this.events.progress(scan);
    const parts = [fill(strings.entriesRead, count(read)), share(done, 1)];
    if (this.query?.filter !== null) parts.push(fill(strings.matches, count(rows)));
    this.progress.textContent = parts.join(' · ');
    const percent = Math.round(Math.max(0, Math.min(1, done)) * 100);
    this.bar.setAttribute('aria-valuenow', String(percent));
    this.bar.style.setProperty('--done', `${percent}%`);
  }

  private show(isShown: boolean): void {
    this.element.hidden = !isShown;
    this.bar.hidden = !isShown;
  }
}
