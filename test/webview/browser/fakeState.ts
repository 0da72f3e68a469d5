import type { EntryCell, EntryColumn } from '../../../src/view/shownEntries';
import type { RowPlace, ShownRow } from '../../../src/view/shownRows';
import { cell, column, columns, row } from './shopEntries';

/**
 * A state as the engine's thread has it: blocks of rows, of which it knows at first only about how many each has. A row is made
 * when it is asked for, so that there may be thousands of millions.
 */
export interface FakeState {
  /** How many rows each block really has. */
  blockRows(block: number): number;
  readonly blocks: number;
  /** What is thought of a block before it was counted. */
  readonly guess: number;
  columns(expand: readonly string[]): EntryColumn[];
  cells(row: number, expand: readonly string[]): EntryCell[];
}

const users = (blocks: number, blockRows: (block: number) => number, guess: number): FakeState => ({
  blocks,
  blockRows,
  guess,
  columns: (expand) =>
    columns.flatMap((one) =>
      one.id === 'value.4' && expand.includes('value.4')
        ? ['city', 'zip'].map((name, i) =>
            column(`value.4.${i}`, { field: `address.${name}`, type: 'string', parent: 'value.4' }),
          )
        : [one],
    ),
  cells: (index, expand) => {
    const cells = row(index);
    if (!expand.includes('value.4')) return cells;
    const [address] = cells.slice(5);
    const fields =
      address?.look === 'composite'
        ? [cell('text', 'Turin'), cell('text', String(10_000 + index))]
        : [cell('missing', ''), cell('missing', '')];
    return [...cells.slice(0, 5), ...fields, ...cells.slice(6)];
  },
});

const timers: FakeState = {
  blocks: 4,
  blockRows: () => 125,
  guess: 125,
  columns: () => [
    column('key', { part: 'key', type: 'string' }),
    column('namespace.0', { part: 'namespace', field: 'start', type: 'long', numeric: true }),
    column('namespace.1', { part: 'namespace', field: 'end', type: 'long', numeric: true }),
    column('timestamp', { part: 'timestamp', type: 'long', numeric: true }),
    column('keyGroup', { part: 'keyGroup', numeric: true }),
    column('subtask', { part: 'subtask', numeric: true }),
  ],
  cells: (index) => {
    const time = 1_763_700_000_000 + ((index * 7919) % 500) * 60_000;
    const instant = (millis: number): string => new Date(millis).toISOString();
    return [
      cell('text', `user-${index}`),
      cell('number', String(time - 1_800_000), { hint: instant(time - 1_800_000) }),
      cell('number', String(time), { hint: instant(time) }),
      cell('number', String(time - 1), { hint: instant(time - 1) }),
      cell('number', String(Math.floor(index / 8))),
      cell('number', String(index % 4)),
    ];
  },
};

const offsets: FakeState = {
  blocks: 2,
  blockRows: () => 8,
  guess: 8,
  columns: () => [
    column('value', { type: 'byte[]' }),
    column('index', { part: 'index', numeric: true }),
    column('subtask', { part: 'subtask', numeric: true }),
  ],
  cells: (index) => [
    cell('bytes', '[12] 00 01 02 03'),
    cell('number', String(index % 8)),
    cell('number', String(Math.floor(index / 8))),
  ],
};

/** Nothing is in it. */
const empty: FakeState = { ...users(1, () => 0, 0) };

/** Ten million rows and some, in 1280 blocks of different sizes, of which too much is thought at first. */
export const HUGE_BLOCKS = 1280;
const hugeBlock = (block: number): number => 6000 + ((block * 7919) % 3627);
const HUGE_GUESS = 8400;

export function fakeState(scenario: string, name: string): FakeState {
  if (name === 'user-timers') return timers;
  if (name === 'SourceReaderState') return offsets;
  if (name === 'rules') return empty;
  if (scenario === 'huge') return users(HUGE_BLOCKS, hugeBlock, HUGE_GUESS);
  // 2^31 rows: the format says how many there are.
  if (scenario === 'giant') return users(2 ** 11, () => 2 ** 20, 2 ** 20);
  // Where the scan takes its time, nobody knows how many there are before it ends.
  return users(4, (block) => (block === 3 ? 50 : 60), scenario === 'slowEntries' ? 80 : 57.5);
}

/** Rows of a state by number and place, of which the first `counted` blocks are counted. */
export class FakeRowsOf {
  private readonly starts: number[] = [0];
  counted = 0;

  constructor(readonly state: FakeState) {
    for (let i = 0; i < state.blocks; i++) this.starts.push((this.starts[i] ?? 0) + state.blockRows(i));
    if (state.blocks * state.guess === this.real) this.counted = state.blocks;
  }

  /** How many there really are. */
  get real(): number {
    return this.starts.at(-1) ?? 0;
  }

  get exact(): boolean {
    return this.counted >= this.state.blocks;
  }

  /** How many are thought to be there. */
  get rows(): number {
    return this.startOf(this.state.blocks);
  }

  /** Entries that were looked at. */
  get read(): number {
    return this.starts[this.counted] ?? 0;
  }

  /** The number that the first row of a block is thought to have. */
  startOf(block: number): number {
    const known = Math.min(block, this.counted);
    return Math.round((this.starts[known] ?? 0) + (block - known) * this.state.guess);
  }

  placeOf(number: number): RowPlace {
    let low = 0;
    let high = this.state.blocks - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.startOf(middle) <= number) low = middle;
      else high = middle - 1;
    }
    const last = Math.max(0, this.state.blockRows(low) - 1);
    return { block: low, index: Math.min(number - this.startOf(low), last) };
  }

  numberOf({ block, index }: RowPlace): number {
    return this.startOf(block) + index;
  }

  /** The real number, which the row's content is made from. */
  realOf({ block, index }: RowPlace): number {
    return (this.starts[block] ?? 0) + index;
  }

  at(real: number): RowPlace {
    let block = 0;
    let high = this.state.blocks - 1;
    while (block < high) {
      const middle = Math.ceil((block + high) / 2);
      if ((this.starts[middle] ?? 0) <= real) block = middle;
      else high = middle - 1;
    }
    return { block, index: real - (this.starts[block] ?? 0) };
  }

  shown(real: number, expand: readonly string[]): ShownRow {
    return { place: this.at(real), cells: this.state.cells(real, expand) };
  }
}
