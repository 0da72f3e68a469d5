import { isCancelled } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import {
  type ComparedState,
  DIFFERENCE_KINDS,
  type DifferenceDetail,
  type DifferenceKind,
  type DifferenceQuery,
  MOST_LISTED,
} from '../../src/view/shownComparison';
import type { PageWords } from '../context';
import { h, setAttributes } from '../dom';
import { icon } from '../ui/icons';
import { button, iconButton } from '../ui/toolkit';
import type { CompareHost } from './compareHost';
import { DifferenceList } from './differenceList';
import { SIGNS } from './differenceRow';
import { differenceView } from './differenceView';
import type { Counts, DiffRow } from './diffModel';
import { comparedState, diffTitle, keyOf } from './diffModel';

export interface SectionEvents {
  changed(kinds: DifferenceKind[], row: number): void;
  /** On to the next state that differs, or back to the last. */
  step(by: 1 | -1): void;
  failed(error: unknown): void;
}

/** The entries of the chosen state that differ, and the one among them that is looked at. */
export class DifferenceSection {
  readonly element = h('section', { class: 'diff-section' });
  private readonly heading = h('h2', { class: 'diff-title' });
  private readonly chips = new Map<DifferenceKind, { element: HTMLElement; count: HTMLElement }>();
  private readonly position = h('span', { class: 'quiet diff-position' });
  private readonly note = h('p', { class: 'quiet diff-note' });
  private readonly cap = h('p', { class: 'diff-cap', role: 'note', hidden: true });
  private readonly exportLine = h('span', { class: 'diff-export' });
  private readonly detail = h('aside', { class: 'diff-detail', tabindex: -1 });
  private readonly list: DifferenceList;
  private row: DiffRow | null = null;
  private kinds: DifferenceKind[] = [...DIFFERENCE_KINDS];
  private shown: AbortController | undefined;
  /** What the detail shows. */
  private current: DifferenceDetail | null = null;
  private exporting: AbortController | undefined;
  private isDone = false;
  private isCapped = false;

  constructor(
    private readonly words: PageWords,
    private readonly host: CompareHost,
    private readonly events: SectionEvents,
  ) {
    const { comparison } = words.strings;
    this.list = new DifferenceList(words, {
      load: (query, first, count, signal) => host.request('differences', { ...query, first, count }, { signal }),
      chosen: (chosen) => void this.showDetail(chosen),
      copied: () => {
        if (this.current !== null) this.words.copy(this.current.json);
      },
      entered: () => this.detail.querySelector<HTMLElement>('h3')?.focus(),
      counted: () => this.showState(),
      failed: (error) => events.failed(error),
    });
    this.detail.setAttribute('aria-label', comparison.detail);
    this.detail.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.list.focus();
    });
    this.element.append(
      h(
        'div',
        { class: 'diff-bar' },
        this.heading,
        h('div', { class: 'diff-chips', role: 'group', 'aria-label': comparison.columnKind }, ...this.makeChips()),
        h('span', { class: 'grow' }),
        this.exportLine,
        this.position,
        iconButton(comparison.previous, icon('up'), () => this.step(-1)),
        iconButton(comparison.next, icon('down'), () => this.step(1)),
      ),
      this.cap,
      this.note,
      h('div', { class: 'diff-panes' }, this.list.element, this.detail),
    );
    this.showCounts(null);
    this.showState();
  }

  /** Another state; null for none. */
  show(row: DiffRow | null, kinds: DifferenceKind[], number: number): void {
    this.exporting?.abort();
    this.row = row;
    this.kinds = kinds;
    this.detail.replaceChildren();
    this.showExport();
    this.showCounts(row);
    this.showCap();
    this.ask(number);
  }

  /** The counts of the moment; where they grew there may be more to see. */
  update(row: DiffRow | undefined, capped: boolean, isDone: boolean): void {
    const isEnd = isDone !== this.isDone;
    this.isDone = isDone;
    this.isCapped = capped;
    if (row === undefined) return;
    const grew = row.counts.some((count, i) => count !== this.row?.counts[i]);
    this.row = row;
    this.showCounts(row);
    this.showCap();
    if (grew || isEnd) this.list.refresh();
    this.showState();
  }

  private showCap(): void {
    const isCapped = this.isCapped && this.row?.counts.some((count) => count > MOST_LISTED) === true;
    this.cap.hidden = !isCapped;
    this.cap.textContent = isCapped ? fill(this.words.strings.comparison.capped, this.words.count(MOST_LISTED)) : '';
  }

  /** What was found is another: rows that were there may be gone. */
  reload(): void {
    this.ask(this.list.row);
  }

  /** The first or the last difference, after a step from another state. */
  start(at: 'first' | 'last'): void {
    this.ask(at === 'first' ? 0 : Math.max(0, this.countOf() - 1));
    this.list.focus();
  }

  /** To the next difference, in this state or in another. */
  step(by: 1 | -1): void {
    const to = this.list.row + by;
    // Rows of a state that was chosen this moment may still be on their way: what was counted says how far they go.
    const total = this.list.isLoaded ? this.list.total : this.countOf();
    if (this.query() !== null && to >= 0 && to < total) {
      this.list.choose(to);
      this.list.focus();
    } else this.events.step(by);
  }

  stop(): void {
    this.list.stop();
    this.exporting?.abort();
  }

  private query(): DifferenceQuery | null {
    const target = this.target();
    return target === null || this.kinds.length === 0 ? null : { target, kinds: this.kinds };
  }

  private target(): ComparedState | null {
    return this.row === null ? null : comparedState(this.row);
  }

  private ask(row: number): void {
    this.list.show(this.query(), row, this.heading.textContent ?? '');
    this.showState();
  }

  private countOf(): number {
    const counts: Counts = this.row?.counts ?? [0, 0, 0];
    return DIFFERENCE_KINDS.reduce((sum, kind, i) => sum + (this.kinds.includes(kind) ? (counts[i] ?? 0) : 0), 0);
  }

  private makeChips(): HTMLElement[] {
    const { comparison } = this.words.strings;
    const names = { added: comparison.added, removed: comparison.removed, changed: comparison.changed };
    return DIFFERENCE_KINDS.map((kind) => {
      const count = h('span', { class: 'count' });
      const element = h(
        'button',
        { type: 'button', class: `chip ${kind}`, 'aria-pressed': 'true' },
        h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[kind]),
        names[kind],
        count,
      );
      element.addEventListener('click', () => this.toggle(kind));
      this.chips.set(kind, { element, count });
      return element;
    });
  }

  private toggle(kind: DifferenceKind): void {
    this.kinds = DIFFERENCE_KINDS.filter((other) => (other === kind) !== this.kinds.includes(other));
    this.events.changed(this.kinds, 0);
    this.showCounts(this.row);
    this.detail.replaceChildren();
    this.ask(0);
  }

  private showCounts(row: DiffRow | null): void {
    const { comparison } = this.words.strings;
    const target = this.target();
    this.heading.hidden = target === null;
    this.heading.replaceChildren(
      row?.state == null || target === null
        ? comparison.detail
        : h('span', {}, fill(comparison.differencesOf, row.state.name)),
      row === null || target === null
        ? ''
        : h('span', { class: 'diff-operator' }, ` ${fill(comparison.ofOperator, diffTitle(row.operator))}`),
    );
    DIFFERENCE_KINDS.forEach((kind, i) => {
      const chip = this.chips.get(kind);
      if (chip === undefined) return;
      chip.count.textContent = target === null ? '' : this.words.count(row?.counts[i] ?? 0);
      setAttributes(chip.element, {
        'aria-pressed': this.kinds.includes(kind) ? 'true' : 'false',
        disabled: target === null,
      });
    });
  }

  /** What there is instead of a list, and where one is in it. */
  private showState(): void {
    const { comparison } = this.words.strings;
    const target = this.target();
    const { total, isLoaded } = this.list;
    const text =
      target === null
        ? comparison.chooseState
        : this.kinds.length === 0
          ? comparison.noKinds
          : total > 0 || !isLoaded
            ? ''
            : this.isDone
              ? comparison.noDifference
              : comparison.noDifferenceYet;
    this.note.textContent = text;
    this.note.hidden = text === '';
    this.element.classList.toggle('empty', text !== '');
    this.position.textContent =
      text === '' && total > 0
        ? fill(comparison.shown, this.words.count(this.list.row + 1), this.words.count(total))
        : '';
  }

  private showExport(): void {
    const { comparison, stop } = this.words.strings;
    const target = this.target();
    if (target === null) {
      this.exportLine.replaceChildren();
      return;
    }
    const start = button(comparison.exportState, 'secondary', () => void this.exportAll(target));
    start.title = comparison.exportHint;
    if (this.exporting === undefined || this.exporting.signal.aborted) this.exportLine.replaceChildren(start);
    else {
      const { exporting } = this;
      this.exportLine.replaceChildren(
        h('span', { class: 'quiet', role: 'status' }),
        button(stop, 'secondary', () => exporting.abort()),
      );
    }
  }

  private async exportAll(target: ComparedState): Promise<void> {
    const { comparison } = this.words.strings;
    const exporting = new AbortController();
    this.exporting = exporting;
    this.showExport();
    const text = this.exportLine.querySelector('span');
    try {
      const result = await this.host.request(
        'exportDifferences',
        { target },
        {
          signal: exporting.signal,
          onProgress: ({ bytes, totalBytes }) => {
            if (text !== null)
              text.textContent = fill(comparison.exporting, this.words.bytes(bytes), this.words.bytes(totalBytes));
          },
        },
      );
      if (result !== null) this.words.announce(fill(comparison.exported, this.words.count(result.written)));
    } catch (e) {
      if (!isCancelled(e)) this.events.failed(e);
    } finally {
      if (this.exporting === exporting) {
        this.exporting = undefined;
        this.showExport();
      }
    }
  }

  private async showDetail(row: number | null): Promise<void> {
    const query = this.query();
    this.shown?.abort();
    const shown = new AbortController();
    this.shown = shown;
    this.showState();
    this.current = null;
    if (row === null || query === null) {
      this.detail.replaceChildren();
      return;
    }
    this.events.changed(this.kinds, row);
    try {
      const detail = await this.host.request('differenceDetail', { ...query, row }, { signal: shown.signal });
      if (shown.signal.aborted) return;
      this.current = detail;
      const hadFocus = this.detail.contains(document.activeElement);
      this.detail.replaceChildren(this.view(detail, query, row));
      this.detail.scrollTop = 0;
      if (hadFocus) this.detail.querySelector<HTMLElement>('h3')?.focus();
    } catch (e) {
      if (shown.signal.aborted || isCancelled(e)) return;
      // What stands there is of another row.
      this.detail.replaceChildren();
      this.events.failed(e);
    }
  }

  private view(detail: DifferenceDetail, query: DifferenceQuery, row: number): HTMLElement {
    return differenceView(this.words, detail, {
      copy: (json) => this.words.copy(json),
      showSide: (side) => {
        const backend = detail.backends[side];
        if (backend === null) return;
        const { operator, state } = query.target;
        const { key, namespace, mapKey } = detail.row;
        const wanted = { operator, state, backend, key, namespace, mapKey };
        this.host.request('openSide', { side, wanted }).catch(this.events.failed);
      },
      putBack: () => {
        this.host.request('putBack', { ...query, row }).catch(this.events.failed);
      },
    });
  }

  /** The key of the state that is shown. */
  get key(): string | null {
    const target = this.target();
    return target === null ? null : keyOf(target);
  }
}
