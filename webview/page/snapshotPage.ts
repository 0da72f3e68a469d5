import type { LoadedSnapshot, RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { StateTarget } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import { h } from '../dom';
import { type Row, type StateRow, targetOf } from '../model/rows';
import type { PageState } from '../pageState';
import { bytesBar } from './bytesBar';
import { details } from './details';
import { FileTable } from './fileTable';
import { header } from './header';
import { health } from './health';
import { TreeGrid } from './treeGrid';

export interface Place {
  name: string;
  folder: string;
}

/** The page of a snapshot that could be read. It is drawn anew when the snapshot is read again, with the state that it kept. */
export class SnapshotPage {
  readonly element: HTMLElement;
  private readonly scroller = h('div', { class: 'content' });
  private readonly aside = h('aside', { class: 'side' });
  private readonly footer = h('footer', { class: 'footer', role: 'status' });
  private readonly grid: TreeGrid;
  private readonly files: FileTable;
  private readonly expanded: Set<string>;

  constructor(
    private readonly context: PageContext,
    private readonly loaded: LoadedSnapshot,
    place: Place,
    private readonly state: PageState,
    private readonly keep: () => void,
    showEntries: (target: StateTarget) => void,
  ) {
    const { snapshot } = loaded;
    const reveal = (target: RowTarget): void => void this.reveal(target);
    this.expanded = new Set(state.expanded);
    const gridState = {
      expanded: this.expanded,
      selected: state.selected,
      sort: state.sort,
      filter: state.filter,
    };
    this.showEntries = (row) =>
      showEntries({ operator: row.operator.id, state: row.state.name, backend: row.state.backend });
    this.grid = new TreeGrid(context, this.scroller, snapshot, gridState, {
      changed: (row) => {
        Object.assign(this.state, { selected: gridState.selected, sort: gridState.sort, filter: gridState.filter });
        this.selected(row);
      },
      opened: this.showEntries,
    });
    this.files = new FileTable(context, this.scroller, snapshot);
    this.element = h(
      'main',
      { class: 'snapshot' },
      header(context, snapshot, place.name, place.folder),
      h('div', { class: 'split' }, this.scroller, this.aside),
      this.footer,
    );
    const bar = bytesBar(context, snapshot, reveal);
    this.scroller.append(...(bar === null ? [] : [bar]), this.grid.element);
    const other = this.wholeJob();
    if (other !== null) this.scroller.append(other);
    this.scroller.append(this.files.element);
    this.healthSection = health(context, loaded, reveal);
    this.footer.textContent = this.readText();
    this.scroller.addEventListener('scroll', () => this.save(), { passive: true });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.grid.clearSelection();
    });
  }

  private readonly healthSection: HTMLElement;
  private readonly showEntries: (row: StateRow) => void;

  /** Draws what needs a place in the document. */
  start(): void {
    this.grid.start();
    this.files.start();
    this.scroller.scrollTop = this.state.scrollTop;
  }

  stop(): void {
    this.grid.stop();
    this.files.stop();
  }

  reveal(target: RowTarget): boolean {
    return this.grid.reveal(target);
  }

  /** Selects a row that can be seen, by its key. */
  select(key: string): void {
    this.grid.selectKey(key);
  }

  focus(): void {
    this.grid.focus();
  }

  /** Said at the foot until the page is drawn anew. */
  say(text: string): void {
    this.footer.textContent = text;
  }

  private selected(row: Row | null): void {
    this.aside.replaceChildren(
      ...(row === null
        ? []
        : [details(this.context, row, { close: () => this.grid.clearSelection(), showEntries: this.showEntries })]),
      this.healthSection,
    );
    this.aside.scrollTop = 0;
    this.context.host.notify('selected', row === null ? null : targetOf(row));
    this.save();
  }

  private save(): void {
    this.state.expanded = [...this.expanded];
    this.state.scrollTop = this.scroller.scrollTop;
    this.keep();
  }

  /** State of the master hooks and of the channels, which belongs to no row above. */
  private wholeJob(): HTMLElement | null {
    const { strings, bytes } = this.context;
    const { masterStates, channelStateBytes } = this.loaded.snapshot;
    if (masterStates.length === 0 && channelStateBytes === 0) return null;
    const line = (label: string, text: string, size: number): HTMLElement =>
      h(
        'li',
        {},
        h('span', { class: 'label' }, label),
        h('span', { class: 'quiet grow' }, text),
        h('span', { class: 'amount', title: this.context.exactBytes(size) }, bytes(size)),
      );
    return h(
      'section',
      { class: 'whole-job' },
      h('h2', {}, strings.otherState),
      h(
        'ul',
        {},
        ...masterStates.map((m) => line(m.name, `${strings.masterState} · ${strings.version} ${m.version}`, m.bytes)),
        channelStateBytes > 0 && line(strings.channelState, strings.inFlight, channelStateBytes),
      ),
    );
  }

  private readText(): string {
    const { strings, bytes, count } = this.context;
    const { bytesRead, millis, snapshot } = this.loaded;
    if (bytesRead === null) return fill(strings.describedIn, count(millis));
    const whole = snapshot.metadataBytes + snapshot.files.reduce((sum, file) => sum + file.bytes, 0);
    return fill(strings.readInOf, bytes(bytesRead), bytes(whole), count(millis));
  }
}
