import { type PageSettings, type PageSide, PROTOCOL_VERSION, type RowTarget, type Welcome } from '../../src/protocol';
import type { Listeners } from '../../src/rpc/peer';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import { explain } from '../../src/view/explain';
import { fill } from '../../src/view/format';
import { unshareTypes } from '../../src/view/sharedTypes';
import { buildStrings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import type { Host } from '../connection';
import { PageContext } from '../context';
import { h } from '../dom';
import { type PageState, restoreState } from '../pageState';
import { button, progressRing } from '../ui/toolkit';
import { errorPage } from './errorPage';
import { SnapshotPage } from './snapshotPage';

/** What takes less is not worth a sign of waiting: it would only flicker. */
const SHOW_WAITING_AFTER_MS = 200;

/** Which of the pages is seen: waiting, the snapshot, or an error. */
export class Page {
  private readonly host: Host;
  private readonly voice = h('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  private readonly stage = h('div', { class: 'stage' });
  private readonly state: PageState;
  private context: PageContext;
  private welcome: Welcome | undefined;
  private shown: SnapshotPage | undefined;
  private loading: AbortController | undefined;
  /** A row that was asked for before there was a table. */
  private wanted: RowTarget | undefined;

  constructor(
    root: HTMLElement,
    private readonly api: VsCodeApi,
    connect: (listeners: Listeners<PageSide>) => Host,
  ) {
    this.state = restoreState(api.getState());
    this.host = connect({
      changed: () => void this.load(),
      focus: (target) => this.focus(target),
      settings: (settings) => this.applySettings(settings),
    });
    // Until the extension has sent the person's language.
    this.context = this.makeContext({ sizeUnits: 'decimal', locale: 'en' });
    root.replaceChildren(this.stage, this.voice);
  }

  async start(): Promise<void> {
    try {
      this.welcome = await this.host.request('ready', { protocol: PROTOCOL_VERSION });
      this.context = this.makeContext(this.welcome.settings, this.welcome);
      await this.load();
    } catch (e) {
      const problem = toProblem(e);
      this.showInstead(errorPage(this.context, problem, explain(problem, inEnglish), () => location.reload()));
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
    again?.note(this.context.strings.readingAgain);
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
      const { millis, bytesRead } = sent;
      this.showSnapshot({ snapshot: unshareTypes(sent), millis, bytesRead });
      if (again !== undefined) this.context.announce(this.context.strings.updated);
    } catch (e) {
      if (this.loading !== loading) return;
      await this.showError(e);
    } finally {
      clearTimeout(waiting);
    }
  }

  private showSnapshot(loaded: ConstructorParameters<typeof SnapshotPage>[1]): void {
    const { welcome } = this;
    if (welcome === undefined) return;
    const hadFocus = this.stage.querySelector('.rows')?.contains(document.activeElement) === true;
    const page = new SnapshotPage(this.context, loaded, welcome, this.state, (state) => this.api.setState(state));
    this.showInstead(page.element);
    this.shown = page;
    page.start();
    const { wanted } = this;
    this.wanted = undefined;
    if (wanted !== undefined) page.reveal(wanted);
    else if (hadFocus) this.stage.querySelector<HTMLElement>('.rows [tabindex="0"]')?.focus({ preventScroll: true });
    this.lastLoaded = loaded;
  }

  private lastLoaded: ConstructorParameters<typeof SnapshotPage>[1] | undefined;

  private async showError(thrown: unknown): Promise<void> {
    const problem = toProblem(thrown);
    const text = await this.host.request('explain', { problem }).catch(() => explain(problem, inEnglish));
    this.showInstead(errorPage(this.context, problem, text, () => void this.load()));
    if (!isCancelled(thrown)) this.context.announce(`${text.title}. ${text.message}`);
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

  private focus(target: RowTarget): void {
    if (this.shown === undefined) this.wanted = target;
    else this.shown.reveal(target);
  }

  private applySettings(settings: PageSettings): void {
    this.context.settings = settings;
    if (this.lastLoaded !== undefined && this.shown !== undefined) this.showSnapshot(this.lastLoaded);
  }

  private showInstead(element: HTMLElement): void {
    this.shown?.stop();
    this.shown = undefined;
    this.stage.replaceChildren(element);
  }
}
