import type { Problem } from '../../src/engine/description';
import {
  type LoadedSnapshot,
  type PageSettings,
  type PageSide,
  PROTOCOL_VERSION,
  type RowTarget,
  type Welcome,
} from '../../src/protocol';
import type { Listeners } from '../../src/rpc/peer';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import { type ErrorText, explain } from '../../src/view/explain';
import { fill } from '../../src/view/format';
import { withNames } from '../../src/view/givenNames';
import { operatorTitle } from '../../src/view/naming';
import { unshareTypes } from '../../src/view/sharedTypes';
import type { StateTarget } from '../../src/view/shownEntries';
import type { HealthNews } from '../../src/view/shownHealth';
import type { StatsNews } from '../../src/view/shownStats';
import { buildStrings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import type { Host } from '../connection';
import { PageContext } from '../context';
import { h } from '../dom';
import type { Question } from '../entries/queryBar';
import { firstSort } from '../entries/sorting';
import type { StatePlace } from '../entries/stateHeader';
import { StatePage } from '../entries/statePage';
import { stateKey } from '../model/rows';
import { freshEntries, type PageState, restoreState } from '../pageState';
import { button, progressRing } from '../ui/toolkit';
import { errorPage, type OtherAction } from './errorPage';
import { SnapshotPage } from './snapshotPage';

/** What takes less is not worth a sign of waiting: it would only flicker. */
const SHOW_WAITING_AFTER_MS = 200;

/** A page that is being loaded again asks again. */
const ignore = (): void => undefined;

/** Which of the pages is seen: waiting, the snapshot, the entries of a state, or an error. */
export class Page {
  private readonly host: Host;
  private readonly voice = h('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  private readonly stage = h('div', { class: 'stage' });
  private readonly state: PageState;
  private context: PageContext;
  private welcome: Welcome | undefined;
  private shown: SnapshotPage | StatePage | undefined;
  private loading: AbortController | undefined;
  private loaded: LoadedSnapshot | undefined;
  private count: StatsNews | null = null;
  /** What was asked for before there was a snapshot to show it in. */
  private wanted: (() => void) | undefined;

  constructor(
    root: HTMLElement,
    private readonly api: VsCodeApi,
    connect: (listeners: Listeners<PageSide>) => Host,
  ) {
    this.state = restoreState(api.getState());
    this.host = connect({
      changed: () => void this.load(),
      focus: (target) => this.whenLoaded(() => this.showRow(target)),
      showEntries: ({ key = null, namespace = null, mapKey = null, ...target }) =>
        this.whenLoaded(() => this.showEntries(target, { key, namespace, mapKey })),
      copyEntry: (what) => {
        if (this.shown instanceof StatePage) this.shown.copyFocused(what);
      },
      modifyEntry: () => {
        if (this.shown instanceof StatePage) this.shown.modifyFocused();
      },
      settings: (settings) => this.applySettings(settings),
      health: (news) => this.showHealth(news),
      stats: (news) => this.showCount(news),
    });
    // Until the extension has sent the person's language.
    this.context = this.makeContext({ sizeUnits: 'decimal', timeZone: 'utc', locale: 'en', decoders: {} });
    root.replaceChildren(this.stage, this.voice);
  }

  async start(): Promise<void> {
    try {
      this.welcome = await this.host.request('ready', { protocol: PROTOCOL_VERSION });
      this.context = this.makeContext(this.welcome.settings, this.welcome);
      await this.load();
    } catch (e) {
      const problem = toProblem(e);
      this.showInstead(this.errorPage(problem, explain(problem, inEnglish), () => location.reload()));
    }
  }

  defect(thrown: unknown): void {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.host.notify('defect', { message });
  }

  private makeContext(settings: PageSettings, welcome?: Welcome): PageContext {
    const strings = welcome?.strings ?? buildStrings(inEnglish);
    return new PageContext(strings, settings, this.host, (text) => {
      this.voice.textContent = '';
      // An equal text said twice is announced once only, if the element was not empty in between.
      requestAnimationFrame(() => {
        this.voice.textContent = text;
      });
    });
  }

  /** Reads the snapshot; a page that is there stays until the new one is. */
  private async load(): Promise<void> {
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    const again = this.shown;
    again?.say(this.context.strings.readingAgain);
    const waiting = setTimeout(() => {
      if (again === undefined) this.showInstead(this.waitingPage(loading));
    }, SHOW_WAITING_AFTER_MS);
    try {
      const sent = await this.host.request(
        'load',
        {},
        { signal: loading.signal, onProgress: ({ millis }) => this.progress(millis) },
      );
      if (this.loading !== loading) return;
      const { millis, bytesRead, record } = sent;
      this.loaded = { snapshot: unshareTypes(sent), millis, bytesRead, record, health: null };
      this.count = null;
      this.showLoaded(again === undefined ? 'page' : 'same');
      void this.host.request('health', {}, { signal: loading.signal }).then((news) => this.showHealth(news), ignore);
      void this.host.request('stats', {}, { signal: loading.signal }).then((news) => this.showCount(news), ignore);
      const { wanted } = this;
      this.wanted = undefined;
      wanted?.();
      if (again !== undefined) this.context.announce(this.context.strings.updated);
    } catch (e) {
      if (this.loading !== loading) return;
      await this.showError(e);
    } finally {
      clearTimeout(waiting);
    }
  }

  /**
   * What the state says is shown: the snapshot, or the entries of one of its states. The focus goes to it where a person
   * asked for it (`person`), and stays where it was in a page that is drawn anew (`same`).
   */
  private showLoaded(focus: 'person' | 'same' | 'page'): void {
    const { welcome, loaded, state } = this;
    if (welcome === undefined || loaded === undefined) return;
    const hadFocus = this.stage.querySelector('.rows, .grid')?.contains(document.activeElement) === true;
    const place = state.entries === null ? null : this.placeOf(loaded, state.entries.target);
    if (place === null) state.entries = null;
    const keep = (): void => this.api.setState(this.state);
    keep();
    if (place !== null && state.entries !== null) {
      const page = new StatePage(this.context, place, state.entries, {
        keep,
        back: (to) => this.leaveEntries(place, to),
        showState: (target, key) => this.showEntries(target, { key }),
      });
      this.showInstead(page.element);
      this.shown = page;
      page.start(focus === 'person' || (focus === 'same' && hadFocus));
      return;
    }
    const page = new SnapshotPage(this.context, loaded, welcome, state, keep, (target, key) =>
      this.showEntries(target, key),
    );
    this.showInstead(page.element);
    this.shown = page;
    page.start();
    if (this.count !== null) page.showCount(this.count);
    if (focus !== 'page' && hadFocus) page.focus();
  }

  private showCount(news: StatsNews): void {
    this.count = news;
    if (this.shown instanceof SnapshotPage) this.shown.showCount(news);
  }

  private placeOf(
    { snapshot }: LoadedSnapshot,
    { operator: id, state: name, backend }: StateTarget,
  ): StatePlace | null {
    const operator = snapshot.operators.find((o) => o.id === id);
    const state = operator?.states.find((s) => s.name === name && s.backend === backend);
    if (operator === undefined || state === undefined) return null;
    return { snapshotName: this.welcome?.name ?? '', operator, state };
  }

  private showEntries(target: StateTarget, question: Partial<Question> = {}): void {
    const place = this.loaded === undefined ? null : this.placeOf(this.loaded, target);
    const sort = place === null ? null : firstSort(place.operator, place.state);
    this.state.entries = { ...freshEntries(target), ...question, sort };
    this.showLoaded('person');
  }

  private leaveEntries({ operator, state }: StatePlace, to: 'state' | 'operator'): void {
    const row = { operator: operator.id, state: to === 'state' ? state.name : null };
    this.showRow(row);
    // Names of states are not unique, keys of rows are.
    if (to === 'state' && this.shown instanceof SnapshotPage) this.shown.select(stateKey(operator, state));
    this.context.announce(operatorTitle(operator));
  }

  /** A row of the page of the snapshot. */
  private showRow(target: RowTarget): void {
    if (this.state.entries !== null) {
      this.state.entries = null;
      this.showLoaded('page');
    }
    if (this.shown instanceof SnapshotPage) this.shown.reveal(target);
  }

  private async showError(thrown: unknown): Promise<void> {
    const problem = toProblem(thrown);
    const text = await this.host.request('explain', { problem }).catch(() => explain(problem, inEnglish));
    this.showInstead(this.errorPage(problem, text, () => void this.load()));
    if (!isCancelled(thrown)) this.context.announce(`${text.title}. ${text.message}`);
  }

  private errorPage(problem: Problem, text: ErrorText, retry: () => void): HTMLElement {
    const act = (action: OtherAction): void => void this.host.request('act', { action });
    return errorPage(this.context, problem, text, { retry, act });
  }

  private waitingPage(loading: AbortController): HTMLElement {
    const { strings } = this.context;
    const name = this.welcome?.name ?? '';
    return h(
      'main',
      { class: 'waiting' },
      progressRing(fill(strings.reading, name)),
      h('p', { class: 'waiting-text' }, fill(strings.reading, name)),
      button(strings.cancel, 'secondary', () => loading.abort()),
    );
  }

  private progress(millis: number): void {
    const text = this.stage.querySelector('.waiting-text');
    if (text === null || millis < 1000) return;
    text.textContent = fill(this.context.strings.readingSeconds, this.welcome?.name ?? '', Math.floor(millis / 1000));
  }

  private whenLoaded(show: () => void): void {
    if (this.shown === undefined) this.wanted = show;
    else show();
  }

  /** Findings are shown where they stand; with other names of operators the whole page is drawn anew. */
  private showHealth(news: HealthNews): void {
    const { loaded } = this;
    if (loaded === undefined) return;
    const snapshot = withNames(loaded.snapshot, new Map(news.names));
    this.loaded = { ...loaded, snapshot, health: news };
    if (snapshot !== loaded.snapshot && this.shown !== undefined) this.showLoaded('same');
    else if (this.shown instanceof SnapshotPage) this.shown.showHealth(news);
  }

  private applySettings(settings: PageSettings): void {
    this.context.settings = settings;
    if (this.shown !== undefined) this.showLoaded('same');
  }

  private showInstead(element: HTMLElement): void {
    this.shown?.stop();
    this.shown = undefined;
    this.stage.replaceChildren(element);
  }
}
