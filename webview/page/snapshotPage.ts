import type { LoadedSnapshot, RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { StateTarget } from '../../src/view/shownEntries';
import type { HealthNews } from '../../src/view/shownHealth';
import type { StatsNews } from '../../src/view/shownStats';
import type { PageContext } from '../context';
import { h } from '../dom';
import { Counts } from '../model/counts';
import { type Row, type StateRow, targetOf } from '../model/rows';
import type { PageState } from '../pageState';
import { BytesMap } from './bytesMap';
import { CountedDetails } from './countedDetails';
import { CountFooter } from './countFooter';
import { details } from './details';
import { FileTable } from './fileTable';
import { header } from './header';
import { HealthSection } from './health';
import type { WrittenKey } from './statsPictures';
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
  private readonly footer: CountFooter;
  private readonly map: BytesMap;
  private readonly counted: CountedDetails;
  private readonly grid: TreeGrid;
  private readonly files: FileTable;
  private readonly expanded: Set<string>;

  constructor(
    private readonly context: PageContext,
    private readonly loaded: LoadedSnapshot,
    place: Place,
    private readonly state: PageState,
    private readonly keep: () => void,
    showEntries: (target: StateTarget, key?: WrittenKey) => void,
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
    this.showEntries = (row, key) =>
      showEntries({ operator: row.operator.id, state: row.state.name, backend: row.state.backend }, key);
    this.footer = new CountFooter(context);
    this.counted = new CountedDetails(context, this.showEntries);
    this.map = new BytesMap(context, snapshot, state.bytes, {
      reveal,
      revealFile: (path) => void context.host.request('revealFile', { path }),
      changed: keep,
    });
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
      this.footer.element,
    );
    this.scroller.append(this.map.element, this.grid.element);
    const other = this.wholeJob();
    if (other !== null) this.scroller.append(other);
    this.scroller.append(this.files.element);
    this.health = new HealthSection(context, snapshot, loaded.record, {
      reveal,
      showFiles: () => this.files.element.scrollIntoView({ block: 'start' }),
    });
    if (loaded.health !== null) this.health.show(loaded.health);
    this.footer.say(this.readText());
    this.scroller.addEventListener('scroll', () => this.save(), { passive: true });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.grid.clearSelection();
    });
  }

  private readonly health: HealthSection;
  private readonly showEntries: (row: StateRow, key?: WrittenKey) => void;

  /** Draws what needs a place in the document. */
  start(): void {
    this.map.start();
    this.grid.start();
    this.files.start();
    this.scroller.scrollTop = this.state.scrollTop;
  }

  stop(): void {
    this.map.stop();
    this.grid.stop();
    this.files.stop();
    this.counted.stop();
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

  showHealth(news: HealthNews): void {
    this.health.show(news);
  }

  /** Said at the foot until the page is drawn anew. */
  say(text: string): void {
    this.footer.say(text);
  }

  /** How far the count of the entries is. */
  showCount(news: StatsNews): void {
    this.footer.show(news);
    this.grid.showCounts(new Counts(news));
    this.map.showStats(news.stats);
    this.counted.showNews(news);
    this.health.showCounted(news.stats);
  }

  private selected(row: Row | null): void {
    this.aside.replaceChildren(
      ...(row === null
        ? []
        : [
            details(this.context, row, { close: () => this.grid.clearSelection(), showEntries: this.showEntries }),
            this.counted.element,
          ]),
      this.health.element,
    );
    this.aside.scrollTop = 0;
    this.counted.showRow(row);
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
