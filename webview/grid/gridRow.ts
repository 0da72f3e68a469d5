import { h, setAttributes } from '../dom';
import { cellContent, isPlain } from './cell';
import type { GridColumn, GridRow, GridWords } from './gridModel';

/** Texts longer than these may not fit their cell: the tip shows them whole. */
const TIP_FROM = 12;

/** One of the few row elements of a grid. It shows one row, and another one when that has left the screen. */
export class GridRowElement {
  readonly element = h('div', { role: 'row', class: 'grid-row' });
  private readonly number = h('div', { role: 'rowheader', class: 'grid-cell number ordinal', 'aria-colindex': 1 });
  private cells: HTMLElement[] = [];
  private columns: readonly GridColumn[] = [];
  private drawn: GridRow | null | undefined;
  /** As the cells are marked. */
  private marks: number[] = [];
  private y = Number.NaN;
  row = -1;

  constructor(private readonly words: GridWords) {
    this.element.append(this.number);
  }

  /** Draws a row; `exact`: its number is more than an estimate. Columns are the same array as long as they are the same. */
  draw(row: number, data: GridRow | null, columns: readonly GridColumn[], exact: boolean): void {
    if (columns !== this.columns) this.layOut(columns);
    if (row !== this.row) this.element.setAttribute('aria-rowindex', String(row + 2));
    const number = `${exact ? '' : '~'}${this.words.count(row + 1)}`;
    if (this.number.textContent !== number) this.number.textContent = number;
    this.row = row;
    if (data === this.drawn) return;
    this.drawn = data;
    const current = this.element.classList.contains('current') ? ' current' : '';
    this.element.className = `grid-row${current}${data === null ? ' waiting' : ''}`;
    columns.forEach((column, i) => {
      const element = this.cells[i];
      if (element !== undefined) this.drawCell(element, column, data);
    });
  }

  /** The next `draw` draws everything anew. */
  forget(): void {
    this.drawn = undefined;
  }

  cell(column: number): HTMLElement | undefined {
    return column === 0 ? this.number : this.cells[column - 1];
  }

  /** Of the cell that an element belongs to; null for none of this row. */
  columnOf(target: Node): number | null {
    if (this.number.contains(target)) return 0;
    const index = this.cells.findIndex((cell) => cell.contains(target));
    return index < 0 ? null : index + 1;
  }

  /** What is selected, cell by cell, and which cell is the one that Tab comes to. Most are as they were, and are left alone. */
  mark(isSelected: (column: number) => boolean, isFocusRow: boolean, focusColumn: number): void {
    if (isFocusRow !== this.element.classList.contains('current')) this.element.classList.toggle('current', isFocusRow);
    for (let column = 0; column <= this.cells.length; column++) {
      const selected = isSelected(column);
      const isTabStop = isFocusRow && column === focusColumn;
      const mark = (selected ? 1 : 0) + (isTabStop ? 2 : 0);
      const cell = this.cell(column);
      if (cell === undefined || this.marks[column] === mark) continue;
      this.marks[column] = mark;
      cell.classList.toggle('selected', selected);
      setAttributes(cell, { 'aria-selected': String(selected), tabindex: isTabStop ? 0 : -1 });
    }
  }

  /** Px below the row that all are placed by. */
  place(y: number): void {
    if (y === this.y) return;
    this.y = y;
    this.element.style.transform = `translateY(${y}px)`;
  }

  private layOut(columns: readonly GridColumn[]): void {
    this.columns = columns;
    this.drawn = undefined;
    this.marks = [];
    // Cells are kept, and with them the focus that one of them may have.
    while (this.cells.length > columns.length) this.cells.pop()?.remove();
    while (this.cells.length < columns.length) {
      const cell = h('div', { role: 'gridcell', tabindex: -1 });
      this.cells.push(cell);
      this.element.append(cell);
    }
    columns.forEach(({ position }, i) => {
      this.cells[i]?.setAttribute('aria-colindex', String(position + 2));
    });
  }

  private drawCell(element: HTMLElement, column: GridColumn, data: GridRow | null): void {
    const cell = data?.cells[column.index];
    const selected = element.classList.contains('selected') ? ' selected' : '';
    if (cell === undefined) {
      element.className = `grid-cell waiting${column.numeric ? ' number' : ''}${selected}`;
      element.textContent = '';
      element.removeAttribute('title');
      return;
    }
    element.className = `grid-cell mono look-${cell.look}${column.numeric ? ' number' : ''}${selected}`;
    if (isPlain(cell)) element.textContent = cell.text;
    else element.replaceChildren(...cellContent(cell, this.words.strings));
    const long = cell.text.length > TIP_FROM ? cell.text : null;
    const tip = cell.hint !== null && long !== null ? `${long}\n${cell.hint}` : (cell.hint ?? long);
    if (tip === null) element.removeAttribute('title');
    else element.title = tip;
  }
}
