import { Tally, type TallyData } from '../tally';

/** What a pass over keyed state found. Plain data, so that it crosses threads as it is. */
export interface CensusData {
  /** By the names that states have in the source; each entry is summed up as one of the key group that it will be in. */
  readonly before: TallyData;
  /** Of states whose entries are edited; the others have afterwards what they had before. */
  readonly after: TallyData;
  /** Entries of each key group. */
  readonly keyGroupsBefore: Float64Array;
  readonly keyGroupsAfter: Float64Array;
  /** Empty lists, which the canonical layout leaves out. */
  readonly emptyLists: number;
  /** Keys whose key group was computed and is the one in which they are stored. */
  readonly keysChecked: number;
}

/** Counts what passes over the shares of keyed state find. */
export class Census implements CensusData {
  readonly before = new Tally();
  readonly after = new Tally();
  readonly keyGroupsBefore: Float64Array;
  readonly keyGroupsAfter: Float64Array;
  emptyLists = 0;
  keysChecked = 0;

  constructor(
    keyGroupsBefore: number,
    keyGroupsAfter: number,
    /** Whether checksums are wanted, and not counts alone. */
    readonly sums: boolean,
  ) {
    this.keyGroupsBefore = new Float64Array(keyGroupsBefore);
    this.keyGroupsAfter = new Float64Array(keyGroupsAfter);
  }

  /** An entry of the source, and the key group that it will be in. */
  found(state: string, before: number, keyGroup: number, key: Uint8Array, value: Uint8Array): void {
    this.before.add(state, key, value, keyGroup);
    this.keyGroupsBefore[before]++;
  }

  /** An entry that there will be, of a state that is edited. */
  kept(state: string, keyGroup: number, key: Uint8Array, value: Uint8Array): void {
    this.after.add(state, key, value, keyGroup);
    this.keyGroupsAfter[keyGroup]++;
  }

  emptyList(): void {
    this.emptyLists++;
  }

  addAll(other: CensusData): void {
    this.before.addAll(other.before);
    this.after.addAll(other.after);
    addEach(this.keyGroupsBefore, other.keyGroupsBefore);
    addEach(this.keyGroupsAfter, other.keyGroupsAfter);
    this.emptyLists += other.emptyLists;
    this.keysChecked += other.keysChecked;
  }

  /** What crosses a thread's border. */
  data(): CensusData {
    const { keyGroupsBefore, keyGroupsAfter, emptyLists, keysChecked } = this;
    const [before, after] = [{ states: this.before.states }, { states: this.after.states }];
    return { before, after, keyGroupsBefore, keyGroupsAfter, emptyLists, keysChecked };
  }
}

function addEach(to: Float64Array, from: Float64Array): void {
  for (let i = 0; i < from.length; i++) to[i] += from[i];
}
