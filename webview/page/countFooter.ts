import { fill } from '../../src/view/format';
import type { StatsNews } from '../../src/view/shownStats';
import type { PageContext } from '../context';
import { h, setAttributes } from '../dom';

/** The foot of the page: what was read, and how far the count of entries is, with a way to begin and to stop it. */
export class CountFooter {
  private readonly read = h('span', { class: 'footer-read' });
  private readonly said = h('span', { class: 'footer-count' });
  private readonly press = h('button', { type: 'button', class: 'link' });
  private readonly bar = h(
    'span',
    { class: 'footer-bar', role: 'progressbar', hidden: true },
    h('span', { class: 'filled' }),
  );
  private phase: StatsNews['phase'] | null = null;
  readonly element = h('footer', { class: 'footer' }, this.read, this.bar, this.said, this.press);

  constructor(private readonly context: PageContext) {
    this.press.addEventListener('click', () => {
      context.host.notify('count', this.phase === 'counting' ? 'stop' : 'start');
    });
    this.press.hidden = true;
  }

  /** What the reading took. */
  say(text: string): void {
    this.read.textContent = text;
  }

  show(news: StatsNews): void {
    const { strings, announce } = this.context;
    const text = this.textOf(news);
    this.said.textContent = text;
    const { phase, of } = news;
    const part = of > 0 ? Math.min(1, news.read / of) : 0;
    this.bar.hidden = phase !== 'counting';
    setAttributes(this.bar, {
      'aria-label': strings.countingStarted,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': Math.floor(100 * part),
    });
    const filled = this.bar.firstElementChild;
    if (filled instanceof HTMLElement) filled.style.width = `${100 * part}%`;
    const words: Record<StatsNews['phase'], string | null> = {
      none: strings.countEntries,
      counting: strings.stop,
      stopped: strings.goOnCounting,
      failed: strings.reload,
      done: null,
    };
    const word = words[phase];
    const hadFocus = document.activeElement === this.press;
    this.press.textContent = word;
    this.press.hidden = word === null;
    // Who stopped or began the count does not lose the place; what comes next is the page.
    if (hadFocus && word === null)
      this.element.parentElement?.querySelector<HTMLElement>('.rows [tabindex="0"]')?.focus();
    if (this.phase !== null && this.phase !== phase) announce(phase === 'counting' ? strings.countingStarted : text);
    this.phase = phase;
  }

  private textOf({ phase, stats, read, of, millis, isKept, problem }: StatsNews): string {
    const { strings, count, bytes, settings } = this.context;
    const entries = count(stats?.entries ?? 0);
    const left = (stats?.problems.length ?? 0) === 0 ? '' : ` ${strings.leftOut}`;
    switch (phase) {
      case 'none':
        return strings.notCountedYet;
      case 'counting':
        // Blocks that several shares need are read several times.
        return read > of
          ? fill(strings.countingProgressRead, entries, bytes(read))
          : fill(strings.countingProgress, entries, bytes(read), bytes(of));
      case 'stopped':
        return fill(strings.countingStopped, entries) + left;
      case 'failed':
        return fill(strings.countingFailed, problem?.message ?? '');
      case 'done': {
        const seconds = (millis / 1000).toLocaleString(settings.locale, { maximumFractionDigits: 1 });
        return (isKept ? fill(strings.countedBefore, entries) : fill(strings.countedIn, entries, seconds)) + left;
      }
      default:
        return phase satisfies never;
    }
  }
}
