import type { Problem } from '../../src/engine/description';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import { type EntryPage, PAGE_ROWS } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import { h } from '../dom';
import type { EntriesState } from '../pageState';
import { button } from '../ui/toolkit';
import { EntryDetails } from './entryDetails';
import { type CellPlace, EntryTable } from './entryTable';
import { failure, stopped, unreadState, whyEmpty } from './notes';
import { QueryBar, type Question } from './queryBar';
import { type StatePlace, stateHeader } from './stateHeader';

/** What takes less is not worth a sign of waiting: it would only flicker. */
const SHOW_WAITING_AFTER_MS = 150;
/** Who holds an arrow key down wants the last entry's details, not those on the way. */
const DETAIL_AFTER_MS = 60;

/** The page of one state: its entries, a hundred at a time, and the selected one in full. */
export class StatePage {
  readonly element: HTMLElement;
  private readonly table: EntryTable;
  private readonly details: EntryDetails;
  private readonly query: QueryBar;
  private readonly note = h('div', { class: 'entries-note' });
  private readonly unread = h('div');
  private readonly progress = h('span', { class: 'entries-progress' });
  private readonly bar = h('div', { class: 'entries-bar', hidden: true });
  private readonly waiting: HTMLElement;
  private readonly status = h('span', { class: 'entries-status' });
  private readonly hint = h('span', { class: 'quiet' });
  private readonly previous: HTMLElement;
  private readonly next: HTMLElement;
  private reading: AbortController | null = null;
  private looking: AbortController | null = null;
  private lookSoon: ReturnType<typeof setTimeout> | undefined;
  private page: EntryPage | null = null;
  private first = 0;

  constructor(
    private readonly context: PageContext,
    private readonly place: StatePlace,
    private readonly state: EntriesState,
    private readonly events: {
      keep(): void;
      /** Back to the snapshot, at the row of this state or of its operator. */
      back(to: 'state' | 'operator'): void;
    },
  ) {
    const { strings } = context;
    const scroller = h('div', { class: 'content entries-scroll' });
    this.table = new EntryTable(context, fill(strings.entriesOf, place.state.name), scroller, {
      selected: (row) => this.selected(row),
      copy: (cell) => this.copy(cell),
      enter: () => this.details.focus(),
    });
    this.details = new EntryDetails(context, state.view, {
      viewed: (view) => {
        this.state.view = view;
        this.events.keep();
      },
      copy: (what) => this.copyFocused(what),
      modify: () => this.modifyFocused(),
      leave: () => this.table.focus(),
    });
    this.waiting = h(
      'div',
      { class: 'query-beside', hidden: true },
      this.progress,
      button(strings.stop, 'secondary', () => this.reading?.abort()),
    );
    const isKeyed = place.state.backend !== 'operator';
    this.query = new QueryBar(context, isKeyed, state, (question) => this.ask(question), this.waiting);
    this.previous = button(strings.previousPage, 'secondary', () => this.turn(-1));
    this.next = button(fill(strings.nextPage, context.count(PAGE_ROWS)), 'secondary', () => this.turn(1));
    scroller.append(this.unread, this.table.element, this.note);
    this.element = h(
      'main',
      { class: 'snapshot state-page' },
      stateHeader(context, place, (to) => events.back(to)),
      this.query.element,
      this.bar,
      h('div', { class: 'split' }, scroller, this.details.element),
      h(
        'footer',
        { class: 'footer entries-footer' },
        this.previous,
        this.next,
        this.status,
        h('span', { class: 'grow' }),
        this.hint,
      ),
    );
  }

  /** Begins to read. `focused`: a person came here just now. */
  start(focused: boolean): void {
    document.addEventListener('keydown', this.onKey);
    const { operator, state } = this.place;
    this.context.host.notify('selected', { operator: operator.id, state: state.name });
    void this.load().then(() => {
      if (focused) this.takeFocus();
    });
  }

  stop(): void {
    document.removeEventListener('keydown', this.onKey);
    this.lookNoMore();
    const { reading } = this;
    this.reading = null;
    reading?.abort();
  }

  /** Said until there is news. */
  say(text: string): void {
    this.status.textContent = text;
  }

  /** The cell with the focus, or its row. */
  copyFocused(what: 'cell' | 'row'): void {
    const { row, column } = this.table.place;
    this.copy({ row, column: what === 'row' ? 0 : column });
  }

  /** A change of the entry with the focus goes into a plan. */
  modifyFocused(): void {
    const { row } = this.table.place;
    if (row >= this.table.length) return;
    const { announce, host } = this.context;
    const { target, key, filter, page } = this.state;
    host.request('modifyEntry', { target, key, filter, page, row }).catch((error: unknown) => {
      if (!isCancelled(error)) announce(toProblem(error).message);
    });
  }

  private ask({ key, filter }: Question): void {
    Object.assign(this.state, { key, filter, page: 0, row: 0 });
    this.events.keep();
    void this.load().then(() => {
      if (this.page !== null && this.page.rows.length > 0) this.table.focus();
    });
  }

  private turn(step: 1 | -1): void {
    const page = this.state.page + step;
    if (page < 0) return;
    Object.assign(this.state, { page, row: 0 });
    this.events.keep();
    void this.load().then(() => {
      // A button that can do no more gives the focus on.
      const pressed = step === 1 ? this.next : this.previous;
      if (pressed.hasAttribute('disabled') && document.activeElement === document.body) this.takeFocus();
    });
  }

  /** Reads the page that the state names; `more` goes on with one that was stopped. */
  private async load(more = false): Promise<void> {
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    const { target, key, filter, page } = this.state;
    const { strings, count } = this.context;
    this.query.complain({});
    this.note.replaceChildren();
    if (!more) this.empty();
    this.table.busy(true);
    this.setButtons(null);
    const waiting = setTimeout(() => this.showWaiting(true), SHOW_WAITING_AFTER_MS);
    const begun = performance.now();
    try {
      const result = await this.context.host.request(
        'entryPage',
        { target, key, filter, page },
        {
          signal: reading.signal,
          onProgress: ({ read, columns, first, from, rows }) => {
            if (this.reading !== reading) return;
            this.first = first;
            this.table.add(columns, first, from, rows);
            const matches = filter === null ? '' : ` · ${fill(strings.matches, count(this.table.length))}`;
            this.progress.textContent = `${this.readText(read)}${matches}`;
          },
        },
      );
      if (this.reading === reading) this.show(result, performance.now() - begun);
    } catch (e) {
      if (this.reading === reading) this.fail(toProblem(e), isCancelled(e));
    } finally {
      clearTimeout(waiting);
      if (this.reading === reading) {
        this.reading = null;
        this.showWaiting(false);
        this.table.busy(false);
      }
    }
  }

  private empty(): void {
    this.lookNoMore();
    this.page = null;
    this.table.clear(this.state.row);
    this.details.clear();
    this.unread.replaceChildren();
    this.status.textContent = '';
    this.hint.textContent = '';
  }

  private show(page: EntryPage, millis: number): void {
    const { strings, count, settings } = this.context;
    this.page = page;
    this.first = page.first;
    this.table.add(page.columns, page.first, 0, page.rows);
    this.table.ended(page.ended ? page.first + page.rows.length : null);
    this.setButtons(page);
    const { rows, first, read } = page;
    const shown =
      rows.length === 0
        ? []
        : rows.length === 1
          ? [fill(strings.oneRowShown, count(first + 1))]
          : [fill(strings.rowsShown, count(first + 1), count(first + rows.length))];
    const took = millis.toLocaleString(settings.locale, { maximumFractionDigits: 0 });
    this.status.textContent = [...shown, `${this.readText(read)}, ${took} ms`].join(' · ');
    this.hint.textContent = strings.timesInUtc;
    this.unread.replaceChildren(...unreadState(this.context, page));
    this.showNote(page);
    const told = rows.length === 0 ? [...this.note.children].map((p) => p.textContent).join(' ') : shown[0];
    this.context.announce(told ?? '');
  }

  private showNote(page: EntryPage): void {
    if (page.stopped) {
      this.note.replaceChildren(...stopped(this.context, () => void this.load(true)));
    } else if (page.rows.length === 0) {
      this.note.replaceChildren(...whyEmpty(this.context, page, this.state));
    }
  }

  private fail(problem: Problem, cancelled: boolean): void {
    this.setButtons(null);
    const text = problem.hint === null ? problem.message : `${problem.message}\n${problem.hint}`;
    if (problem.code === 'BAD_VALUE' || problem.code === 'BAD_ARGUMENT') {
      this.query.complain(problem.code === 'BAD_VALUE' ? { key: text } : { filter: text });
      return;
    }
    const again = (): void => void this.load();
    this.note.replaceChildren(...(cancelled ? stopped(this.context, again) : failure(this.context, problem, again)));
  }

  private showWaiting(waiting: boolean): void {
    const { strings } = this.context;
    this.bar.hidden = !waiting;
    this.waiting.hidden = !waiting;
    if (waiting) {
      this.bar.setAttribute('role', 'progressbar');
      this.bar.setAttribute('aria-label', strings.readingEntries);
      if (this.progress.textContent === '') this.progress.textContent = `${strings.readingEntries}…`;
    } else this.progress.textContent = '';
  }

  private setButtons(page: EntryPage | null): void {
    this.previous.toggleAttribute('disabled', this.state.page === 0);
    this.next.toggleAttribute('disabled', page === null || page.ended || page.stopped);
  }

  private readText(read: number): string {
    const { strings, count } = this.context;
    return read === 1 ? strings.oneEntryRead : fill(strings.entriesRead, count(read));
  }

  private selected(row: number): void {
    this.state.row = row;
    this.events.keep();
    this.lookNoMore();
    this.lookSoon = setTimeout(() => void this.look(row), DETAIL_AFTER_MS);
  }

  /** What was asked about an entry is of no more use. */
  private lookNoMore(): void {
    clearTimeout(this.lookSoon);
    this.looking?.abort();
    this.looking = null;
  }

  private async look(row: number): Promise<void> {
    const looking = new AbortController();
    this.looking = looking;
    const { target, key, filter, page } = this.state;
    try {
      const detail = await this.context.host.request(
        'entryDetail',
        { target, key, filter, page, row },
        { signal: looking.signal },
      );
      if (this.looking === looking) this.details.show(detail, this.first + row + 1);
    } catch (e) {
      if (this.looking === looking && !isCancelled(e)) this.details.fail(toProblem(e).message);
    }
  }

  private copy({ row, column }: CellPlace): void {
    if (row >= this.table.length) return;
    const { strings, announce, host } = this.context;
    const { target, key, filter, page } = this.state;
    const place = { target, key, filter, page, row };
    // The number of the row stands for all of it, and so do those places that are no part of the entry.
    host.request('copyEntry', { ...place, column: this.table.columnId(column) }).then(
      () => announce(strings.copied),
      (error: unknown) => announce(toProblem(error).message),
    );
  }

  private takeFocus(): void {
    if (this.table.length > 0) this.table.focus();
    else this.element.querySelector('h1')?.focus();
  }

  /** As VS Code's own way back; it must not go back a second time. */
  private onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.events.back('state');
  };
}
