import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  freshLayout,
  moved,
  movedAmongVisible,
  ordered,
  restoreLayout,
  visible,
  withHidden,
  withWidth,
} from '../../../webview/grid/columnLayout';
import { keyMove } from '../../../webview/grid/gridKeys';
import { Selection } from '../../../webview/grid/selection';

describe('the layout of columns', () => {
  const ids = ['a', 'b', 'c', 'd'];

  it('is that of the table until a person changes it', () => {
    expect(ordered(ids, freshLayout())).toEqual(ids);
    expect(visible(ids, freshLayout())).toEqual(ids);
  });

  it('keeps a moved column where it is when others come beside it', () => {
    const layout = moved(ids, freshLayout(), 'd', -2);
    expect(ordered(ids, layout)).toEqual(['a', 'd', 'b', 'c']);
    // Fields that are opened stand where their column stood in the table.
    expect(ordered(['a', 'b.0', 'b.1', 'c', 'd'], layout)).toEqual(['a', 'b.0', 'b.1', 'd', 'c']);
    expect(moved(ids, layout, 'a', -1)).toBe(layout);
    expect(moved(ids, layout, 'nothing', 1)).toBe(layout);
  });

  it('moves past hidden columns', () => {
    const layout = withHidden(freshLayout(), 'b', true);
    expect(visible(ids, movedAmongVisible(ids, layout, 'a', 1))).toEqual(['c', 'a', 'd']);
    expect(movedAmongVisible(ids, layout, 'd', 1)).toBe(layout);
  });

  it('never hides the last column', () => {
    const layout = ids.reduce((all, id) => withHidden(all, id, true), freshLayout());
    expect(visible(ids, layout)).toEqual(['a']);
    expect(visible([], layout)).toEqual([]);
  });

  it('has every column once, whatever was kept', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.array(fc.string()), (columns, order) => {
        const layout = restoreLayout({ order: [...order, ...columns.slice(1)], hidden: [], widths: {} });
        expect([...ordered(columns, layout)].sort()).toEqual([...columns].sort());
      }),
    );
  });

  it('is restored as far as it is one', () => {
    expect(restoreLayout(null)).toEqual(freshLayout());
    expect(
      restoreLayout({ widths: { a: 100.4, b: 'wide', c: Number.NaN, d: 1e9 }, order: ['b', 7, 'b'], hidden: 'all' }),
    ).toEqual({ widths: { a: 100, d: 2000 }, order: ['b'], hidden: [] });
    expect(withWidth(freshLayout(), 'a', 3).widths).toEqual({ a: 40 });
  });
});

describe('what is selected', () => {
  const bounds = { rows: 100, columns: 5 };

  it('is a cell, a rectangle, a row, or several of them', () => {
    const selection = new Selection();
    selection.set({ row: 3, column: 2 });
    expect(selection.isMany).toBe(false);
    selection.extend({ row: 1, column: 4 });
    expect(selection.isMany).toBe(true);
    expect(selection.ranges(bounds)).toEqual([{ from: { row: 1, column: 2 }, to: { row: 3, column: 4 } }]);
    expect(selection.has({ row: 2, column: 3 })).toBe(true);
    expect(selection.has({ row: 2, column: 1 })).toBe(false);
    expect(selection.focus).toEqual({ row: 1, column: 4 });
    selection.toggle({ row: 50, column: 0 }, true);
    expect(selection.hasRow(50)).toBe(true);
    expect(selection.has({ row: 50, column: 3 })).toBe(true);
    expect(selection.ranges(bounds)[1]).toEqual({ from: { row: 50, column: 0 }, to: { row: 50, column: 4 } });
    selection.toggle({ row: 50, column: 0 }, true);
    expect(selection.hasRow(50)).toBe(false);
    selection.all(bounds);
    expect(selection.ranges(bounds)).toEqual([{ from: { row: 0, column: 0 }, to: { row: 99, column: 4 } }]);
    selection.collapse();
    expect(selection.isMany).toBe(false);
  });

  it('goes with its rows when they get other numbers, and ends where they end', () => {
    const selection = new Selection();
    selection.set({ row: 30, column: 2 });
    selection.extend({ row: 40, column: 2 });
    selection.shift(-10);
    expect(selection.ranges(bounds)).toEqual([{ from: { row: 20, column: 2 }, to: { row: 30, column: 2 } }]);
    selection.clamp({ rows: 25, columns: 2 });
    expect(selection.ranges(bounds)).toEqual([{ from: { row: 20, column: 1 }, to: { row: 24, column: 1 } }]);
    expect(selection.focus).toEqual({ row: 24, column: 1 });
  });
});

describe('keys in a grid', () => {
  const bounds = { rows: 2 ** 31, columns: 5 };
  const press = (key: string, at = { row: 10, column: 2 }, command = false, shift = false) =>
    keyMove({ key, command, shift }, at, bounds, 20);

  it('move the cell that has the focus', () => {
    const to = (row: number, column: number, extend = false) => ({ is: 'move', to: { row, column }, extend });
    expect(press('ArrowDown')).toEqual(to(11, 2));
    expect(press('ArrowUp')).toEqual(to(9, 2));
    expect(press('PageDown')).toEqual(to(30, 2));
    expect(press('PageUp')).toEqual(to(0, 2));
    expect(press('Home')).toEqual(to(10, 0));
    expect(press('End')).toEqual(to(10, 4));
    expect(press('Home', { row: 10, column: 2 }, true)).toEqual(to(0, 0));
    expect(press('End', { row: 10, column: 2 }, true)).toEqual(to(2 ** 31 - 1, 4));
    expect(press('ArrowDown', { row: 10, column: 2 }, true)).toEqual(to(2 ** 31 - 1, 2));
    expect(press('ArrowRight', { row: 10, column: 4 })).toEqual(to(10, 4));
    expect(press('ArrowDown', { row: 2 ** 31 - 1, column: 0 }, false, true)).toEqual(to(2 ** 31 - 1, 0, true));
  });

  it('lead to the heads, the details, the clipboard; and leave the rest to others', () => {
    expect(press('ArrowUp', { row: 0, column: 1 })).toEqual({ is: 'head' });
    expect(press('Enter')).toEqual({ is: 'open' });
    expect(press(' ', { row: 1, column: 1 }, false, true)).toEqual({ is: 'row' });
    expect(press('a', { row: 1, column: 1 }, true)).toEqual({ is: 'all' });
    expect(press('C', { row: 1, column: 1 }, true)).toEqual({ is: 'copy' });
    expect(press('Escape')).toEqual({ is: 'collapse' });
    for (const key of ['a', 'x', 'Tab', 'F5']) expect(press(key)).toBeNull();
    expect(press('c', { row: 1, column: 1 }, true, true)).toBeNull();
  });
});
