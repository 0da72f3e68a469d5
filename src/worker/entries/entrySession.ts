import { EngineError, throwIfAborted } from '../../engine/bytes/engineError';
import { decodeEntry } from '../../engine/decodeEntry';
import type { Problem } from '../../engine/description';
import { entryFilter } from '../../engine/query/filter';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import { toProblem } from '../../rpc/problem';
import { type EntryPage, type EntryProgress, type EntryQuery, type EntryRow, PAGE_ROWS } from '../../view/shownEntries';
import { Columns } from './columns';
import { type KeptEntry, readState, type SourceOptions } from './entrySource';
import { KeyText } from './keyText';
import { Reading } from './reading';
import { TimeZone } from './timeZone';
import { unlessAborted } from './unlessAborted';

export interface SessionLimits {
  /** Bytes of the entries of one page; the last entry may go beyond. */
  readonly pageBytes: number;
  /** Bytes and number of the pages that are kept for going back. */
  readonly keptBytes: number;
  readonly keptPages: number;
  /** Milliseconds between two signs of progress. */
  readonly progressEvery: number;
  /** Milliseconds of work after which others get their turn, and with them a wish to stop. */
  readonly turn: number;
}

export const SESSION_LIMITS: SessionLimits = {
  pageBytes: 16 << 20,
  keptBytes: 64 << 20,
  keptPages: 64,
  progressEvery: 150,
  turn: 25,
};

/** Problems that are told one by one. */
const MAX_PROBLEMS = 20;

interface Kept {
  readonly first: number;
  readonly entries: KeptEntry[];
  readonly cells: EntryRow[];
  bytes: number;
  full: boolean;
}

/**
 * The entries of one query, page by page. It holds the place that reading has come to, so that the next page goes on from
 * there; some pages stay for going back, and one that was dropped is read again from the start.
 *
 * Stopping loses nothing: the page ends where it is, and asking for it again goes on.
 */
export class EntrySession {
  private readonly closing = new AbortController();
  private readonly key: KeyText | null;
  private readonly options: SourceOptions;
  private reading: Reading | null = null;
  private snapshot: Promise<Snapshot> | null = null;
  /** Pages from the first; null where one was dropped. */
  private pages: (Kept | null)[] = [];
  private columns: Columns | null = null;
  private problems: Problem[] = [];
  private problemCount = 0;
  private turn: Promise<unknown> = Promise.resolve();

  /** Fails with `BAD_ARGUMENT` if the filter is no CEL. */
  constructor(
    private readonly store: FileStore,
    private readonly path: string,
    query: EntryQuery,
    private readonly limits: SessionLimits = SESSION_LIMITS,
  ) {
    const { target, filter } = query;
    const key = query.key === null ? null : new KeyText(query.key, target.state);
    this.key = key;
    this.options = {
      target,
      filter: filter === null ? null : entryFilter(filter),
      lookup: key === null ? null : (operator, part) => key.lookup(operator, part),
      failed: (error, where) => this.note(toProblem(error.at({ where }))),
    };
  }

  /** A page, filled as far as it goes; one after the other, whoever asks. */
  page(index: number, signal: AbortSignal, progress: (progress: EntryProgress) => void): Promise<EntryPage> {
    return this.inTurn(async () => {
      const kept = await this.reach(index, signal, progress);
      return this.describe(kept, index);
    });
  }

  /** An entry of a page: at once where it is kept, whatever is being read; else the page is read again. */
  async entry(page: number, row: number, signal: AbortSignal): Promise<{ entry: KeptEntry; columns: Columns } | null> {
    const found =
      this.pages[page]?.entries[row] ?? (await this.inTurn(() => this.reach(page, signal, () => {})))?.entries[row];
    return found === undefined || this.columns === null ? null : { entry: found, columns: this.columns };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.turn.catch(() => undefined);
    await this.restart();
    const snapshot = await this.snapshot?.catch(() => null);
    await snapshot?.close();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** The page at `index`, full if it can be; null if the entries end before it or reading was stopped before it. */
  private async reach(
    index: number,
    signal: AbortSignal,
    progress: (progress: EntryProgress) => void,
  ): Promise<Kept | null> {
    throwIfAborted(signal);
    const known = this.pages[index];
    if (known?.full === true) return known;
    if (known === null) await this.restart();
    try {
      this.reading ??= await this.open(signal);
      for (;;) {
        const last = this.pages.at(-1);
        const kept = last?.full === false ? last : this.begin();
        const at = this.pages.length - 1;
        await this.fill(
          this.reading,
          kept,
          signal,
          new Teller(progress, this.limits.progressEvery, kept, at === index),
        );
        if (at === index) return kept;
        if (!kept.full || this.reading.ended) return null;
        this.forget(at);
      }
    } catch (e) {
      // What failed is of no more use: who tries again begins anew.
      await this.restart();
      throw e;
    }
  }

  private begin(): Kept {
    const kept: Kept = { first: this.rowsSoFar(), entries: [], cells: [], bytes: 0, full: false };
    this.pages.push(kept);
    return kept;
  }

  private async fill(reading: Reading, kept: Kept, signal: AbortSignal, teller: Teller): Promise<void> {
    let since = performance.now();
    while (!kept.full && !reading.ended) {
      const stretch = await reading.stretch(signal);
      if (stretch === 'stopped') return;
      if (stretch === null) break;
      while (reading.at < stretch.length && !kept.full) {
        const entry = stretch.take(reading.at++);
        reading.read++;
        if (entry !== null) this.keep(kept, entry);
        if (performance.now() - since < this.limits.turn) continue;
        teller.tell(reading.read, this.columns);
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
        if (signal.aborted || this.closing.signal.aborted) return;
      }
    }
    // Whether there is more costs one look where every entry is wanted; a filter would have to search for the next match.
    if (kept.full && this.options.filter === null) await reading.stretch(signal);
  }

  private keep(kept: Kept, entry: KeptEntry): void {
    this.columns ??= new Columns(entry.raw.state);
    kept.entries.push(entry);
    kept.cells.push(this.columns.cells(entry, decodeEntry(entry.raw), TimeZone.UTC));
    kept.bytes += entry.size;
    kept.full = kept.entries.length >= PAGE_ROWS || kept.bytes >= this.limits.pageBytes;
  }

  /** Drops the oldest pages beyond what may be kept; the newest stays. */
  private forget(newest: number): void {
    let bytes = 0;
    let count = 0;
    for (let i = newest; i >= 0; i--) {
      const page = this.pages[i];
      if (page === null || page === undefined) continue;
      bytes += page.bytes;
      count++;
      if (i < newest && (bytes > this.limits.keptBytes || count > this.limits.keptPages)) this.pages[i] = null;
    }
  }

  private describe(kept: Kept | null, index: number): EntryPage {
    const last = this.pages.length - 1;
    const isLast = index >= last;
    const ended = isLast && this.reading?.ended === true;
    this.forget(last);
    return {
      page: index,
      first: kept?.first ?? this.rowsSoFar(),
      columns: this.columns?.shown ?? [],
      rows: kept?.cells.slice() ?? [],
      read: this.reading?.read ?? 0,
      ended,
      stopped: isLast && !ended && kept?.full !== true,
      keyGroup: this.key?.keyGroup ?? null,
      problems: this.problems.slice(),
      moreProblems: this.problemCount - this.problems.length,
    };
  }

  private rowsSoFar(): number {
    const last = this.pages.at(-1);
    return last === undefined || last === null ? 0 : last.first + last.entries.length;
  }

  private async open(signal: AbortSignal): Promise<Reading> {
    this.snapshot ??= openSnapshot(this.path, this.store, { signal: this.closing.signal });
    const opening = this.snapshot;
    opening.catch(() => {
      if (this.snapshot === opening) this.snapshot = null;
    });
    const snapshot = await unlessAborted(opening, signal);
    if (snapshot === 'stopped') throw new EngineError('CANCELLED', 'Cancelled.');
    return new Reading(readState(snapshot, this.options, this.closing.signal), this.closing.signal);
  }

  private async restart(): Promise<void> {
    const { reading } = this;
    this.reading = null;
    this.pages = [];
    this.problems = [];
    this.problemCount = 0;
    await reading?.close();
  }

  private note(problem: Problem): void {
    this.problemCount++;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }
}

/** Tells of progress now and then, each row once; rows that a page had before it was asked for come first. */
class Teller {
  private told = 0;
  private last = performance.now();

  constructor(
    private readonly progress: (progress: EntryProgress) => void,
    private readonly every: number,
    private readonly page: Kept,
    /** Rows of pages on the way to the wanted one are nobody's business. */
    private readonly withRows: boolean,
  ) {}

  tell(read: number, columns: Columns | null): void {
    const now = performance.now();
    if (now - this.last < this.every) return;
    this.last = now;
    const rows = this.withRows ? this.page.cells.slice(this.told) : [];
    this.progress({ read, columns: columns?.shown ?? [], first: this.page.first, from: this.told, rows });
    this.told += rows.length;
  }
}
