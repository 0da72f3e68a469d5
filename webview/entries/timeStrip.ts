import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { RowQuery, TimeBins } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h } from '../dom';
import { instantIn } from './instant';

/** Height of the highest bar. */
const HEIGHT = 44;

/** Entries over time: when timers are due. A bar shows those of its time; the keyboard goes from bar to bar. */
export class TimeStrip {
  readonly element: HTMLElement;
  private readonly bars = h('div', { class: 'time-bars', role: 'listbox', 'aria-orientation': 'horizontal' });
  private readonly ends = h('div', { class: 'time-ends quiet' });
  private reading: AbortController | null = null;
  private at = 0;

  constructor(
    private readonly context: PageContext,
    private readonly of: 'timestamp' | 'lastAccess',
    private readonly events: {
      zone(): string;
      choose(from: string, to: string): void;
    },
  ) {
    const { strings } = context;
    this.bars.setAttribute('aria-label', strings.timersOverTime);
    this.element = h(
      'section',
      { class: 'time-strip', hidden: true, 'aria-label': strings.timersOverTime },
      this.bars,
      this.ends,
    );
    this.bars.addEventListener('keydown', (event) => this.onKey(event));
  }

  stop(): void {
    this.reading?.abort();
    this.reading = null;
  }

  async read(query: RowQuery): Promise<void> {
    this.stop();
    const reading = new AbortController();
    this.reading = reading;
    const show = (bins: TimeBins): void => {
      if (this.reading === reading) this.show(bins);
    };
    try {
      show(
        await this.context.host.request(
          'timeBins',
          { ...query, of: this.of },
          { signal: reading.signal, onProgress: show },
        ),
      );
    } catch (e) {
      if (this.reading !== reading || isCancelled(e)) return;
      this.ends.textContent = toProblem(e).message;
    }
  }

  private show({ bins, first, last, ended, done }: TimeBins): void {
    const { strings, count, share } = this.context;
    this.element.hidden = bins.length === 0;
    const most = bins.reduce((high, bin) => Math.max(high, bin.count), 1);
    const hadFocus = this.bars.contains(document.activeElement);
    this.at = Math.max(0, Math.min(this.at, bins.length - 1));
    this.bars.replaceChildren(
      ...bins.map((bin, i) => {
        const text = fill(strings.timersFromTo, count(bin.count), this.instant(bin.from), this.instant(bin.to));
        const filled = h('span', { class: 'filled' });
        filled.style.height = bin.count === 0 ? '0' : `${Math.max(2, (HEIGHT * bin.count) / most)}px`;
        const bar = h(
          'span',
          {
            role: 'option',
            class: 'time-bar',
            title: text,
            'aria-label': text,
            tabindex: i === this.at ? 0 : -1,
            'aria-selected': 'false',
          },
          filled,
        );
        bar.addEventListener('click', () => {
          if (bin.count > 0) this.events.choose(bin.from, bin.to);
        });
        bar.addEventListener('focus', () => {
          this.mark(i);
        });
        return bar;
      }),
    );
    if (hadFocus) (this.bars.children[this.at] as HTMLElement | undefined)?.focus();
    this.ends.replaceChildren(
      h('span', {}, this.instant(first)),
      h('span', {}, ended ? strings.timersOverTime : fill(strings.timersSoFar, share(done, 1))),
      h('span', {}, this.instant(last)),
    );
  }

  private instant(millis: string): string {
    return instantIn(millis, this.events.zone(), this.context.settings.locale);
  }

  private mark(index: number): void {
    this.at = index;
    [...this.bars.children].forEach((bar, i) => {
      bar.setAttribute('tabindex', i === index ? '0' : '-1');
    });
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.bars.childElementCount - 1;
    const to = { ArrowRight: this.at + 1, ArrowLeft: this.at - 1, Home: 0, End: last }[event.key];
    const bar = this.bars.children[to === undefined ? this.at : Math.max(0, Math.min(to, last))];
    if (!(bar instanceof HTMLElement)) return;
    if (to !== undefined) bar.focus();
    else if (event.key === 'Enter' || event.key === ' ') bar.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
