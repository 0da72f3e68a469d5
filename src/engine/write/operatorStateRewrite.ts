import type { OperatorPart } from '../backends/operatorPart';
import type { PartState, RawEntry } from '../backends/part';
import { renamedOperatorMeta } from '../backends/stateMetaForms';
import { joinBytes } from '../bytes/byteStrings';
import { EngineError } from '../bytes/engineError';
import type { OperatorStateHandle } from '../metadata/model';
import { deal, type Share } from './deal';
import type { OutputPlace } from './keyedRewrite';
import { type Batches, type OperatorStateContent, writeOperatorStateFile } from './operatorStateFile';
import {
  hasState,
  type OperatorStateSource,
  type OperatorStateSubtask,
  once,
  storedItems,
} from './operatorStateSource';
import { Tally } from './tally';

/** Changes of one operator state. Each subtask's copy or share of it begins a run of its own, in each pass. */
export interface OperatorStateEdits {
  begin(state: PartState, subtask: number): OperatorEditRun;
}

export interface OperatorEditRun {
  /** Elements that were added, removed or got another value so far. */
  readonly changed: number;
  /** The value of an element, or of an entry of a broadcast state, from now on; null where it goes. */
  apply(entry: RawEntry): Uint8Array | null;
  /** What the source did not have, once all of it was seen: elements, or entries as key and value. */
  added(): readonly Uint8Array[];
}

/** What becomes of a state; states without an entry stay as they are. */
export interface OperatorStateChange {
  /** Its new name; null removes it. */
  name: string | null;
  edits: OperatorStateEdits | null;
}

export interface OperatorStateTarget {
  /** Null where each subtask keeps its own. */
  parallelism: number | null;
  /** By the name that a state has in the source. */
  changes: ReadonlyMap<string, OperatorStateChange>;
}

/** What a pass over the source found, and what it makes of it. */
export interface OperatorStateOutcome {
  /** Under the source's names; a broadcast state under that of `broadcastTally`. */
  before: Tally;
  after: Tally;
  /** Subtasks whose state is not what it was. */
  changed: ReadonlySet<number>;
  /** Elements that each subtask of the source leaves of a state, by the source's name. */
  elements: ReadonlyMap<string, readonly number[]>;
}

const NO_KEY = new Uint8Array(0);

/** Every subtask has a broadcast state of its own, which should be the same. */
export const broadcastTally = (subtask: number, name: string): string => `${subtask}/${name}`;

/**
 * Managed operator state of one operator, written anew with other states or elements, or for another parallelism: then list and
 * union state are dealt, because Flink gives every subtask all elements of a union state when it restores, so that each of them
 * must be stored once; broadcast state goes to every subtask. Elements that nothing changes keep their bytes, and subtasks
 * in which nothing changes their files.
 */
export class OperatorStateRewrite {
  constructor(
    readonly source: OperatorStateSource,
    readonly target: OperatorStateTarget,
  ) {}

  /** Goes over everything and writes nothing. */
  async check(signal?: AbortSignal): Promise<OperatorStateOutcome> {
    const [before, after, changed] = [new Tally(), new Tally(), new Set<number>()];
    const elements = new Map<string, number[]>();
    for (const state of this.source.states) {
      const { name, edits } = this.changeOf(state);
      const counts: number[] = [];
      for (const subtask of this.source.subtasks) {
        let count = 0;
        const { index } = subtask;
        if (hasState(subtask, state.name)) {
          if (name !== state.name || this.source.isDescribedAnew) changed.add(index);
          const run = edits?.begin(state, index) ?? null;
          const tally = (into: Tally, as: string, item: Uint8Array): void =>
            into.add(state.kind === 'broadcast' ? broadcastTally(index, as) : as, NO_KEY, item);
          for await (const { entry, items } of this.pass(subtask, state, run, signal)) {
            if (entry !== null) tally(before, state.name, entry);
            count += items.length;
            if (name !== null) for (const item of items) tally(after, name, item);
          }
          if (run !== null && run.changed > 0) changed.add(index);
        }
        counts.push(count);
      }
      elements.set(state.name, counts);
    }
    return { before, after, changed, elements };
  }

  /** The handle of each subtask that is written anew: null where it has no state left. */
  async write(
    outcome: OperatorStateOutcome,
    place: OutputPlace,
    signal?: AbortSignal,
  ): Promise<Map<number, OperatorStateHandle | null>> {
    const { parallelism } = this.target;
    const handles = new Map<number, OperatorStateHandle | null>();
    const write = async (index: number, contents: readonly OperatorStateContent[]): Promise<void> => {
      const isEmpty = contents.length === 0;
      const handle = isEmpty ? null : await writeOperatorStateFile(this.source.version, contents, place, signal);
      handles.set(index, handle);
    };
    if (parallelism !== null) {
      const shares = this.deal(parallelism, outcome);
      for (let i = 0; i < parallelism; i++) await write(i, await this.dealtContents(i, shares, outcome, signal));
      return handles;
    }
    for (const [i, subtask] of this.source.subtasks.entries()) {
      if (outcome.changed.has(subtask.index)) await write(subtask.index, await this.contents(i, outcome, signal));
    }
    return handles;
  }

  /** States of one subtask that stay, in the order of its own header. */
  private async contents(
    of: number,
    outcome: OperatorStateOutcome,
    signal: AbortSignal | undefined,
  ): Promise<OperatorStateContent[]> {
    const subtask = this.source.subtasks[of];
    const contents: OperatorStateContent[] = [];
    for (const state of subtask.part.states) {
      const meta = this.targetMeta(state);
      if (meta !== null) contents.push({ meta, ...(await this.content(of, state, outcome, signal)) });
    }
    return contents;
  }

  private async dealtContents(
    index: number,
    shares: ReadonlyMap<string, readonly (readonly Share[])[]>,
    outcome: OperatorStateOutcome,
    signal: AbortSignal | undefined,
  ): Promise<OperatorStateContent[]> {
    const contents: OperatorStateContent[] = [];
    for (const state of this.source.states) {
      const meta = this.targetMeta(state);
      if (meta === null) continue;
      const mine = shares.get(state.name)?.[index];
      if (mine !== undefined) contents.push({ meta, items: this.dealt(state, mine, signal) });
      else contents.push({ meta, ...(await this.firstCopy(state, outcome, signal)) });
    }
    return contents;
  }

  /** The broadcast state of the first subtask that has it. */
  private async firstCopy(state: PartState, outcome: OperatorStateOutcome, signal: AbortSignal | undefined) {
    for (const [i, subtask] of this.source.subtasks.entries()) {
      if (!hasState(subtask, state.name)) continue;
      const content = await this.content(i, state, outcome, signal);
      if (content.items !== null) return content;
    }
    return { items: null };
  }

  private async content(
    of: number,
    state: PartState,
    outcome: OperatorStateOutcome,
    signal: AbortSignal | undefined,
  ): Promise<Omit<OperatorStateContent, 'meta'>> {
    const { edits } = this.changeOf(state);
    const subtask = this.source.subtasks[of];
    if (edits === null) return { items: await storedItems(subtask.part, state, signal) };
    const items = this.edited(subtask, state, edits, signal);
    return state.kind === 'broadcast' ? { items, entries: outcome.elements.get(state.name)?.[of] ?? 0 } : { items };
  }

  private async *dealt(state: PartState, shares: readonly Share[], signal: AbortSignal | undefined): Batches {
    const { edits } = this.changeOf(state);
    for (const { of, from, to } of shares) {
      const subtask = this.source.subtasks[of];
      if (edits === null) yield* subtask.part.elements(state, from, to, signal);
      else yield* slice(this.edited(subtask, state, edits, signal), from, to);
    }
  }

  private async *edited(
    subtask: OperatorStateSubtask,
    state: PartState,
    edits: OperatorStateEdits,
    signal: AbortSignal | undefined,
  ): Batches {
    const run = edits.begin(state, subtask.index);
    for await (const { items } of this.pass(subtask, state, run, signal)) if (items.length > 0) yield items;
  }

  /** Each item of the source with what becomes of it, then those that are added. */
  private async *pass(
    { part }: OperatorStateSubtask,
    state: PartState,
    run: OperatorEditRun | null,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ entry: Uint8Array | null; items: readonly Uint8Array[] }> {
    if (run === null) {
      for await (const batch of await itemsOf(part, state, signal)) {
        for (const item of batch) yield { entry: item, items: [item] };
      }
      return;
    }
    for await (const entry of entriesOf(part, state, signal)) {
      const value = run.apply(entry);
      const stored = joined(entry.userKey, entry.value ?? NO_KEY);
      yield { entry: stored, items: value === null ? [] : [joined(entry.userKey, value)] };
    }
    yield { entry: null, items: run.added() };
  }

  private deal(parallelism: number, { elements }: OperatorStateOutcome): Map<string, Share[][]> {
    const dealt = new Map<string, Share[][]>();
    let start = 0;
    for (const state of this.source.states) {
      if (state.kind === 'broadcast' || this.changeOf(state).name === null) continue;
      const { shares, next } = deal(elements.get(state.name) ?? [], parallelism, start);
      dealt.set(state.name, shares);
      start = next;
    }
    return dealt;
  }

  changeOf({ name }: PartState): OperatorStateChange {
    return this.target.changes.get(name) ?? { name, edits: null };
  }

  private targetMeta(state: PartState) {
    const { name } = this.changeOf(state);
    const meta = this.source.isDescribedAnew ? this.describedAnew(state) : state.meta;
    if (name === null || meta === null) return null;
    return name === meta.name ? meta : { ...meta, name, bytes: renamedOperatorMeta(meta, name) };
  }

  private describedAnew({ name }: PartState): PartState['meta'] {
    return this.source.states.find((state) => state.name === name)?.meta ?? null;
  }
}

/** Elements, or entries of a broadcast state; that as a whole where it cannot be taken apart. */
async function itemsOf(part: OperatorPart, state: PartState, signal?: AbortSignal): Promise<Batches> {
  if (state.kind !== 'broadcast') return (await storedItems(part, state, signal)) ?? once([]);
  const items: Uint8Array[] = [];
  try {
    for await (const { userKey, value } of entriesOf(part, state, signal))
      items.push(joined(userKey, value ?? NO_KEY).slice());
    return once(items);
  } catch (e) {
    if (!(e instanceof EngineError) || e.code !== 'REFUSED') throw e;
    return (await storedItems(part, state, signal)) ?? once([]);
  }
}

/** Items `from` up to `to` of all. */
async function* slice(all: Batches, from: number, to: number): Batches {
  let at = 0;
  for await (const batch of all) {
    if (at >= to) return;
    const some = batch.slice(Math.max(0, from - at), to - at);
    if (some.length > 0) yield some;
    at += batch.length;
  }
}

async function* entriesOf(part: OperatorPart, state: PartState, signal?: AbortSignal): AsyncGenerator<RawEntry> {
  for await (const { entries, unread } of part.entries({ states: new Set([state.name]) }, signal)) {
    const [lost] = unread;
    if (lost !== undefined) {
      throw new EngineError('REFUSED', `${lost.bytes} bytes of the state cannot be read: ${lost.reason}`, {
        where: state.name,
        file: part.file,
      });
    }
    yield* entries;
  }
}

/** An element as it is stored: of broadcast state with its key in front. */
const joined = (key: Uint8Array | null, value: Uint8Array): Uint8Array =>
  key === null ? value : joinBytes([key, value]);
