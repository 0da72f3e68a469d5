import { CompositeKeyReader, TIMESTAMP } from '../../backends/compositeKey';
import type { RawEntry } from '../../backends/part';
import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { keyGroupPrefixBytes } from '../../keyGroups';
import { type CanonicalEntry, CanonicalForm } from '../canonicalEntry';
import type { KeyedShare, KeyedSource, KeyedSourceState } from '../keyedSource';
import type { KeyGroupRule } from '../keyGroupRule';
import { addEntry, type StateTally } from '../tally';
import { type CanonicalVisitor, CanonicalWalk } from './canonicalWalk';
import type { Census } from './census';
import type { EntryTaker } from './chunks';

/** Changes of a state's entries, in one pass over all of them. */
export interface EntryEdits {
  /** The only key groups of the source in which entries change; absent: all of them. */
  readonly changedKeyGroups?: ReadonlySet<number> | undefined;
  /** The entry from now on, null where it goes. Its key group stays. */
  apply(entry: RawEntry, canonical: CanonicalEntry): EditedEntry | null;
}

/** Of an entry in the canonical layout. */
export type EditedEntry = Pick<CanonicalEntry, 'key' | 'value'>;

/** What becomes of a state. */
export interface PassState {
  readonly source: KeyedSourceState;
  /** Its number from now on; null where it goes. */
  readonly id: number | null;
  readonly edits: EntryEdits | null;
}

/** One pass over shares of keyed state: what is there is counted, and what is to be there from now on goes to a taker. */
export class KeyedPass {
  private readonly byName: ReadonlyMap<string, PassState>;

  constructor(
    readonly source: KeyedSource,
    readonly rule: KeyGroupRule,
    states: readonly PassState[],
  ) {
    this.byName = new Map(states.map((state) => [state.source.name, state]));
  }

  /** `census` and `taker` are null where nobody asks for what they do. */
  async over(share: KeyedShare, census: Census | null, taker: EntryTaker | null, signal?: AbortSignal): Promise<void> {
    const groups = this.source.canonicalOf(share);
    if (groups === null) return this.entries(share, census, taker, signal);
    const { header, source, ranges } = groups;
    const prefix = keyGroupPrefixBytes(this.source.operator.state.maxParallelism);
    const states = header.states.map(({ name }) => this.stateNamed(name));
    const visitor = new SlicePass(states, prefix, this.rule, census, taker);
    const walk = new CanonicalWalk(source, header.compressed, prefix, states.length, visitor);
    for (const range of ranges) await walk.over(range, signal);
  }

  /** The same for any backend's entries. */
  private async entries(
    share: KeyedShare,
    census: Census | null,
    taker: EntryTaker | null,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { rule } = this;
    const form = new CanonicalForm();
    for await (const { entries } of this.source.entriesOf(share, signal, census?.sums === false)) {
      for (const entry of entries) {
        const state = this.stateNamed(entry.state.name);
        const canonical = form.of(entry, state.source.canonical);
        if (canonical === null) {
          census?.emptyList();
          continue;
        }
        const keyGroup = rule.checks && (rule.moves || entry.fault === null) ? rule.of(entry) : entry.keyGroup;
        census?.found(state.source.name, entry.keyGroup, keyGroup, canonical.key, canonical.value);
        if (rule.checks && census !== null) census.keysChecked++;
        if (state.id === null) continue;
        const edited = state.edits === null ? canonical : state.edits.apply(entry, canonical);
        if (edited === null) continue;
        if (census !== null && state.edits === null) census.keyGroupsAfter[keyGroup]++;
        else census?.kept(state.source.name, keyGroup, edited.key, edited.value);
        taker?.entry(keyGroup, state.id, edited.key, edited.value);
      }
    }
  }

  private stateNamed(name: string): PassState {
    const state = this.byName.get(name);
    if (state === undefined)
      throw new EngineError('CORRUPT', `There is an entry of a state ${name} that no header has.`);
    return state;
  }
}

const NO_BYTES = new Uint8Array(0);

/** Goes over canonical entries as they lie in their window; only those of states with edits are taken apart. */
class SlicePass implements CanonicalVisitor {
  private bytes: Uint8Array = NO_BYTES;
  private view: DataView = new DataView(NO_BYTES.buffer);
  private cursor = new Cursor(NO_BYTES);
  private group = -1;
  private state: PassState;
  private id = -1;
  private name = '';
  private keyAt = 0;
  private found: StateTally | null = null;
  /** Of a state whose entries are edited elsewhere. */
  private kept: StateTally | null = null;
  private readonly checks: boolean;
  private readonly keys: CompositeKeyReader;
  private readonly form = new CanonicalForm();

  constructor(
    private readonly states: readonly PassState[],
    private readonly prefix: 1 | 2,
    private readonly rule: KeyGroupRule,
    private readonly census: Census | null,
    private readonly taker: EntryTaker | null,
  ) {
    this.state = states[0];
    this.checks = rule.checks;
    this.keys = new CompositeKeyReader(prefix);
  }

  window(bytes: Uint8Array, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
    this.cursor = new Cursor(bytes);
  }

  keyGroup(keyGroup: number): void {
    this.group = keyGroup;
  }

  run(number: number): void {
    const state = this.states[number];
    this.state = state;
    this.id = state.id ?? -1;
    this.name = state.source.name;
    this.keyAt = this.prefix + (state.source.canonical.kind === 'timer' ? TIMESTAMP : 0);
    this.found = this.census?.before.at(this.name) ?? null;
    this.kept = state.edits === null ? null : (this.census?.after.at(this.name) ?? null);
  }

  entry(from: number, to: number, end: number): void {
    const { census, state, group } = this;
    let keyGroup = group;
    if (this.checks) {
      const { cursor } = this;
      cursor.aim(from + this.keyAt, to);
      keyGroup = this.rule.at(cursor, group, this.name);
    }
    const behind = from + this.prefix;
    if (census !== null) {
      census.keyGroupsBefore[group]++;
      if (this.checks) census.keysChecked++;
      if (this.found !== null) this.count(this.found, keyGroup, behind, to, end);
    }
    if (this.id < 0) return;
    if (state.edits !== null && state.edits.changedKeyGroups?.has(group) !== false) {
      this.edit(state.edits, keyGroup, from, to, end);
      return;
    }
    if (census !== null) {
      census.keyGroupsAfter[keyGroup]++;
      if (this.kept !== null) this.count(this.kept, keyGroup, behind, to, end);
    }
    this.taker?.placed(keyGroup, this.id, this.bytes, this.view, behind, to, end);
  }

  private edit(edits: EntryEdits, keyGroup: number, from: number, to: number, end: number): void {
    const { canonical } = this.state.source;
    const entry = this.keys.read(canonical, this.group, this.bytes, from, to, to + 4, end);
    const before = this.form.of(entry, canonical);
    const edited = before === null ? null : edits.apply(entry, before);
    if (edited === null) return;
    this.census?.kept(this.name, keyGroup, edited.key, edited.value);
    this.taker?.entry(keyGroup, this.id, edited.key, edited.value);
  }

  private count(tally: StateTally, keyGroup: number, from: number, to: number, end: number): void {
    if (this.census?.sums === true) {
      addEntry(tally, this.view, keyGroup, from, to, end);
      return;
    }
    tally.entries++;
    tally.bytes += end - from - 4;
  }
}
