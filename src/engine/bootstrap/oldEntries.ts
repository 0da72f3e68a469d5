import { EngineError } from '../bytes/engineError';
import { CanonicalForm } from '../write/canonicalEntry';
import type { EditRun, KeyedOutcome, KeyedTarget, OutputPlace } from '../write/keyedRewrite';
import type { KeyedSource } from '../write/keyedSource';
import type { KeyGroupRule } from '../write/keyGroupRule';
import { KeyGroupSort } from '../write/keyGroupSort';
import type { OutputEntry } from '../write/outputEntry';

/** What an operator has, as it is to stand beside the entries of rows: under its new key groups, with the changes of other steps. */
export class OldEntries {
  constructor(
    private readonly source: KeyedSource,
    private readonly target: KeyedTarget,
    private readonly rule: KeyGroupRule,
    /** The number from now on of a state, by its name in the source; null where it goes. */
    private readonly idOf: (name: string) => number | null,
    /** Told of what is there before. */
    private readonly outcome: Pick<KeyedOutcome, 'before' | 'keyGroupsBefore' | 'emptyLists'>,
  ) {}

  /** Key groups ascending; what the source has in another order goes by way of temporary files. */
  async *ascending(place: OutputPlace, memory: number, signal?: AbortSignal): AsyncGenerator<readonly OutputEntry[]> {
    if (this.isInOrder) {
      yield* this.entries(signal);
      return;
    }
    const sort = new KeyGroupSort(this.target.maxParallelism, place.output, place.names, place.store, memory);
    for await (const list of this.entries(signal)) {
      for (const entry of list) if (sort.add(entry)) await sort.spill();
    }
    yield* sort.sorted(signal);
    await sort.clear();
  }

  /** Whether entries come in the order in which they are to be written. */
  private get isInOrder(): boolean {
    if (this.rule.moves || [...this.target.changes.values()].some(({ edits }) => edits !== null)) return false;
    const { canonical } = this.source;
    if (canonical === null) return false;
    const keyGroups = canonical.flatMap(({ ranges }) => ranges.map(({ keyGroup }) => keyGroup));
    return keyGroups.every((keyGroup, i) => i === 0 || keyGroup > keyGroups[i - 1]);
  }

  /** In the order of the source; good until the next list is asked for. */
  private async *entries(signal: AbortSignal | undefined): AsyncGenerator<OutputEntry[]> {
    const { source, outcome } = this;
    const form = new CanonicalForm();
    const edits = this.beginEdits();
    const states = new Map(source.states.map((state) => [state.name, { state, id: this.idOf(state.name) }]));
    for (const share of source.shares(1)) {
      for await (const batch of source.entriesOf(share, signal)) {
        const out: OutputEntry[] = [];
        for (const entry of batch.entries) {
          const found = states.get(entry.state.name);
          if (found === undefined) throw new EngineError('CORRUPT', `No header has the state ${entry.state.name}.`);
          const { state, id } = found;
          const canonical = form.of(entry, state.canonical);
          if (canonical === null) {
            outcome.emptyLists++;
            continue;
          }
          const keyGroup = id === null ? entry.keyGroup : this.rule.of(entry);
          outcome.before.add(state.name, canonical.key, canonical.value, keyGroup);
          outcome.keyGroupsBefore[entry.keyGroup]++;
          if (id === null) continue;
          const edit = edits.get(state.name);
          const now = edit === undefined ? canonical : edit.apply(entry, canonical);
          if (now !== null) out.push({ keyGroup, state: id, key: now.key, value: now.value });
        }
        yield out;
      }
    }
    for (const [name, edit] of edits) {
      const state = this.idOf(name);
      if (state !== null) yield edit.added(this.target.maxParallelism - 1).map((entry) => ({ ...entry, state }));
    }
  }

  private beginEdits(): Map<string, EditRun> {
    const runs = new Map<string, EditRun>();
    for (const { name, canonical } of this.source.states) {
      const edits = this.idOf(name) === null ? null : (this.target.changes.get(name)?.edits ?? null);
      if (edits !== null) runs.set(name, edits.begin(canonical, this.rule));
    }
    return runs;
  }
}
