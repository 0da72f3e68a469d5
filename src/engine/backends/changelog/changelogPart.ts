import { Cursor } from '../../bytes/cursor';
import { EngineError, throwIfAborted } from '../../bytes/engineError';
import type { KeyedStateHandle } from '../../metadata/model';
import type { Codec } from '../../types/codec';
import {
  BATCH_SIZE,
  type Batch,
  isOfTheBytes,
  isSelected,
  type PartState,
  type RawEntry,
  type Selection,
  type StatePart,
  type Unread,
  unreadBecause,
} from '../part';
import type { PartContext } from '../partContext';
import { keyedState } from '../partState';
import type { StateMeta } from '../stateMeta';
import { type LogChange, logChanges, METADATA_GROUP } from './changeLog';
import { type KeyedChange, keysOfOneWidth } from './keyWidth';
import { readMetadataChange } from './metadataChange';
import { ReplayedState, skipBehindKey } from './replay';

/** Changes are kept in memory while they are sorted by key group. */
const MAX_LOG = 1024 * 1024 * 1024;
/** Version of headers that have states of the same form as a change log. */
const HEADER_VERSION = 6;

/** What of a changelog handle matters here. */
export interface ChangelogState {
  startKeyGroup: number;
  keyGroupCount: number;
  materialized: readonly (KeyedStateHandle | null)[];
  nonMaterialized: readonly (KeyedStateHandle | null)[];
}

/** A change of data, with the state that its id stood for. */
interface DataChange {
  state: PartState;
  operation: number;
  change: LogChange;
}

/** `byte operation, short state id`. */
const CHANGE_HEAD = 3;

/**
 * State of the changelog backend: snapshots of the backend inside, and the changes since. What a restored job would see is
 * the one with the other applied, key group by key group.
 * Source: org.apache.flink.state.changelog.restore (flink-statebackend-changelog).
 */
export class ChangelogPart implements StatePart {
  readonly backend = 'changelog';
  private sorted: Map<number, DataChange[]> | null = null;

  private constructor(
    private readonly handle: ChangelogState,
    private readonly context: PartContext,
    private readonly materialized: readonly StatePart[],
    readonly states: readonly PartState[],
    readonly key: Codec | null,
    readonly file: string,
  ) {}

  /** `openMaterialized` opens a state of the backend inside. */
  static async open(
    handle: ChangelogState,
    context: PartContext,
    openMaterialized: (inner: KeyedStateHandle) => Promise<StatePart | null>,
    signal?: AbortSignal,
  ): Promise<ChangelogPart> {
    const materialized: StatePart[] = [];
    for (const inner of handle.materialized) {
      const opened = inner === null ? null : await openMaterialized(inner);
      if (opened !== null) materialized.push(opened);
    }
    const metas = new Map<string, StateMeta>();
    for (const { meta } of materialized.flatMap((opened) => opened.states)) {
      if (meta !== null) metas.set(meta.name, meta);
    }
    for await (const change of logChanges(handle.nonMaterialized, context, 'metadata', signal)) {
      const { meta } = readMetadataChange(change, context.headers.options);
      metas.set(meta.name, meta);
    }
    const key = materialized[0]?.key ?? keyOfTimers(metas.values());
    const states = [...metas.values()].map((meta) => stateOf(meta, key));
    return new ChangelogPart(handle, context, materialized, states, key, materialized[0]?.file ?? '_metadata');
  }

  bytesOf(): null {
    return null;
  }

  entriesOf(): null {
    return null;
  }

  async *entries(selection: Selection, signal?: AbortSignal): AsyncGenerator<Batch> {
    this.sorted ??= await this.sortChanges(signal);
    const { startKeyGroup, keyGroupCount } = this.handle;
    for (let keyGroup = startKeyGroup; keyGroup < startKeyGroup + keyGroupCount; keyGroup++) {
      if (!isSelected(selection, keyGroup)) continue;
      throwIfAborted(signal);
      yield* this.keyGroup(keyGroup, selection, this.sorted.get(keyGroup) ?? [], signal);
    }
  }

  private async *keyGroup(
    keyGroup: number,
    selection: Selection,
    changes: readonly DataChange[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Batch> {
    const replayed = new Map<string, ReplayedState>();
    const unread = new Map<string, Unread>();
    const stateNamed = (state: PartState): ReplayedState => {
      let found = replayed.get(state.name);
      if (found === undefined) {
        found = new ReplayedState(state, keyGroup);
        replayed.set(state.name, found);
      }
      return found;
    };
    const guarded = (state: PartState, bytes: number, action: () => void): void => {
      try {
        action();
      } catch (e) {
        if (!(e instanceof EngineError) || !isOfTheBytes(e)) throw e;
        const before = unread.get(state.name)?.bytes ?? 0;
        unread.set(state.name, { ...unreadBecause(state, keyGroup, before + bytes, e) });
      }
    };
    for (const base of this.materialized) {
      for await (const batch of base.entries({ ...selection, keyGroup }, signal)) {
        for (const entry of batch.entries) {
          const state = this.states.find((s) => s.name === entry.state.name) ?? entry.state;
          guarded(state, entry.value?.length ?? 0, () => stateNamed(state).addBase(entry));
        }
        for (const lost of batch.unread) unread.set(lost.state.name, lost);
      }
    }
    for (const { state, operation, change } of changes) {
      if (selection.states?.has(state.name) === false) continue;
      guarded(state, change.bytes.length, () => stateNamed(state).apply(operation, dataOf(change)));
    }
    for (const [name, state] of replayed) {
      // Where a part of the changes cannot be read, the rest of that state would not be what a job sees.
      if (!unread.has(name)) yield* batches(state.entries());
    }
    if (unread.size > 0) yield { entries: [], unread: [...unread.values()] };
  }

  /** Reads the log once: changes by key group, each with the state that its id stood for when it was written. */
  private async sortChanges(signal: AbortSignal | undefined): Promise<Map<number, DataChange[]>> {
    const sorted = new Map<number, DataChange[]>();
    const ids = new Map<number, PartState>();
    let bytes = 0;
    for await (const change of logChanges(this.handle.nonMaterialized, this.context, 'all', signal)) {
      if (change.keyGroup === METADATA_GROUP) {
        const { id, meta } = readMetadataChange(change, this.context.headers.options);
        ids.set(id, stateOf(meta, this.key));
        continue;
      }
      bytes += change.bytes.length;
      if (bytes > MAX_LOG)
        throw new EngineError('LIMIT', `A change log of more than ${MAX_LOG} bytes is not replayed.`);
      const head = new Cursor(change.bytes, { file: change.file, offset: change.offset });
      const operation = head.i8();
      const id = head.i16();
      const state = ids.get(id);
      if (state === undefined) throw head.corrupt(`A change is of the state ${id}, which the log has not named.`);
      const ofGroup = sorted.get(change.keyGroup) ?? [];
      ofGroup.push({ state, operation, change: { ...change, bytes: change.bytes.slice() } });
      sorted.set(change.keyGroup, ofGroup);
    }
    return this.key === null ? withKeysOfOneWidth(sorted) : sorted;
  }
}

function stateOf(meta: StateMeta, key: Codec | null): PartState {
  return keyedState(meta, key, 'tables', HEADER_VERSION);
}

/** A log alone does not name the key's serializer, but a state of timers in it does. */
function keyOfTimers(metas: Iterable<StateMeta>): Codec | null {
  for (const meta of metas) {
    const state = stateOf(meta, null);
    if (state.kind === 'timer' && state.key !== null) return state.key;
  }
  return null;
}

/** Gives the states a key codec that steps over keys as bytes, if all keys have one width. */
function withKeysOfOneWidth(sorted: Map<number, DataChange[]>): Map<number, DataChange[]> {
  const key = keysOfOneWidth(keyedChanges(sorted));
  if (key === null) return sorted;
  const known = new Map<PartState, PartState>();
  for (const changes of sorted.values()) {
    for (const change of changes) {
      const { state } = change;
      if (state.kind === 'timer') continue;
      const keyed = known.get(state) ?? { ...state, key };
      known.set(state, keyed);
      change.state = keyed;
    }
  }
  return sorted;
}

function* keyedChanges(sorted: Map<number, DataChange[]>): Generator<KeyedChange> {
  for (const changes of sorted.values()) {
    for (const { state, operation, change } of changes) {
      if (state.kind === 'timer') continue;
      yield { cursor: dataOf(change), skipRest: (cursor) => skipBehindKey(state, operation, cursor) };
    }
  }
}

/** The change behind its operation and state id. */
function dataOf(change: LogChange): Cursor {
  return new Cursor(change.bytes, { file: change.file, offset: change.offset }, CHANGE_HEAD);
}

function* batches(items: Iterable<RawEntry | Unread>): Generator<Batch> {
  let entries: RawEntry[] = [];
  let unread: Unread[] = [];
  for (const item of items) {
    if ('reason' in item) unread.push(item);
    else entries.push(item);
    if (entries.length + unread.length >= BATCH_SIZE) {
      yield { entries, unread };
      entries = [];
      unread = [];
    }
  }
  if (entries.length + unread.length > 0) yield { entries, unread };
}
