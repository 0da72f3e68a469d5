import type { PartState } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { decodeEntry } from '../decodeEntry';
import { type EntrySample, shown } from '../plan/editSamples';
import { rawEntryOf } from './compositeParts';
import type { RowEntries } from './rowEntries';

/** Samples that are kept of each state. */
const MAX_SAMPLES = 5;
/** So many are read back, to be sure. */
const MAX_READ = 100;

/** The first entries that rows make of each state, as people read them. */
export class SampleList {
  readonly samples: EntrySample[] = [];
  private readonly counts = new Map<number, number>();

  constructor(private readonly states: ReadonlyMap<number, PartState>) {}

  /** The last row of `entries`. More are read than are kept. */
  add(keyGroup: number, { sink, start, states, ends, stretches, prefix }: RowEntries): void {
    const cursor = new Cursor(sink.written());
    cursor.position = start;
    for (let i = 0; i < stretches; i++) {
      while (cursor.position < ends[i]) {
        const [key, value] = [cursor.bytes4('key'), cursor.bytes4('value')];
        const state = this.states.get(states[i]);
        if (state !== undefined) this.note(states[i], state, keyGroup, key.subarray(prefix), value);
      }
    }
  }

  private note(id: number, state: PartState, keyGroup: number, composite: Uint8Array, bytes: Uint8Array): void {
    const count = this.counts.get(id) ?? 0;
    this.counts.set(id, count + 1);
    if (count >= MAX_READ) return;
    const entry = rawEntryOf(state, keyGroup, composite, bytes);
    const { key, userKey, value, namespace } = decodeEntry(entry);
    if (count >= MAX_SAMPLES) return;
    const parts = [key, namespace, userKey].filter((part) => part !== undefined);
    const after = entry.timestamp === null ? shown(value) : String(entry.timestamp);
    this.samples.push({ state: state.name, key: parts.map(shown).join(' / '), before: null, after });
  }
}
