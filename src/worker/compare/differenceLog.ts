import { Cursor } from '../../engine/bytes/cursor';
import { EngineError } from '../../engine/bytes/engineError';
import type { RawDifference } from '../../engine/diff/difference';
import { readDifference, readPacket, readWithoutValues } from '../../engine/diff/differencePacket';
import type { ScratchFile } from '../../engine/storage/scratchFile';
import { DIFFERENCE_KINDS, type DifferenceKind, MOST_LISTED } from '../../view/shownComparison';

const FIRST_ROWS = 64;
/** Differences that are kept of all states together: what is known of each takes 17 bytes of memory. */
const MOST_KEPT = 4_000_000;
/** Bytes of the scratch file. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;
/** A difference of more bytes is given without its values, unless it is asked for alone. */
const LARGE = 1024 * 1024;
/** Bytes of its beginning that are read then. */
const HEAD = 64 * 1024;
/** Rows that lie so close to one another are read together. */
const STRETCH = 4 * 1024 * 1024;

/** A difference that is shown whole has no more bytes. */
const MOST_WHOLE = 16 * 1024 * 1024;

/** A difference, without its values where they are large. */
export interface LoggedDifference {
  readonly difference: RawDifference;
  readonly bytes: number;
  readonly isWhole: boolean;
}

/**
 * The differences that were found, in a scratch file, with an index of them in memory: by state, in the order in which they came,
 * which stays when more come.
 */
export class DifferenceLog {
  /** More were found than are kept. */
  isCapped = false;
  private kept = 0;
  private readonly states = new Map<string, StateRows>();

  constructor(
    private readonly file: ScratchFile,
    private readonly most = { listed: MOST_LISTED, kept: MOST_KEPT, bytes: MOST_BYTES },
  ) {}

  /** Adds a packet of differences that a share found. One packet after the other. */
  async add(share: number, operator: string, packet: Uint8Array): Promise<void> {
    if (this.file.size + packet.length > this.most.bytes || this.kept >= this.most.kept) {
      this.isCapped = true;
      return;
    }
    const base = await this.file.append(packet);
    for (const { difference, from, to } of readPacket(packet)) {
      const rows = this.rowsOf(operator, difference.state);
      if (rows.count([difference.what]) >= this.most.listed) {
        this.isCapped = true;
        continue;
      }
      rows.add(difference.what, share, base + from, to - from);
      this.kept++;
    }
  }

  /** Forgets what these shares found: they did not come to their end. */
  forget(isUnfinished: (share: number) => boolean): void {
    for (const rows of this.states.values()) this.kept -= rows.forget(isUnfinished);
  }

  /** Rows of these kinds. */
  count(operator: string, state: number, kinds: readonly DifferenceKind[]): number {
    return this.states.get(`${operator} ${state}`)?.count(kinds) ?? 0;
  }

  /** Row `first` of those of these kinds, and what follows. */
  async window(
    operator: string,
    state: number,
    kinds: readonly DifferenceKind[],
    first: number,
    count: number,
  ): Promise<LoggedDifference[]> {
    const places = this.states.get(`${operator} ${state}`)?.places(kinds, first, count) ?? [];
    const all: LoggedDifference[] = [];
    for (const stretch of stretchesOf(places)) {
      const [{ at, length }] = stretch;
      if (length > LARGE) {
        const difference = readWithoutValues(new Cursor(await this.file.read(at, HEAD)));
        all.push({ difference, bytes: length, isWhole: false });
        continue;
      }
      const last = stretch[stretch.length - 1];
      const bytes = await this.file.read(at, last.at + last.length - at);
      for (const place of stretch) {
        const cursor = new Cursor(bytes, {}, place.at - at, place.at - at + place.length);
        all.push({ difference: readDifference(cursor), bytes: place.length, isWhole: true });
      }
    }
    return all;
  }

  /** One row, whole; null where there is none. Fails where it is more than anybody could look at. */
  async one(
    operator: string,
    state: number,
    kinds: readonly DifferenceKind[],
    row: number,
  ): Promise<RawDifference | null> {
    const [place] = this.states.get(`${operator} ${state}`)?.places(kinds, row, 1) ?? [];
    if (place === undefined) return null;
    if (place.length > MOST_WHOLE) {
      throw new EngineError('LIMIT', `This difference has ${place.length} bytes, too many to be shown side by side.`, {
        hint: 'Export the differences of this state: it is written whole there.',
      });
    }
    return readDifference(new Cursor(await this.file.read(place.at, place.length)));
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private rowsOf(operator: string, state: number): StateRows {
    const key = `${operator} ${state}`;
    let rows = this.states.get(key);
    if (rows === undefined) {
      rows = new StateRows();
      this.states.set(key, rows);
    }
    return rows;
  }
}

interface Place {
  readonly at: number;
  readonly length: number;
}

/** Rows that are read together: packets of several states lie mixed, but those of one packet one behind the other. */
function stretchesOf(places: readonly Place[]): Place[][] {
  const stretches: Place[][] = [];
  let from = 0;
  for (const place of places) {
    const stretch = stretches.at(-1);
    const end = place.at + place.length;
    const isNear = stretch !== undefined && place.at >= from && end - stretch[0].at <= STRETCH;
    if (isNear && place.length <= LARGE && stretch[0].length <= LARGE) stretch.push(place);
    else stretches.push([place]);
    from = end;
  }
  return stretches;
}

/** The rows of one state. */
class StateRows {
  private length = 0;
  private at = new Float64Array(FIRST_ROWS);
  private lengths = new Int32Array(FIRST_ROWS);
  private shares = new Int32Array(FIRST_ROWS);
  private kinds = new Uint8Array(FIRST_ROWS);
  private readonly counts = [0, 0, 0];
  /** Rows of some of the kinds, found so far. */
  private found: { mask: number; rows: Int32Array<ArrayBuffer>; count: number; looked: number } | null = null;

  add(what: DifferenceKind, share: number, at: number, length: number): void {
    if (this.length === this.at.length) this.grow();
    const row = this.length++;
    const kind = DIFFERENCE_KINDS.indexOf(what);
    this.at[row] = at;
    this.lengths[row] = length;
    this.shares[row] = share;
    this.kinds[row] = kind;
    this.counts[kind]++;
  }

  count(kinds: readonly DifferenceKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.counts[DIFFERENCE_KINDS.indexOf(kind)] ?? 0), 0);
  }

  places(kinds: readonly DifferenceKind[], first: number, count: number): Place[] {
    const mask = kinds.reduce((bits, kind) => bits | (1 << DIFFERENCE_KINDS.indexOf(kind)), 0);
    const end = Math.min(first + count, this.count(kinds));
    const rows = this.rowsOf(mask);
    const places: Place[] = [];
    for (let i = first; i < end; i++) {
      const row = rows === null ? i : rows[i];
      places.push({ at: this.at[row], length: this.lengths[row] });
    }
    return places;
  }

  /** How many were forgotten. */
  forget(isUnfinished: (share: number) => boolean): number {
    let kept = 0;
    this.counts.fill(0);
    for (let row = 0; row < this.length; row++) {
      if (isUnfinished(this.shares[row])) continue;
      this.at[kept] = this.at[row];
      this.lengths[kept] = this.lengths[row];
      this.shares[kept] = this.shares[row];
      this.kinds[kept] = this.kinds[row];
      this.counts[this.kinds[kept]]++;
      kept++;
    }
    const forgotten = this.length - kept;
    this.length = kept;
    this.found = null;
    return forgotten;
  }

  /** The rows whose kinds are in the mask, by their order; null for all rows. */
  private rowsOf(mask: number): Int32Array | null {
    if (this.counts.every((count, kind) => count === 0 || (mask & (1 << kind)) !== 0)) return null;
    if (this.found?.mask !== mask) this.found = { mask, rows: new Int32Array(FIRST_ROWS), count: 0, looked: 0 };
    const { found } = this;
    for (; found.looked < this.length; found.looked++) {
      if ((mask & (1 << this.kinds[found.looked])) === 0) continue;
      if (found.count === found.rows.length) found.rows = longer(found.rows, new Int32Array(found.count * 2));
      found.rows[found.count++] = found.looked;
    }
    return found.rows;
  }

  private grow(): void {
    const size = this.length * 2;
    this.at = longer(this.at, new Float64Array(size));
    this.lengths = longer(this.lengths, new Int32Array(size));
    this.shares = longer(this.shares, new Int32Array(size));
    this.kinds = longer(this.kinds, new Uint8Array(size));
  }
}

function longer<Column extends Int32Array | Float64Array | Uint8Array>(column: Column, into: Column): Column {
  into.set(column);
  return into;
}
