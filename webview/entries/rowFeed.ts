import type { Problem } from '../../src/engine/description';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import type { EntryColumn } from '../../src/view/shownEntries';
import {
  MOST_ROWS,
  type RowPlace,
  type RowQuery,
  type RowScan,
  type RowsWanted,
  type RowWindow,
  type ShownRow,
} from '../../src/view/shownRows';
import type { GridRow, GridSource } from '../grid/gridModel';

/** Rows that are asked for beyond what is seen, so that they are there when they come into sight. */
const AHEAD = 200;
/** Rows of one question. */
const STEP = 400;
/** Rows that are kept: the nearest to what is seen. */
const MOST_KEPT = 4000;
/** An answer that nobody waits for any more is given up when it has not come after so long. */
const PATIENCE_MS = 400;

export type AskRows = (wanted: RowsWanted, signal: AbortSignal) => Promise<RowWindow>;

interface FeedEvents {
  /** Rows came, or are known to be more or fewer. */
  changed(window: RowWindow | null): void;
  /** The rows that are there have other numbers than was thought, higher by so many. */
  renumbered(by: number): void;
  /** The rows of another query are there, from the first on. */
  restarted(): void;
  failed(problem: Problem): void;
}

/** Rows that follow one another. Their number is that of the first. */
interface Stretch {
  first: number;
  exact: boolean;
  rows: ShownRow[];
  isStart: boolean;
  isEnd: boolean;
}

type Question =
  | { from: 'row'; row: number }
  | { from: 'place'; place: RowPlace; keep: boolean }
  | { from: 'above' | 'below' };

/**
 * The rows of a query around those that are seen. What is near follows from the places of the rows that are there, and only a
 * jump goes by number: so rows stay where they are while numbers are estimates that get better.
 */
export class RowFeed implements GridSource {
  private stretch: Stretch | null = null;
  private scan: RowScan | null = null;
  private asking: { question: Question; abort: AbortController; since: number } | null = null;
  private view = { first: 0, end: 40 };
  private failedOnce = false;
  /** What the rows that are seen belong to, while those of another query are on their way. */
  private before: { query: RowQuery; scan: RowScan | null } | null = null;
  /** Nobody wants rows: not yet, or not any more. */
  private ended = true;
  columns: readonly EntryColumn[] = [];

  constructor(
    private readonly ask: AskRows,
    private query: RowQuery,
    private readonly zone: () => string,
    private readonly events: FeedEvents,
  ) {}

  get rows(): number {
    const known = this.scan?.rows ?? 0;
    const { stretch } = this;
    if (stretch === null) return known;
    const end = stretch.first + stretch.rows.length;
    return stretch.isEnd && this.isWhole ? end : Math.max(known, end);
  }

  /** Nothing will come behind the last row that is there. */
  private get isWhole(): boolean {
    return this.scan?.ended !== false || (this.query.filter === null && this.query.sort === null);
  }

  get exact(): boolean {
    return this.scan?.exact === true && this.stretch?.exact !== false;
  }

  at(row: number): GridRow | null {
    return this.shown(row);
  }

  /** How far the scan has come, as far as is known; null before the first rows. */
  get lastScan(): RowScan | null {
    return this.scan;
  }

  /** The row with its place; null while it is not there. */
  shown(row: number): ShownRow | null {
    const { stretch } = this;
    return stretch === null ? null : (stretch.rows[row - stretch.first] ?? null);
  }

  /** The number of a row that is there. */
  numberOf(place: RowPlace): number | null {
    const index = this.stretch?.rows.findIndex((row) => isSame(row.place, place)) ?? -1;
    return index < 0 || this.stretch === null ? null : this.stretch.first + index;
  }

  /** Other rows from now on. Those that are there are seen until the first of the others come. */
  change(query: RowQuery, at: RowPlace | null): void {
    this.before ??= { query: this.query, scan: this.scan };
    this.query = query;
    this.stop();
    this.ended = false;
    this.failedOnce = false;
    void this.put(at === null ? { from: 'row', row: 0 } : { from: 'place', place: at, keep: false });
  }

  /** The last change cannot be: the rows that are seen are those of the query before, which is wanted again. */
  revert(): RowQuery {
    if (this.before !== null) {
      this.query = this.before.query;
      this.scan = this.before.scan;
      this.before = null;
    }
    this.failedOnce = false;
    return this.query;
  }

  /** Shows rows around a place that is not there; tells its number. */
  async find(place: RowPlace): Promise<number | null> {
    const known = this.numberOf(place);
    if (known !== null) return known;
    this.stop();
    this.ended = false;
    await this.put({ from: 'place', place, keep: false });
    return this.numberOf(place);
  }

  /** How far the scan has come. */
  progress(scan: RowScan): void {
    // The first rows bring how far it is with them.
    if (this.before !== null) return;
    const wasExact = this.scan?.exact === true;
    const before = this.rows;
    this.scan = scan;
    // What is behind the last row may be there now; and numbers that were estimated can be had exactly.
    if (this.stretch?.isEnd === true && scan.rows > this.stretch.first + this.stretch.rows.length)
      this.stretch.isEnd = false;
    const top = this.shown(this.view.first) ?? this.stretch?.rows[0];
    if (scan.exact && !wasExact && this.stretch?.exact === false && top !== undefined) {
      void this.put({ from: 'place', place: top.place, keep: true });
    }
    if (scan.rows !== before || scan.exact !== wasExact) this.events.changed(null);
    this.next();
  }

  wanted(first: number, end: number): void {
    this.view = { first, end };
    this.next();
  }

  stop(): void {
    this.ended = true;
    const { asking } = this;
    this.asking = null;
    asking?.abort.abort();
  }

  /** Asks for what is seen and not there. One question at a time: the next one knows where a person has come to meanwhile. */
  private next(): void {
    if (this.failedOnce || this.ended || this.before !== null) return;
    const question = this.missing();
    if (question === null) return;
    if (this.asking === null) void this.put(question);
    else if (question.from === 'row' && performance.now() - this.asking.since > PATIENCE_MS) {
      this.asking.abort.abort();
      void this.put(question);
    }
  }

  private missing(): Question | null {
    const { stretch, view, rows } = this;
    if (stretch === null) return this.scan === null ? { from: 'row', row: view.first } : null;
    const { first, isStart, isEnd } = stretch;
    const end = first + stretch.rows.length;
    const seenEnd = Math.min(view.end, rows);
    if (stretch.rows.length === 0) return rows > 0 && !(isStart && isEnd) ? { from: 'row', row: view.first } : null;
    // A short way from what is there is gone row by row, a far one is a jump.
    if (view.first > end + STEP || seenEnd < first - STEP) return { from: 'row', row: view.first };
    if (!isEnd && seenEnd + AHEAD > end) return { from: 'below' };
    if (!isStart && view.first - AHEAD < first) return { from: 'above' };
    return null;
  }

  private async put(question: Question): Promise<void> {
    const abort = new AbortController();
    const asking = { question, abort, since: performance.now() };
    this.asking?.abort.abort();
    this.asking = asking;
    try {
      const window = await this.ask({ ...this.query, zone: this.zone(), ...this.around(question) }, abort.signal);
      if (this.asking !== asking) return;
      this.asking = null;
      this.take(question, window);
    } catch (e) {
      if (this.asking !== asking) return;
      this.asking = null;
      if (isCancelled(e)) return;
      this.failedOnce = true;
      this.events.failed(toProblem(e));
    }
  }

  private around(question: Question): Pick<RowsWanted, 'at' | 'before' | 'count'> {
    const rows = this.stretch?.rows ?? [];
    const screen = this.view.end - this.view.first;
    switch (question.from) {
      case 'row':
        return {
          at: { row: question.row },
          before: Math.min(question.row, AHEAD),
          count: Math.min(MOST_ROWS - AHEAD, screen + AHEAD),
        };
      case 'place':
        return question.keep
          ? { at: { place: question.place }, before: 0, count: 1 }
          : { at: { place: question.place }, before: AHEAD, count: screen + AHEAD };
      case 'below':
        return { at: { place: placeOf(rows.at(-1)) }, before: 0, count: STEP + 1 };
      case 'above':
        return { at: { place: placeOf(rows[0]) }, before: STEP, count: 1 };
      default:
        return question satisfies never;
    }
  }

  private take(question: Question, window: RowWindow): void {
    // Columns that are the same stay the same array, so that nobody draws them anew.
    const isOther = this.before !== null;
    if (window.columns.length > 0 && JSON.stringify(window.columns) !== JSON.stringify(this.columns)) {
      this.columns = window.columns;
    }
    // An answer may have been overtaken by what the scan tells.
    if (isOther || this.scan === null || window.scan.read >= this.scan.read) this.scan = window.scan;
    this.before = null;
    if (isOther && question.from === 'row') this.restart();
    const { stretch } = this;
    if (stretch === null || question.from === 'row' || (question.from === 'place' && !question.keep)) {
      this.replace(question, window);
    } else {
      this.join(question, stretch, window);
    }
    this.events.changed(window);
    this.next();
  }

  /** The rows of another query, from the first on. */
  private restart(): void {
    this.stretch = null;
    this.view = { first: 0, end: this.view.end - this.view.first };
    this.events.restarted();
  }

  private replace(question: Question, { rows, first, exact, isStart, isEnd, at }: RowWindow): void {
    this.stretch = { first, exact, rows, isStart, isEnd };
    if (question.from !== 'row') {
      // Who asked for a place sees it where it is.
      this.events.renumbered(first + at - this.view.first);
      this.view = { first: first + at, end: first + at + (this.view.end - this.view.first) };
      return;
    }
    const asked = question.row;
    const isThere = asked >= first && asked < first + rows.length;
    if (!isThere && rows.length > 0 && asked < this.rows) this.shift(first + Math.min(at, rows.length - 1) - asked);
  }

  private join(question: Question, stretch: Stretch, window: RowWindow): void {
    const { rows } = stretch;
    const known = question.from === 'below' ? rows.length - 1 : question.from === 'above' ? 0 : this.indexOf(question);
    if (known < 0) return;
    const by = window.first + window.at - (stretch.first + known);
    stretch.first += by;
    stretch.exact = window.exact;
    if (question.from === 'below') {
      stretch.rows = [...rows, ...window.rows.slice(window.at + 1)];
      stretch.isEnd = window.isEnd;
    } else if (question.from === 'above') {
      stretch.rows = [...window.rows.slice(0, window.at), ...rows];
      stretch.first -= window.at;
      stretch.isStart = window.isStart;
    }
    if (by !== 0) this.shift(by);
    this.forget(stretch);
  }

  private indexOf(question: Question): number {
    if (question.from !== 'place') return -1;
    return this.stretch?.rows.findIndex(({ place }) => isSame(place, question.place)) ?? -1;
  }

  private shift(by: number): void {
    this.view = { first: this.view.first + by, end: this.view.end + by };
    this.events.renumbered(by);
  }

  /** Drops the rows that are farthest from what is seen. */
  private forget(stretch: Stretch): void {
    const more = stretch.rows.length - MOST_KEPT;
    if (more <= 0) return;
    const above = this.view.first - stretch.first;
    const below = stretch.first + stretch.rows.length - this.view.end;
    if (above > below) {
      stretch.rows = stretch.rows.slice(more);
      stretch.first += more;
      stretch.isStart = false;
    } else {
      stretch.rows = stretch.rows.slice(0, -more);
      stretch.isEnd = false;
    }
  }
}

const isSame = (a: RowPlace, b: RowPlace): boolean => a.block === b.block && a.index === b.index;

function placeOf(row: ShownRow | undefined): RowPlace {
  if (row === undefined) throw new RangeError('No row is there whose neighbours could be asked for.');
  return row.place;
}
