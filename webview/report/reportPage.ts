import type { Problem } from '../../src/engine/description';
import type { PlanReport } from '../../src/engine/plan/planReport';
import {
  type PageSettings,
  PROTOCOL_VERSION,
  type ReportAction,
  type ReportHostSide,
  type ReportPageSide,
} from '../../src/protocol';
import type { Listeners, Peer } from '../../src/rpc/peer';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import type { ErrorText } from '../../src/view/explain';
import { explainPlan } from '../../src/view/explainPlan';
import { fill } from '../../src/view/format';
import { buildStrings, type Strings } from '../../src/view/strings';
import { inEnglish } from '../../src/view/translate';
import { PageWords } from '../context';
import { h } from '../dom';
import { errorPage, type OtherAction } from '../page/errorPage';
import { button, progressRing } from '../ui/toolkit';
import { reportView } from './reportView';

export type ReportHost = Peer<ReportPageSide, ReportHostSide>;

/** The page of a dry run: waiting, what the plan would change, or why it cannot. */
export class ReportPage {
  private readonly host: ReportHost;
  private readonly voice = h('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  private readonly stage = h('div', { class: 'stage' });
  private words: PageWords;
  private name = '';
  private running: AbortController | undefined;
  private report: PlanReport | undefined;
  private isOutdated = false;

  constructor(root: HTMLElement, connect: (listeners: Listeners<ReportPageSide>) => ReportHost) {
    this.host = connect({
      changed: () => {
        this.isOutdated = true;
        if (this.report !== undefined) this.draw();
      },
      again: () => void this.run(),
      settings: (settings) => {
        this.words.settings = settings;
        if (this.report !== undefined) this.draw();
      },
    });
    this.words = this.makeWords(buildStrings(inEnglish), {
      sizeUnits: 'decimal',
      timeZone: 'utc',
      locale: 'en',
      decoders: {},
    });
    root.replaceChildren(this.stage, this.voice);
  }

  async start(): Promise<void> {
    try {
      const { strings, settings, name } = await this.host.request('ready', { protocol: PROTOCOL_VERSION });
      this.name = name;
      this.words = this.makeWords(strings, settings);
    } catch (e) {
      const problem = toProblem(e);
      this.showProblem(problem, explainPlan(problem, inEnglish), () => location.reload());
      return;
    }
    await this.run();
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

  private async run(): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.isOutdated = false;
    this.report = undefined;
    const text = h('p', { class: 'waiting-text' }, fill(this.words.strings.dryRunning, this.name));
    this.stage.replaceChildren(this.waiting(text, running));
    try {
      const report = await this.host.request(
        'dryRun',
        {},
        {
          signal: running.signal,
          onProgress: ({ millis }) => {
            text.textContent = fill(this.words.strings.dryRunSeconds, this.name, Math.floor(millis / 1000));
          },
        },
      );
      if (this.running !== running) return;
      this.report = report;
      this.draw();
      // What a screen reader says first is what the page is.
      this.stage.querySelector<HTMLElement>('h1')?.focus();
    } catch (e) {
      if (this.running !== running) return;
      const problem = toProblem(e);
      const words = await this.host.request('explain', { problem }).catch(() => explainPlan(problem, inEnglish));
      this.showProblem(problem, words, () => void this.run());
      if (!isCancelled(e)) this.words.announce(`${words.title}. ${words.message}`);
    }
  }

  private waiting(text: HTMLElement, running: AbortController): HTMLElement {
    const { strings } = this.words;
    return h(
      'main',
      { class: 'waiting' },
      progressRing(fill(strings.dryRunning, this.name)),
      text,
      button(strings.cancel, 'secondary', () => running.abort()),
    );
  }

  private draw(): void {
    const { report, isOutdated, name, words } = this;
    if (report === undefined) return;
    const scrolled = this.stage.querySelector('.content')?.scrollTop ?? 0;
    const view = reportView(words, report, {
      name,
      isOutdated,
      act: (action) => this.act(action),
      again: () => void this.run(),
    });
    this.stage.replaceChildren(view);
    const content = view.querySelector('.content');
    if (content !== null) content.scrollTop = scrolled;
  }

  private showProblem(problem: Problem, text: ErrorText, retry: () => void): void {
    const act = (action: OtherAction): void =>
      this.act(action === 'showLogs' || action === 'reportIssue' ? action : 'showPlan');
    this.stage.replaceChildren(errorPage(this.words, problem, text, { retry, act }));
  }

  private act(action: ReportAction): void {
    void this.host.request('act', { action });
  }
}
