import { LIST_DELIMITER } from '../backends/canonicalMarks';
import type { PartState } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import type { OutputEntry } from '../write/outputEntry';
import { ownerRange } from './compositeParts';
import { EntryTable } from './entryTable';
import type { KeyGroupBlock } from './keyGroupBlock';
import type { RunShape } from './rowLog';
import { RowMerge } from './rowMerge';
import type { RunWindow } from './runWindow';

/** What becomes of an entry under a key that the operator has already. */
export type EntryMerge =
  | { kind: 'replace' | 'keep' | 'append' }
  /** Gives the value from now on, null where the entry goes. */
  | { kind: 'compute'; compute: (key: Uint8Array, old: Uint8Array, value: Uint8Array) => Uint8Array | null };

/** A state that rows have entries for. */
export interface MergedState {
  /** Its number in the new header. */
  readonly id: number;
  readonly canonical: PartState;
  readonly merge: EntryMerge;
}

/** How many keys of the operator met keys of the rows. */
export interface MergeCounts {
  /** Entries of the operator that were there before and are not any more, or have another value. */
  replaced: number;
  /** Entries of rows that gave way to what was there. */
  kept: number;
}

/**
 * Puts the entries of one key group together: rows of one key with one another (the last one wins, elements of lists come one
 * behind the other), then with what the operator had.
 */
export class KeyGroupMerge {
  readonly counts: MergeCounts = { replaced: 0, kept: 0 };
  private readonly rows: EntryTable;
  private readonly before: EntryTable;
  private readonly rowMerge: RowMerge;
  /** Bytes of the entries that were added by `addBefore`. */
  beforeBytes = 0;

  constructor(
    private readonly states: readonly MergedState[],
    shape: RunShape,
  ) {
    const lists = listsOf(states);
    this.rows = new EntryTable(lists, shape.keyGroups);
    this.before = new EntryTable(lists, shape.keyGroups);
    this.rowMerge = new RowMerge(shape, lists);
  }

  /** An entry that the operator has. Its bytes are copied. */
  addBefore(entry: OutputEntry): void {
    this.beforeBytes += entry.key.length + entry.value.length;
    this.before.add(entry);
  }

  /** Gives those of a key group back. */
  *takeBefore(keyGroup: number): Generator<OutputEntry> {
    for (const { id } of this.states) yield* this.before.entries(id, keyGroup);
    this.before.clear();
    this.beforeBytes = 0;
  }

  /** Puts all entries into the block of their key group, state by state, with those of rows; the next key group can begin then. */
  finish(keyGroup: number, rows: RunWindow | null, block: KeyGroupBlock): void {
    if (this.beforeBytes === 0) {
      if (rows !== null) this.rowMerge.write(rows, keyGroup, block);
      return;
    }
    for (const state of this.states) {
      if (rows !== null) this.rows.addOf(rows, keyGroup, state.id);
      this.putState(state, keyGroup, block);
      this.rows.clear();
    }
    this.before.clear();
    this.beforeBytes = 0;
  }

  /**
   * The same of a part of a state's entries in which is all that belongs together: in a window they are those of a group, in
   * which entries of rows stand as one state, and what the operator has as another.
   */
  putPart(
    state: MergedState,
    keyGroup: number,
    window: RunWindow,
    at: { readonly group: number; readonly rows: number; readonly before: number },
    block: KeyGroupBlock,
  ): void {
    this.rows.addOf(window, at.group, at.rows, state.id);
    this.before.addOf(window, at.group, at.before, state.id);
    this.putState(state, keyGroup, block);
    this.rows.clear();
    this.before.clear();
  }

  private putState(state: MergedState, keyGroup: number, block: KeyGroupBlock): void {
    if (!this.before.has(state.id)) this.rows.writeTo(state.id, block);
    else for (const { state: id, key, value } of this.merged(state, keyGroup)) block.entry(id, key, value);
  }

  private *merged(state: MergedState, keyGroup: number): Generator<OutputEntry> {
    const { id, canonical, merge } = state;
    const isOwnedAsWhole = canonical.kind === 'map' || canonical.kind === 'timer';
    if (isOwnedAsWhole && (merge.kind === 'replace' || merge.kind === 'keep')) {
      yield* this.byOwner(state, keyGroup, merge.kind === 'replace');
      return;
    }
    for (const old of this.before.entries(id, keyGroup)) {
      const value = this.rows.take(id, old.key);
      if (value === null) {
        yield old;
      } else if (merge.kind === 'keep') {
        this.counts.kept++;
        yield old;
      } else {
        this.counts.replaced++;
        const now = this.valueOf(state, old, value);
        if (now !== null) yield { keyGroup, state: id, key: old.key, value: now };
      }
    }
    yield* this.rows.entries(id, keyGroup);
  }

  private valueOf({ canonical, merge }: MergedState, old: OutputEntry, value: Uint8Array): Uint8Array | null {
    if (merge.kind === 'compute' && canonical.kind !== 'timer') return merge.compute(old.key, old.value, value);
    if (merge.kind !== 'append' || canonical.kind === 'map' || canonical.kind === 'timer') return value;
    if (canonical.kind !== 'list') {
      throw new EngineError(
        'BAD_ARGUMENT',
        `${canonical.name} is no list and no map, so that nothing can be appended.`,
      );
    }
    const joined = new Uint8Array(old.value.length + 1 + value.length);
    joined.set(old.value);
    joined[old.value.length] = LIST_DELIMITER;
    joined.set(value, old.value.length + 1);
    return joined;
  }

  /** Maps and timers are many entries: all of a key are replaced, or stay. */
  private *byOwner({ id, canonical }: MergedState, keyGroup: number, rowsWin: boolean): Generator<OutputEntry> {
    const [winner, loser] = rowsWin ? [this.rows, this.before] : [this.before, this.rows];
    const owners = new Set<string>();
    for (const { key } of winner.entries(id, keyGroup)) owners.add(ownerOf(canonical, key));
    yield* winner.entries(id, keyGroup);
    for (const entry of loser.entries(id, keyGroup)) {
      if (!owners.has(ownerOf(canonical, entry.key))) yield entry;
      else if (rowsWin) this.counts.replaced++;
      else this.counts.kept++;
    }
  }
}

/** Numbers of the states that are lists. */
export const listsOf = (states: readonly MergedState[]): ReadonlySet<number> =>
  new Set(states.filter(({ canonical }) => canonical.kind === 'list').map(({ id }) => id));

const latin1 = new TextDecoder('latin1');

/** Key and namespace as text of as many characters as they have bytes: a key of a set. */
function ownerOf(state: PartState, key: Uint8Array): string {
  const { from, to } = ownerRange(state, key);
  return latin1.decode(key.subarray(from, to));
}
