import { fill } from '../../src/view/format';
import type { CopyFormat, RowScan } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h } from '../dom';
import { Popup } from '../ui/popup';
import { button } from '../ui/toolkit';

interface Position {
  row: number | null;
  rows: number;
  exact: boolean;
  /** Rows and columns that are selected; null for one cell. */
  selected: { rows: number; columns: number } | null;
}

/** The foot of a state's page: where one is, how many rows there are and how sure that is, what was read; copying and going to a row. */
export class StatusBar {
  readonly element: HTMLElement;
  private readonly position = h('span', { class: 'entries-status' });
  private readonly work = h('span', { class: 'entries-work quiet' });
  private readonly selection = h('span', { class: 'entries-selection', hidden: true });
  private readonly selected = h('span');
  private readonly zone = h('span', { class: 'quiet' });
  private readonly goTo: Popup;
  private readonly goToButton: HTMLElement;

  constructor(
    private readonly context: PageContext,
    private readonly events: {
      goTo(row: number): void;
      copy(format: CopyFormat): void;
      rows(): number;
    },
  ) {
    const { strings } = context;
    const copyAs = (label: string, format: CopyFormat): HTMLElement => {
      const link = h('button', { type: 'button', class: 'link' }, label);
      link.addEventListener('click', () => events.copy(format));
      return link;
    };
    this.selection.append(
      this.selected,
      ` · ${strings.copyAs} `,
      copyAs(strings.formatText, 'text'),
      ' ',
      copyAs('JSON', 'json'),
      ' ',
      copyAs('CSV', 'csv'),
    );
    this.goToButton = h('button', { type: 'button', class: 'link' }, strings.goToRow);
    this.goToButton.addEventListener('click', () => this.goTo.toggle());
    this.goTo = new Popup(this.goToButton, strings.goToRow, { fill: () => this.fillGoTo() }, 'go-to');
    this.element = h(
      'footer',
      { class: 'footer entries-footer' },
      this.position,
      this.work,
      this.selection,
      h('span', { class: 'grow' }),
      this.zone,
      this.goToButton,
    );
  }

  openGoTo(): void {
    this.goTo.open();
  }

  stop(): void {
    this.goTo.close(false);
  }

  /** Said until there is news. */
  say(text: string): void {
    this.position.textContent = text;
  }

  show({ row, rows, exact, selected }: Position): void {
    const { strings, count } = this.context;
    const total = exact ? count(rows) : fill(strings.about, count(rows));
    this.position.textContent =
      row === null || rows === 0
        ? fill(rows === 1 ? strings.oneRow : strings.rowsInAll, total)
        : fill(strings.rowOf, exact ? count(row + 1) : fill(strings.about, count(row + 1)), total);
    this.selection.hidden = selected === null;
    if (selected !== null)
      this.selected.textContent = fill(strings.selectedCells, count(selected.rows), count(selected.columns));
    this.goToButton.hidden = rows < 2;
  }

  showWork(scan: RowScan, millis: number | null, isRunning: boolean): void {
    const { strings, count, bytes } = this.context;
    const parts: string[] = [];
    if (isRunning && !scan.exact) parts.push(strings.counting);
    if (scan.capped !== null) parts.push(fill(strings.sortCapped, count(scan.capped)));
    if (scan.keyGroup !== null) parts.push(fill(strings.keyGroupRead, count(scan.keyGroup)));
    if (millis !== null) parts.push(fill(strings.readIn, bytes(scan.bytesRead), count(Math.round(millis))));
    this.work.textContent = parts.join(' · ');
  }

  showZone(zone: string): void {
    this.zone.textContent = fill(this.context.strings.timesIn, zone);
  }

  private fillGoTo(): { content: Node[]; focus: HTMLElement | null } {
    const { strings, count } = this.context;
    const input = h('input', {
      type: 'text',
      inputmode: 'numeric',
      class: 'query-input mono',
      'aria-label': strings.goToRow,
      placeholder: fill(strings.goToRowHint, count(this.events.rows())),
    });
    const go = (): void => {
      const row = Number(input.value.replaceAll(/\D/gu, ''));
      if (row < 1) return;
      this.goTo.close(false);
      this.events.goTo(Math.min(row, this.events.rows()) - 1);
    };
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      go();
    });
    return { content: [h('div', { class: 'query-line' }, input, button(strings.go, 'primary', go))], focus: input };
  }
}
