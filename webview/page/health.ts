import type { SnapshotDescription } from '../../src/engine/description';
import type { WriteRecord } from '../../src/engine/write/writeRecord';
import type { RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import { healthText } from '../../src/view/healthText';
import type { HealthNews, VerificationNews } from '../../src/view/shownHealth';
import type { ShownStats } from '../../src/view/shownStats';
import type { PageContext } from '../context';
import { h, spoken } from '../dom';
import { countFindings } from '../model/countFindings';
import { type HealthItem, healthItems } from '../model/health';
import { icon } from '../ui/icons';
import { proofLines } from './proof';

/** A damaged snapshot can have a fault in each of a thousand files; the worst stand first. */
const MOST_ITEMS = 60;

/** What a line of the section may ask of the page. */
export interface HealthActions {
  reveal(target: RowTarget): void;
  showFiles(): void;
}

/** What stands in the way of a restore, each with what to do about it; and the reading of everything, which finds more. */
export class HealthSection {
  private readonly list = h('ul', {});
  private readonly rest = h('p', { class: 'quiet' });
  /** Starts the reading of everything, or stops it. */
  private readonly control = link('', () => this.startOrStop());
  private readonly progress = h('p', { class: 'verifying quiet' });
  private phase: VerificationNews['phase'] = 'none';
  private news: HealthNews | null = null;
  private stats: ShownStats | null = null;
  readonly element: HTMLElement;

  constructor(
    private readonly context: PageContext,
    private readonly snapshot: SnapshotDescription,
    private readonly record: WriteRecord | null,
    private readonly actions: HealthActions,
  ) {
    this.element = h(
      'section',
      { class: 'health', 'aria-label': context.strings.health },
      h('div', { class: 'section-head' }, h('h2', {}, context.strings.health), this.control),
      this.progress,
      this.list,
      this.rest,
    );
  }

  /** What the count of the entries finds, beside what was looked for. */
  showCounted(stats: ShownStats | null): void {
    if (stats?.isComplete === this.stats?.isComplete) return;
    this.stats = stats;
    if (this.news !== null) this.show(this.news);
  }

  /** Shows what is known now. A focus in it stays where it was, as far as that is still there. */
  show(news: HealthNews): void {
    const { context, record, snapshot } = this;
    const { strings, settings, count } = context;
    this.news = news;
    const { verification } = news;
    const findings = [...news.findings, ...countFindings(this.stats, news.findings)];
    const items = healthItems({ findings, verification }, snapshot, strings, settings);
    const focused = this.focusedButton();
    this.list.replaceChildren(
      ...(record === null ? [] : [written(context, record)]),
      ...items.slice(0, MOST_ITEMS).map((item) => this.line(item)),
    );
    const more = items.length - MOST_ITEMS;
    this.rest.textContent = more > 0 ? fill(strings.moreOperators, count(more)) : '';
    this.rest.hidden = more <= 0;
    this.showVerification(news.verification);
    if (focused !== null) this.buttons()[focused]?.focus();
  }

  private buttons(): HTMLButtonElement[] {
    return [...this.list.querySelectorAll('button')];
  }

  private focusedButton(): number | null {
    const index = this.buttons().findIndex((one) => one.matches(':focus'));
    return index < 0 ? null : index;
  }

  private line(item: HealthItem): HTMLElement {
    const { strings, count } = this.context;
    const words = {
      error: strings.severityError,
      warning: strings.severityWarning,
      info: strings.severityInfo,
      ok: strings.severityOk,
    };
    const place =
      item.file === null
        ? null
        : item.offset === null
          ? item.file
          : fill(strings.atOffset, item.file, count(item.offset));
    return h(
      'li',
      { class: `health-item ${item.severity}` },
      icon(item.severity === 'ok' ? 'check' : item.severity),
      h(
        'div',
        {},
        spoken(`${words[item.severity]}: `),
        h('span', {}, item.text),
        item.hint !== null && h('div', { class: 'quiet' }, item.hint),
        place !== null && h('div', { class: 'quiet mono place', title: place }, place),
        item.where !== null && h('div', { class: 'quiet' }, item.where),
        this.places(item),
        this.remedy(item),
      ),
    );
  }

  private places({ places, morePlaces }: HealthItem): HTMLElement | null {
    if (places.length === 0) return null;
    const { strings, count } = this.context;
    return h(
      'div',
      { class: 'places' },
      ...places.map(({ label, target }) => link(label, () => this.actions.reveal(target))),
      morePlaces > 0 && h('span', { class: 'quiet' }, fill(strings.moreOperators, count(morePlaces))),
    );
  }

  private remedy({ remedy }: HealthItem): HTMLElement | null {
    if (remedy === null) return null;
    const { host } = this.context;
    const { does, operator, label } = remedy;
    const act = (): void => {
      switch (does) {
        case 'rescale':
        case 'copySnapshot':
          void host.request('act', { action: does });
          return;
        case 'giveUid':
          if (operator !== null) void host.request('modifyOperator', { operator });
          return;
        case 'nameOperator':
          if (operator !== null) void host.request('nameOperator', { operator });
          return;
        case 'showFiles':
          this.actions.showFiles();
          return;
        default:
          does satisfies never;
      }
    };
    return h('div', { class: 'remedy' }, link(label, act));
  }

  private startOrStop(): void {
    this.context.host.notify('verify', this.phase === 'running' ? 'stop' : 'start');
  }

  private showVerification({ phase, entries, bytesRead, problem, findings }: VerificationNews): void {
    const { strings, settings, count, bytes, announce } = this.context;
    const outcome = findings.length === 0 ? '' : healthText(findings[0], strings.healthFindings, settings).text;
    const wasRunning = this.phase === 'running';
    const isRunning = phase === 'running';
    this.phase = phase;
    this.control.textContent = isRunning ? strings.stopVerifying : strings.verifyAll;
    const said = phase === 'stopped' ? strings.verifyStopped : phase === 'failed' ? (problem?.message ?? '') : '';
    this.progress.textContent = isRunning ? fill(strings.verifying, count(entries), bytes(bytesRead)) : said;
    this.progress.hidden = this.progress.textContent === '';
    if (wasRunning && !isRunning) announce(said === '' ? outcome : said);
  }
}

function link(label: string, act: () => void): HTMLButtonElement {
  const element = h('button', { type: 'button', class: 'link' }, label);
  element.addEventListener('click', act);
  return element;
}

/** Who made the snapshot, and what was proved of it. */
function written(context: PageContext, record: WriteRecord): HTMLElement {
  const { strings, host } = context;
  const isProved = record.proof !== null;
  return h(
    'li',
    { class: `health-item written ${isProved ? 'ok' : 'warning'}` },
    icon(isProved ? 'check' : 'warning'),
    h(
      'div',
      {},
      spoken(`${isProved ? strings.severityOk : strings.severityWarning}: `),
      h('span', {}, isProved ? fill(strings.provedBy, record.program) : fill(strings.notProvedBy, record.program)),
      record.proof !== null && h('ul', { class: 'proof quiet' }, ...proofLines(context, record.proof)),
      record.from !== null &&
        h('div', { class: 'quiet place', title: record.from }, fill(strings.madeFrom, record.from)),
      link(strings.showItsPlan, () => void host.request('act', { action: 'showPlan' })),
    ),
  );
}
