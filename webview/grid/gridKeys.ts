import type { Bounds, CellPlace } from './selection';

/** What a key does to the cell that has the focus. */
export type KeyMove =
  | { is: 'move'; to: CellPlace; extend: boolean }
  /** Up from the first row. */
  | { is: 'head' }
  | { is: 'row' | 'all' | 'copy' | 'open' | 'collapse' };

export interface PressedKey {
  key: string;
  /** Control, or Command. */
  command: boolean;
  shift: boolean;
}

/** Pure: where a key leads from `at`, in a grid of so many rows and columns with `screen` rows on the screen; null for nowhere. */
export function keyMove(
  { key, command, shift }: PressedKey,
  at: CellPlace,
  bounds: Bounds,
  screen: number,
): KeyMove | null {
  const { row, column } = at;
  const lastRow = bounds.rows - 1;
  const lastColumn = bounds.columns - 1;
  const to = (toRow: number, toColumn: number): KeyMove => ({
    is: 'move',
    to: {
      row: Math.max(0, Math.min(toRow, lastRow)),
      column: Math.max(0, Math.min(toColumn, lastColumn)),
    },
    extend: shift,
  });
  switch (key) {
    case 'ArrowDown':
      return to(command ? lastRow : row + 1, column);
    case 'ArrowUp':
      if (row === 0 && !shift && !command) return { is: 'head' };
      return to(command ? 0 : row - 1, column);
    case 'ArrowRight':
      return to(row, command ? lastColumn : column + 1);
    case 'ArrowLeft':
      return to(row, command ? 0 : column - 1);
    case 'PageDown':
      return to(row + screen, column);
    case 'PageUp':
      return to(row - screen, column);
    case 'Home':
      return to(command ? 0 : row, 0);
    case 'End':
      return to(command ? lastRow : row, lastColumn);
    case 'Enter':
      return command || shift ? null : { is: 'open' };
    case ' ':
      return shift ? { is: 'row' } : null;
    case 'Escape':
      return { is: 'collapse' };
    default:
      if (!command || shift) return null;
      if (key.toLowerCase() === 'a') return { is: 'all' };
      return key.toLowerCase() === 'c' ? { is: 'copy' } : null;
  }
}
