import type { Problem } from '../../src/engine/description';
import type { RowContext } from '../../src/protocol';
import { toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { EntryColumn, StateTarget } from '../../src/view/shownEntries';
import type { CopyFormat, FoundRow, RowPlace, RowQuery, RowScan, RowWindow } from '../../src/view/shownRows';
import { type PageContext, zoneOf } from '../context';
import { h } from '../dom';
import { NUMBER_COLUMN } from '../grid/gridModel';
import { GridView } from '../grid/gridView';
import type { EntriesState } from '../pageState';
import { Splitter } from '../ui/splitter';
import { ColumnKeeper } from './columnKeeper';
import { ColumnsMenu } from './columnsMenu';
import { decoderNote } from './decoderNote';
import { FindBar } from './findBar';
import { gridColumns } from './gridColumns';
import { NamespacePicker } from './namespacePicker';
import { failure, stopped, unreadState, whyEmpty } from './notes';
import { QueryBar, type Question } from './queryBar';
import { RowCopy } from './rowCopy';
import { RowDetails } from './rowDetails';
import { RowFeed } from './rowFeed';
import { ScanControl } from './scanControl';
import { nextSort } from './sorting';
import { type StatePlace, stateHeader } from './stateHeader';
import { StatusBar } from './statusBar';
import { TimeStrip } from './timeStrip';

const MENU: RowContext = { webviewSection: 'entry', preventDefaultContextMenuItems: true };

interface PageEvents {
  keep(): void;
  /** Back to the snapshot, at the row of this state or of its operator. */
  back(to: 'state' | 'operator'): void;
  /** Another state of this snapshot, with a key. */
  showState(target: StateTarget, key: string): void;
}

/** The page of one state: its entries in a grid without end, questions above it, the selected one in full beside it. */
export class StatePage {
  readonly element: HTMLElement;
  private readonly grid: GridView;
  private readonly feed: RowFeed;
  private readonly columns: ColumnKeeper;
  private readonly columnsMenu: ColumnsMenu;
  private readonly details: RowDetails;
  private readonly query: QueryBar;
  private readonly find: FindBar;
  private readonly scan: ScanControl;
  private readonly status: StatusBar;
  private readonly copying: RowCopy;
  private readonly namespaces: NamespacePicker | null;
  private readonly times: TimeStrip | null;
  private readonly splitter: Splitter;
  private readonly note = h('div', { class: 'entries-note' });
  private readonly unread = h('div');
  private drawn: readonly EntryColumn[] = [];
  private lastScan: RowScan | null = null;
  private begun = 0;
  private millis: number | null = null;
  /** How far columns fit the rows of the query. */
  private fitted: 'not' | 'begun' | 'whole' = 'not';
  private firstRows: (() => void) | null = null;
  private isGone = false;
  /** Nothing can be read until somebody tries again. */
  private hasFailed = false;

  constructor(
    private readonly context: PageContext,
    private readonly place: StatePlace,
    private readonly state: EntriesState,
    private readonly events: PageEvents,
  ) {
    const { strings } = context;
    const isKeyed = place.state.backend !== 'operator';
    this.columns = new ColumnKeeper(context, state.target);
    this.feed = new RowFeed(
      (wanted, signal) => context.host.request('rows', wanted, { signal }),
      this.rowQuery,
      this.zone,
      {
        changed: (window) => this.changed(window),
        renumbered: (by) => this.grid.renumber(by),
        restarted: () => this.grid.toStart(),
        failed: (problem) => this.fail(problem),
      },
    );
    this.grid = this.makeGrid();
    this.grid.setMenu(MENU);
    this.details = new RowDetails(context, state, isKeyed, {
      zone: this.zone,
      viewed: (view) => {
        this.state.view = view;
        this.events.keep();
      },
      copy: (what) => this.copyFocused(what),
      modify: () => this.modifyFocused(),
      leave: () => this.grid.focus(),
      chooseDecoder: (classes) => this.chooseDecoder(classes),
      openState: (target, key) => events.showState(target, key),
    });
    this.scan = new ScanControl(context, {
      progress: (scan) => this.progress(scan),
      failed: (problem) => this.fail(problem),
      stopped: () => this.note.replaceChildren(...stopped(this.context, () => this.goOn())),
    });
    this.query = new QueryBar(
      context,
      state.target,
      place.state,
      state,
      { ask: (question) => this.ask(question), everywhere: (key) => this.details.showStatesOf(key) },
      this.scan.element,
    );
    this.find = new FindBar(context, {
      query: () => this.rowQuery,
      place: () => this.focusPlace,
      show: (found) => this.showFound(found),
      closed: () => this.grid.focus(),
    });
    this.status = new StatusBar(context, {
      goTo: (row) => this.goTo(row),
      copy: (format) => this.copySelected(format),
      rows: () => this.feed.rows,
    });
    this.copying = new RowCopy(context, {
      query: () => this.rowQuery,
      zone: this.zone,
      placeOf: (row) => this.placeOf(row),
    });
    this.columnsMenu = new ColumnsMenu(context, {
      state: () => ({ columns: this.feed.columns, layout: this.columns.layout, expand: this.columns.expand }),
      changed: (layout) => {
        this.columns.set(layout);
        this.drawColumns();
      },
      expand: (id) => this.expand(id),
      reset: () => this.resetColumns(),
    });
    this.namespaces = this.makeNamespaces();
    this.times = this.makeTimes();
    const main = h(
      'div',
      { class: 'entries-main' },
      this.times?.element ?? null,
      this.unread,
      this.note,
      this.grid.element,
      this.find.element,
    );
    this.splitter = new Splitter(strings.resizeDetails, this.details.pane.element);
    this.element = h(
      'main',
      { class: 'snapshot state-page' },
      stateHeader(
        context,
        place,
        (to) => events.back(to),
        [...(this.namespaces === null ? [] : [this.namespaces.button]), this.columnsMenu.button],
        { find: () => this.find.open(), exportRows: () => this.exportRows() },
      ),
      decoderNote(context, place.state.typeInfo, (classes) => this.chooseDecoder(classes)),
      this.query.element,
      this.scan.bar,
      h('div', { class: 'split' }, main, this.splitter.element, this.details.pane.element),
      this.status.element,
    );
  }

  /** Begins to read. `focused`: a person came here just now. */
  start(focused: boolean): void {
    document.addEventListener('keydown', this.onKey);
    const { operator, state } = this.place;
    this.context.host.notify('selected', { operator: operator.id, state: state.name });
    this.firstRows = () => {
      if (focused) this.takeFocus();
    };
    this.status.showZone(this.zone());
    void this.columns.restore().then(() => {
      if (!this.isGone) this.load(this.state.place);
    });
  }

  stop(): void {
    this.isGone = true;
    document.removeEventListener('keydown', this.onKey);
    this.details.stop();
    this.feed.stop();
    this.scan.stop();
    this.find.stop();
    this.query.stop();
    this.status.stop();
    this.columnsMenu.close();
    this.namespaces?.close();
    this.times?.stop();
    this.splitter.stop();
    this.grid.stop();
  }

  /** Said until there is news. */
  say(text: string): void {
    this.status.say(text);
  }

  /** The cell with the focus, what is selected, or the entry with the focus as JSON. */
  copyFocused(what: 'cell' | 'row' | CopyFormat): void {
    const { focus } = this.grid.selection;
    if (what === 'row') this.copy([{ from: focus, to: focus }], 'json', true);
    else if (what === 'cell') this.copy([{ from: focus, to: focus }], 'json', focus.column === NUMBER_COLUMN);
    else this.copySelected(what);
  }

  /** A change of the entry with the focus goes into a plan. */
  modifyFocused(): void {
    const place = this.focusPlace;
    if (place === null) return;
    const { target, key } = this.state;
    this.context.host.request('modifyRow', { target, key, place }).catch((error: unknown) => this.tellError(error));
  }

  private readonly zone = (): string => zoneOf(this.context.settings);

  private get rowQuery(): RowQuery {
    const { target, key, namespace, mapKey, filter, sort } = this.state;
    return { target, key, namespace, mapKey, filter, sort, expand: this.columns.expand };
  }

  private get focusPlace(): RowPlace | null {
    return this.feed.shown(this.grid.selection.focus.row)?.place ?? null;
  }

  private makeGrid(): GridView {
    const { context, place } = this;
    return new GridView(context, fill(context.strings.entriesOf, place.state.name), this.feed, {
      focused: () => this.focused(),
      selected: () => this.showPosition(),
      opened: () => this.details.pane.focus(),
      copy: () => this.copySelected('text'),
      sort: (id) => this.sort(id),
      expand: (id) => this.expand(id),
      resized: (id, width) => {
        this.columns.setWidth(id, width);
        this.drawColumns();
      },
      moved: (id, by) => {
        this.columns.move(this.feed.columns, id, by);
        this.drawColumns();
      },
      hidden: (id) => {
        this.columns.hide(id);
        this.drawColumns();
        this.columnsMenu.refresh();
      },
    });
  }

  private makeNamespaces(): NamespacePicker | null {
    const { context, place, state } = this;
    if (place.state.namespaceType === null) return null;
    const isWindow = /window/iu.test(place.state.namespaceType);
    return new NamespacePicker(context, state.target, isWindow, {
      zone: this.zone,
      choose: (namespace) => {
        const question = { ...this.query.question, namespace };
        this.query.question = question;
        this.ask(question);
      },
    });
  }

  private makeTimes(): TimeStrip | null {
    if (this.place.state.kind !== 'timer') return null;
    return new TimeStrip(this.context, 'timestamp', {
      zone: this.zone,
      choose: (from, to) => {
        const question = { ...this.query.question, filter: `timestamp >= ${from} && timestamp < ${to}` };
        this.query.question = question;
        this.ask(question);
      },
    });
  }

  private ask(question: Question): void {
    Object.assign(this.state, question, { place: null });
    this.events.keep();
    this.firstRows = () => {
      if (this.feed.rows > 0) this.grid.focus();
    };
    this.load(null);
  }

  /** Reads the rows of the query that the state names, beginning around an entry. */
  private load(at: RowPlace | null): void {
    const query = this.rowQuery;
    this.begun = performance.now();
    this.millis = null;
    this.fitted = 'not';
    this.lastScan = null;
    this.hasFailed = false;
    this.query.complain({});
    this.note.replaceChildren();
    this.unread.replaceChildren();
    this.grid.busy(true);
    this.feed.change(query, at);
    this.scan.stop();
  }

  private goOn(): void {
    this.note.replaceChildren();
    this.scan.goOn();
  }

  private changed(window: RowWindow | null): void {
    if (this.feed.columns !== this.drawn && this.feed.columns.length > 0) this.drawColumns();
    this.grid.refresh();
    if (window !== null) {
      if (this.millis === null) this.arrived(window);
      this.fitColumns(window);
      this.take(this.feed.lastScan ?? window.scan);
    }
    this.focused();
    this.showPosition();
    const { firstRows } = this;
    if (firstRows === null || (this.feed.rows === 0 && this.lastScan?.ended !== true)) return;
    this.firstRows = null;
    firstRows();
  }

  /** The first rows of a query are there: now what takes longer, and what is wanted only when somebody begins to type. */
  private arrived(window: RowWindow): void {
    const query = this.rowQuery;
    this.millis = performance.now() - this.begun;
    this.grid.busy(false);
    if (!window.scan.ended) void this.scan.run(query);
    void this.times?.read({ ...query, sort: null, expand: [] });
    this.find.queryChanged();
    this.query.prepare();
    const column = this.state.column === null ? NUMBER_COLUMN : this.grid.indexOf(this.state.column);
    const { focus } = this.grid.selection;
    this.grid.selection.set({ row: focus.row, column: this.state.column === null && column === 0 ? 1 : column });
  }

  /** Columns fit the first screen of rows, of which a scan may find one after the other. */
  private fitColumns(window: RowWindow): void {
    if (window.rows.length === 0) return;
    const { fitted } = this;
    const isAll = window.scan.ended && window.isEnd;
    this.fitted = isAll || window.rows.length >= this.grid.screenRows ? 'whole' : 'begun';
    requestAnimationFrame(() => {
      if (fitted !== 'whole') this.grid.fitSeen(fitted === 'begun');
      this.grid.growNumbers(window.rows);
    });
  }

  private progress(scan: RowScan): void {
    this.feed.progress(scan);
    this.take(scan);
  }

  private take(scan: RowScan): void {
    if (this.hasFailed) return;
    this.lastScan = scan;
    this.status.showWork(scan, this.millis, this.scan.isRunning);
    if (scan.problems.length > 0 && this.unread.childElementCount === 0)
      this.unread.replaceChildren(...unreadState(this.context, scan));
    if (this.feed.rows > 0 || !scan.ended || this.scan.isStopped) return;
    this.note.replaceChildren(...whyEmpty(this.context, scan, this.state));
    this.context.announce([...this.note.children].map((line) => line.textContent).join(' '));
  }

  private fail(problem: Problem): void {
    this.grid.busy(false);
    const text = problem.hint === null ? problem.message : `${problem.message}\n${problem.hint}`;
    if (problem.code === 'BAD_VALUE' || problem.code === 'BAD_ARGUMENT') {
      this.query.complain(problem.code === 'BAD_VALUE' ? { key: text } : { filter: text });
      this.revert();
      return;
    }
    this.hasFailed = true;
    this.note.replaceChildren(...failure(this.context, problem, () => this.load(this.state.place)));
  }

  /** A question that cannot be answered changes nothing: what was seen before it stays. */
  private revert(): void {
    const { key, namespace, mapKey, filter, sort } = this.feed.revert();
    Object.assign(this.state, { key, namespace, mapKey, filter, sort });
    this.firstRows = null;
    this.events.keep();
    if (this.feed.columns.length > 0) void this.scan.run(this.rowQuery);
  }

  private drawColumns(): void {
    const { columns } = this.feed;
    this.drawn = columns;
    const { layout, expand } = this.columns;
    this.grid.setColumns(gridColumns(columns, layout, this.state.sort, expand, this.context.strings), columns.length);
    this.columnsMenu.refresh();
  }

  private sort(id: string): void {
    this.state.sort = nextSort(this.state.sort, id, this.feed.columns);
    this.state.place = null;
    this.events.keep();
    this.drawColumns();
    this.load(null);
  }

  private expand(id: string): void {
    this.columns.toggle(this.feed.columns, id);
    this.load(this.feed.shown(this.grid.topRow)?.place ?? null);
  }

  private resetColumns(): void {
    const wasExpanded = this.columns.expand.length > 0;
    this.columns.reset();
    this.grid.forgetWidths();
    this.drawColumns();
    if (wasExpanded) this.load(this.feed.shown(this.grid.topRow)?.place ?? null);
  }

  private focused(): void {
    const { focus } = this.grid.selection;
    const place = this.focusPlace;
    this.details.show(place, focus.row);
    if (place === null) return;
    this.state.place = place;
    this.state.column = this.grid.columnAt(focus.column)?.id ?? null;
    this.events.keep();
  }

  private showPosition(): void {
    const { selection } = this.grid;
    const { rows, exact } = this.feed;
    const ranges = selection.isMany ? selection.ranges({ rows, columns: this.grid.columnCount }) : [];
    const selected =
      ranges.length === 0
        ? null
        : {
            rows: ranges.reduce((sum, { from, to }) => sum + to.row - from.row + 1, 0),
            columns: Math.max(...ranges.map(({ from, to }) => to.column - Math.max(1, from.column) + 1)),
          };
    this.status.show({ row: rows === 0 ? null : selection.focus.row, rows, exact, selected });
  }

  private goTo(row: number): void {
    this.grid.goTo({ row, column: Math.max(1, this.grid.selection.focus.column) });
    this.grid.focus();
  }

  private async showFound(found: FoundRow): Promise<void> {
    const row = await this.feed.find(found.place);
    const column = found.column === null ? 0 : this.grid.indexOf(found.column);
    if (row !== null) this.grid.goTo({ row, column: Math.max(1, column) });
  }

  /** Where a row lies, asked for where it is not on the page. */
  private async placeOf(row: number): Promise<RowPlace | null> {
    const known = this.feed.shown(row);
    if (known !== null) return known.place;
    const wanted = { ...this.rowQuery, zone: this.zone(), at: { row }, before: 0, count: 1 };
    const { rows, at } = await this.context.host.request('rows', wanted);
    return (rows[at] ?? rows.at(-1))?.place ?? null;
  }

  private copySelected(format: CopyFormat): void {
    const { selection } = this.grid;
    const ranges = selection.ranges({ rows: this.feed.rows, columns: this.grid.columnCount });
    // Whole rows as JSON are entries, as a dump has them.
    const whole = format === 'json' && ranges.every(({ from }) => from.column === NUMBER_COLUMN);
    this.copy(ranges, format, whole);
  }

  private copy(ranges: Parameters<RowCopy['copy']>[0]['ranges'], format: CopyFormat, whole: boolean): void {
    const columnId = (column: number): string | null => this.grid.columnAt(column)?.id ?? null;
    void this.copying.copy({ ranges, columnId, columns: this.grid.columnCount }, format, whole);
  }

  private exportRows(): void {
    this.context.host.request('exportRows', this.rowQuery).catch((error: unknown) => this.tellError(error));
  }

  private chooseDecoder(classes: string[]): void {
    this.context.host.request('chooseDecoder', { classes }).catch((error: unknown) => this.tellError(error));
  }

  private tellError(error: unknown): void {
    this.context.announce(toProblem(error).message);
  }

  private takeFocus(): void {
    if (this.feed.rows > 0) this.grid.focus();
    else this.element.querySelector('h1')?.focus();
  }

  /** Keys of the whole page. They must not be VS Code's a second time. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const letter = command ? event.key.toLowerCase() : '';
    if (event.key === 'ArrowLeft' && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey)
      this.events.back('state');
    else if (letter === 'f') this.find.open();
    else if (letter === 'g') this.status.openGoTo();
    else if (event.key === 'F3') void this.find.next(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
