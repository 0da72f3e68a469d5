import type { Problem } from '../../src/engine/description';
import {
  type CompareAction,
  type ComparedNames,
  type ComparePageSide,
  type CompareWelcome,
  type PageSettings,
  PROTOCOL_VERSION,
} from '../../src/protocol';
import type { Listeners } from '../../src/rpc/peer';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import { type ErrorText, explain } from '../../src/view/explain';
import type { ComparisonFound, ComparisonOutline } from '../../src/view/shownComparison';
import { buildStrings, type Strings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import { PageWords } from '../context';
import { h } from '../dom';
import { errorPage } from '../page/errorPage';
import { CompareHeader, type Progress } from './compareHeader';
import type { CompareHost } from './compareHost';
import { type CompareState, freshState, restoreState } from './compareState';
import { CompareView } from './compareView';

/** The page that compares two snapshots: it shows what is found while it is found. */
export class ComparePage {
  private readonly host: CompareHost;
  private readonly voice = h('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  private readonly stage = h('div', { class: 'stage' });
  private words: PageWords;
  private names: ComparedNames | undefined;
  private state: CompareState | undefined;
  private running: AbortController | undefined;
  private header: CompareHeader | undefined;
  private view: CompareView | undefined;
  private outline: ComparisonOutline | undefined;

  constructor(
    root: HTMLElement,
    private readonly api: VsCodeApi,
    connect: (listeners: Listeners<ComparePageSide>) => CompareHost,
  ) {
    this.host = connect({
      changed: () => this.header?.showChanged(true),
      settings: (settings) => {
        this.words.settings = settings;
        // Every number may look another way.
        this.header = undefined;
        if (this.names !== undefined) void this.run(false);
      },
    });
    this.words = this.makeWords(buildStrings(inEnglish), {
      sizeUnits: 'decimal',
      timeZone: 'utc',
      locale: 'en',
      decoders: {},
    });
    root.replaceChildren(this.stage, this.voice);
    window.addEventListener('keydown', (event) => this.onKey(event));
  }

  async start(): Promise<void> {
    let welcome: CompareWelcome;
    try {
      welcome = await this.host.request('ready', { protocol: PROTOCOL_VERSION });
    } catch (e) {
      const problem = toProblem(e);
      this.showProblem(problem, explain(problem, inEnglish), () => location.reload());
      return;
    }
    this.words = this.makeWords(welcome.strings, welcome.settings);
    this.names = welcome;
    this.keep(restoreState(this.api.getState(), welcome));
    await this.run(false);
  }

  defect(thrown: unknown): void {
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.host.notify('defect', { message });
  }

  private makeWords(strings: Strings, settings: PageSettings): PageWords {
    const announce = (text: string): void => {
      this.voice.textContent = text;
    };
    return new PageWords(strings, settings, (text) => this.host.request('copy', { text }), announce);
  }

  private keep(state: CompareState): void {
    this.state = state;
    this.api.setState(state);
  }

  /** Compares: from where it was stopped, or anew. */
  private async run(anew: boolean): Promise<void> {
    const { names } = this;
    if (names === undefined) return;
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const isNew = anew || this.header === undefined || this.view === undefined;
    const header = isNew ? this.draw(names) : this.header;
    header?.showChanged(false);
    try {
      const end = await this.host.request(
        'compare',
        { anew },
        {
          signal: running.signal,
          onProgress: ({ outline, ...found }) => {
            if (this.running === running) this.show(outline, found, 'running');
          },
        },
      );
      if (this.running !== running) return;
      this.running = undefined;
      this.show(end.outline, end, end.stopped ? 'stopped' : 'done');
      this.view?.reload();
      this.words.announce(this.view?.answer ?? '');
    } catch (e) {
      if (this.running !== running) return;
      this.running = undefined;
      await this.failed(e);
    }
  }

  /** An empty page for these names, on which the comparison appears. */
  private draw(names: ComparedNames): CompareHeader {
    this.view?.stop();
    this.view = undefined;
    this.outline = undefined;
    const header = new CompareHeader(this.words, names, {
      open: (side) => void this.host.request('openSide', { side, wanted: null }).catch(this.tell),
      swap: () => void this.swap(),
      stop: () => this.running?.abort(),
      goOn: () => void this.run(false),
      again: () => void this.run(true),
    });
    header.showProgress(null, 'running');
    this.header = header;
    this.stage.replaceChildren(h('div', { class: 'snapshot compare' }, header.element));
    return header;
  }

  private show(outline: ComparisonOutline | null, found: ComparisonFound, progress: Progress): void {
    if (outline !== null) this.showOutline(outline);
    this.header?.showProgress(found, progress);
    if (this.outline !== undefined) this.view?.update(this.outline, found, progress);
  }

  private showOutline(outline: ComparisonOutline): void {
    const { state } = this;
    this.outline = outline;
    this.header?.showOutline(outline);
    if (this.view !== undefined || state === undefined) return;
    const view = new CompareView(this.words, this.host, state, {
      keep: (more) => this.keep({ ...(this.state ?? state), ...more }),
      failed: this.tell,
    });
    this.view = view;
    this.stage.firstElementChild?.append(view.element);
  }

  private async swap(): Promise<void> {
    this.running?.abort();
    this.running = undefined;
    const names = await this.host.request('swap', {});
    this.names = names;
    const { target = null, kinds, onlyDiffering } = this.state ?? {};
    const fresh = freshState(names);
    this.keep({ ...fresh, target, kinds: kinds ?? fresh.kinds, onlyDiffering: onlyDiffering ?? true });
    await this.run(true);
  }

  private async failed(e: unknown): Promise<void> {
    const problem = toProblem(e);
    const text = await this.host.request('explain', { problem }).catch(() => explain(problem, inEnglish));
    this.showProblem(problem, text, () => void this.run(true));
    if (!isCancelled(e)) this.words.announce(`${text.title}. ${text.message}`);
  }

  private showProblem(problem: Problem, text: ErrorText, retry: () => void): void {
    this.view?.stop();
    this.view = undefined;
    this.header = undefined;
    const act = (action: string): void => {
      if (isAction(action)) void this.host.request('act', { action });
    };
    this.stage.replaceChildren(errorPage(this.words, problem, text, { retry, act }));
  }

  /** Something small failed: what is shown stays. */
  private readonly tell = (thrown: unknown): void => {
    if (isCancelled(thrown)) return;
    this.view?.complain(toProblem(thrown).message);
  };

  /** As in VS Code's editor of differences. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'F7' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.view?.step(event.shiftKey ? -1 : 1);
  }
}

const isAction = (action: string): action is CompareAction => action === 'showLogs' || action === 'reportIssue';
