import type { PartState } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { decodeEntry } from '../decodeEntry';
import { type EntrySample, shown } from '../plan/editSamples';
import { rawEntryOf } from './compositeParts';

/** Samples that are kept of each state. */
const MAX_SAMPLES = 5;
/** So many are read back, to be sure. */
const MAX_READ = 100;

/** The first entries that rows make of each state, as people read them. */
export class SampleList {
  readonly samples: EntrySample[] = [];
  private readonly counts = new Map<number, number>();

  constructor(private readonly states: ReadonlyMap<number, PartState>) {}

  /** Entries of one row, as `KeyGroupSort` keeps them. More are read than are kept. */
  add(keyGroup: number, entries: Uint8Array): void {
    const cursor = new Cursor(entries);
    while (!cursor.atEnd) {
      const id = cursor.i16();
      const [key, value] = [cursor.bytes4('key'), cursor.bytes4('value')];
      const state = this.states.get(id);
      if (state !== undefined) this.note(id, state, keyGroup, key, value);
    }
  }

  private note(id: number, state: PartState, keyGroup: number, composite: Uint8Array, bytes: Uint8Array): void {
    const count = this.counts.get(id) ?? 0;
    this.counts.set(id, count + 1);
    if (count >= MAX_READ) return;
    const { key, userKey, value, namespace } = decodeEntry(rawEntryOf(state, keyGroup, composite, bytes));
    if (count >= MAX_SAMPLES) return;
    const parts = [key, namespace, userKey].filter((part) => part !== undefined);
    const entry = rawEntryOf(state, keyGroup, composite, bytes);
    const after = entry.timestamp === null ? shown(value) : String(entry.timestamp);
    this.samples.push({ state: state.name, key: parts.map(shown).join(' / '), before: null, after });
  }
}
