import { throwIfAborted } from '../../engine/bytes/engineError';
import { type KeptEntry, keepEntry } from '../../engine/rows/keptEntry';
import type { BlockRow } from '../../engine/rows/rowMap';
import type { FoundRow, SearchScan } from '../../view/shownRows';
import { BlockScan } from './blockScan';
import type { Columns } from './columns';
import { FoundRows, type StateRows } from './foundRows';
import { type KeyWanted, Matcher, type Wanted } from './matcher';
import type { RowList } from './rowList';
import { SortedRows } from './sortedRows';
import type { TextMatch } from './textMatch';

/** What is searched: the rows of a query. */
export interface Searched {
  readonly state: StateRows;
  readonly key: KeyWanted | null;
  readonly isWanted: Wanted;
}

type Tell = (scan: SearchScan) => void;

/**
 * Full-text search among the rows of a query. The next match is looked for from where a person is; how many there are is
 * counted apart, from the beginning.
 */
export class RowSearch {
  private readonly matches: FoundRows;
  private readonly isMatch: Wanted;

  constructor(
    private readonly searched: Searched,
    private readonly text: TextMatch,
  ) {
    const { state, key, isWanted } = searched;
    this.isMatch = (entry, subtask) => isWanted(entry, subtask) && text.matches(entry);
    this.matches = new FoundRows(state, this.isMatch, key);
  }

  async count(signal: AbortSignal, tell: Tell): Promise<SearchScan> {
    await this.matches.run(signal, () => tell(this.scan()));
    return this.scan();
  }

  /** The match behind (or before) a place; over the end to the beginning where there is none. Null where there is none at all. */
  async next(
    list: RowList,
    from: BlockRow | null,
    backwards: boolean,
    columns: Columns,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<FoundRow | null> {
    const found =
      list instanceof SortedRows
        ? this.nextSorted(list, from, backwards)
        : ((await this.nextFrom(from, backwards, signal, tell)) ??
          (from === null ? null : await this.nextFrom(null, backwards, signal, tell)));
    if (found === null) return null;
    const { at } = found;
    // A row that a filter shows has a number once the filter has come to it.
    const reached = new AbortController();
    const isReached = (): boolean => list.numberOf(at).exact;
    if (list instanceof FoundRows && !isReached()) {
      await list.run(AbortSignal.any([signal, reached.signal]), () => {
        if (isReached()) reached.abort();
      });
    }
    const { row, exact } = list.numberOf(at);
    const match = this.matches.numberOf(at);
    return {
      place: at,
      row,
      exact,
      column: this.text.columnOf(found, columns),
      match: match.exact && !(list instanceof SortedRows) ? match.row : null,
      wrapped: from !== null && !(list instanceof SortedRows) && !(backwards ? isBefore(at, from) : isBefore(from, at)),
    };
  }

  close(): Promise<void> {
    return this.matches.close();
  }

  private scan(): SearchScan {
    const { rows, read, done, ended } = this.matches.scan();
    return { matches: rows, read, done, ended };
  }

  private nextSorted(list: SortedRows, from: BlockRow | null, backwards: boolean): KeptEntry | null {
    const entries = list.entries();
    const { length } = entries;
    const start = from === null ? (backwards ? length : -1) : list.numberOf(from).row;
    for (let i = 1; i <= length; i++) {
      const entry = entries[(((backwards ? start - i : start + i) % length) + length) % length];
      if (entry !== undefined && this.text.matches(entry.raw)) return entry;
    }
    return null;
  }

  /** The nearest match behind (or before) a place; null if there is none up to the end. */
  private async nextFrom(
    from: BlockRow | null,
    backwards: boolean,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<KeptEntry | null> {
    const known = this.knownNext(from, backwards);
    if (known !== undefined) return known === null ? null : this.matches.entry(known, signal);
    const { reader } = this.searched.state;
    const all = this.searched.key?.blocks ?? reader.blocks.map((_, block) => block);
    if (!backwards) {
      const blocks = from === null ? all : all.filter((block) => block >= from.block);
      return this.scanFor(blocks, (at) => from === null || isBefore(from, at), true, signal, tell);
    }
    const blocks = all.filter((block) => from === null || block <= from.block).reverse();
    for (const block of blocks) {
      const last = await this.scanFor([block], (at) => from === null || isBefore(at, from), false, signal, tell);
      if (last !== null) return last;
    }
    return null;
  }

  /** What the count has found already: a match's number, null for none, undefined where it has not come so far. */
  private knownNext(from: BlockRow | null, backwards: boolean): number | null | undefined {
    const { matches } = this;
    const { ended } = matches.scan();
    if (backwards) {
      if (from === null) return ended ? lastOf(matches.length) : undefined;
      const { row, exact } = matches.numberOf(from);
      return exact ? lastOf(row) : undefined;
    }
    let next = from === null ? 0 : matches.numberOf(from).row;
    if (from !== null && next < matches.length && !isBefore(from, matches.place(next))) next++;
    if (next >= matches.length) return ended ? null : undefined;
    return from === null || matches.numberOf(from).exact ? next : undefined;
  }

  /** The first (or the last) match among blocks whose place is wanted. */
  private async scanFor(
    blocks: readonly number[],
    isPlace: (at: BlockRow) => boolean,
    first: boolean,
    signal: AbortSignal,
    tell: Tell,
  ): Promise<KeptEntry | null> {
    const { state, key } = this.searched;
    const { reader, map, turns } = state;
    const matcher = new Matcher(key, this.isMatch);
    const found: KeptEntry[] = [];
    const scan = new BlockScan(reader, map, turns, {
      blocks,
      ...(key !== null && { key: key.bytes }),
      take: (batch, start) =>
        matcher.each(batch, start, (entry, at) => {
          if (!isPlace(at) || (first && found.length > 0)) return;
          found[0] = keepEntry(entry, batch, at);
        }),
      isEnough: () => first && found.length > 0,
    });
    try {
      await scan.run(signal, () => tell({ ...this.scan(), done: scan.done }));
    } finally {
      await scan.close();
    }
    throwIfAborted(signal);
    return found[0] ?? null;
  }
}

const lastOf = (count: number): number | null => (count === 0 ? null : count - 1);

const isBefore = (a: BlockRow, b: BlockRow): boolean => a.block < b.block || (a.block === b.block && a.index < b.index);
