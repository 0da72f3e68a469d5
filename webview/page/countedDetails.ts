import { isCancelled } from '../../src/rpc/problem';
import type { StatsDetail, StatsNews, StatsTarget } from '../../src/view/shownStats';
import type { PageContext } from '../context';
import { h } from '../dom';
import type { Row, StateRow } from '../model/rows';
import { statsPictures, type WrittenKey } from './statsPictures';

/** Pictures of what was counted of the selected row. They follow the count, and the focus in them stays where it is. */
export class CountedDetails {
  readonly element: HTMLElement;
  private readonly heading: HTMLElement;
  private readonly body = h('div', { class: 'figures' });
  private asked: AbortController | null = null;
  private row: Row | null = null;
  private news: StatsNews | null = null;

  constructor(
    private readonly context: PageContext,
    private readonly openKey: (row: StateRow, key: WrittenKey) => void,
  ) {
    const { strings } = context;
    this.heading = h('p', { class: 'quiet' });
    this.element = h(
      'section',
      { class: 'counted', hidden: true, 'aria-label': strings.spreadOf },
      h('h2', {}, strings.spreadOf),
      this.heading,
      this.body,
    );
  }

  showRow(row: Row | null): void {
    if (row?.key === this.row?.key && this.row !== null) return;
    this.row = row;
    this.element.hidden = true;
    this.body.replaceChildren();
    void this.ask();
  }

  showNews(news: StatsNews): void {
    const isOther = news.stats !== this.news?.stats;
    this.news = news;
    this.sayPhase();
    if (isOther) void this.ask();
  }

  stop(): void {
    this.asked?.abort();
  }

  private async ask(): Promise<void> {
    this.asked?.abort();
    const target = targetOf(this.row);
    if (target === null || this.news?.stats === null || this.news === null) return;
    const asked = new AbortController();
    this.asked = asked;
    try {
      const detail = await this.context.host.request('statsDetail', target, { signal: asked.signal });
      if (this.asked === asked) this.draw(detail);
    } catch (e) {
      if (!isCancelled(e)) throw e;
    }
  }

  private draw(detail: StatsDetail | null): void {
    const { row } = this;
    this.element.hidden = detail === null || detail.entries === 0;
    if (detail === null) return;
    const focused = document.activeElement;
    const hadFocus = focused instanceof HTMLElement && this.body.contains(focused) ? focused : null;
    const open = new Set(
      [...this.body.querySelectorAll<HTMLElement>('[data-figure]:has(details[open])')].map((e) => e.dataset['figure']),
    );
    const openKey = row?.kind === 'state' ? (key: WrittenKey): void => this.openKey(row, key) : null;
    this.body.replaceChildren(...statsPictures(this.context, detail, openKey));
    for (const figure of this.body.querySelectorAll<HTMLElement>('[data-figure]')) {
      if (open.has(figure.dataset['figure'])) figure.querySelector('details')?.setAttribute('open', '');
    }
    if (hadFocus !== null) this.focusAgain(hadFocus);
    this.sayPhase();
  }

  /** What had the focus, or what stands in its place. */
  private focusAgain(before: HTMLElement): void {
    const key = before.dataset['keyText'];
    const figure = before.closest<HTMLElement>('[data-figure]')?.dataset['figure'];
    const found = [...this.body.querySelectorAll<HTMLElement>(key === undefined ? 'summary' : 'button.link')].find(
      (e) =>
        key === undefined
          ? e.closest<HTMLElement>('[data-figure]')?.dataset['figure'] === figure
          : e.dataset['keyText'] === key,
    );
    (found ?? this.body.querySelector<HTMLElement>('button, summary'))?.focus({ preventScroll: true });
  }

  private sayPhase(): void {
    const { strings } = this.context;
    const isPart = this.news?.stats?.isComplete === false;
    this.heading.hidden = !isPart;
    this.heading.textContent = this.news?.phase === 'counting' ? strings.growingPicture : strings.stoppedPicture;
  }
}

function targetOf(row: Row | null): StatsTarget | null {
  if (row === null || row.kind === 'line') return null;
  const operator = row.operator.id;
  return { operator, state: row.kind === 'operator' ? null : { name: row.state.name, kind: row.state.kind } };
}
