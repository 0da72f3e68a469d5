import { CANONICAL_ABSENT } from '../backends/canonicalMarks';
import { CanonicalPart } from '../backends/canonicalPart';
import { HeapPart } from '../backends/heapPart';
import type { KeyedHeader } from '../backends/keyedHeader';
import { type KeyGroupRange, keyGroupRanges } from '../backends/keyGroupRanges';
import { HeaderReader } from '../backends/openHeader';
import type { Batch, KeyGroupSpan, PartState, StatePart, Unread } from '../backends/part';
import { keyedState } from '../backends/partState';
import { RawTimersPart } from '../backends/rawTimers';
import { type StateMeta, VALUE_SERIALIZER } from '../backends/stateMeta';
import { sameBytes } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { keyedPieces, totalBytes } from '../metadata/handles';
import type { KeyedStateHandle, KeyGroupsHandle } from '../metadata/model';
import { spanOf } from '../shares';
import { kryoOf, type Snapshot, type SnapshotOperator, type SnapshotSubtask } from '../snapshot';
import type { ByteSource } from '../storage/byteSource';
import type { Codec } from '../types/codec';
import { readNestedBlock, readOuterVersion } from '../types/compositeSnapshot';
import type { FlinkLine } from '../types/describe/flinkLine';
import type { TypeOptions } from '../types/family';
import { SnapshotReader } from '../types/serializerSnapshot';
import { keyedHeaderOf } from './keyedHeaderOf';
import { envelope, modernMeta, modernSerializer } from './modernMeta';
import { synchronousMeta } from './synchronousMeta';
import { CURRENT_HEADER, modernTimerQueues, timerQueueMeta } from './timerQueues';

/** A keyed state of all subtasks together. */
export interface KeyedSourceState {
  readonly name: string;
  /** As it stands in a header; another subtask may have it at another place. */
  readonly meta: StateMeta;
  /** With the codecs for entries in the canonical layout. */
  readonly canonical: PartState;
}

/** Timers of a subtask in a form of Flink 1.7 or older. */
export interface OldTimers {
  readonly subtask: SnapshotSubtask;
  readonly part: RawTimersPart;
}

interface OpenedKeyed {
  subtask: SnapshotSubtask;
  /** Timers that were in raw keyed state in an old form come last. */
  parts: StatePart[];
  /** Where the first part is the only one of managed state, and lies in one file by key groups. */
  file: KeyGroupsFile | null;
}

/** State of one subtask as it lies in its file, key group by key group. */
export interface KeyGroupsFile {
  readonly layout: 'canonical' | 'heap';
  readonly source: ByteSource;
  /** Key groups that have data, by their place in the file. */
  readonly ranges: readonly KeyGroupRange[];
  readonly header: KeyedHeader;
}

/** A stretch of the key groups of one part, or all of the part. Plain data, so that it crosses threads as it is. */
export interface KeyedShare {
  /** Position among the subtasks that have keyed state, and among the parts of that one. */
  readonly subtask: number;
  readonly part: number;
  /** Null: everything. */
  readonly keyGroups: KeyGroupSpan | null;
}

/** Keyed state of one operator, whatever backends wrote it, as something that can be written anew. */
export class KeyedSource {
  private constructor(
    readonly snapshot: Snapshot,
    readonly operator: SnapshotOperator,
    readonly headerVersion: number,
    readonly keyBytes: Uint8Array,
    readonly key: Codec | null,
    readonly states: readonly KeyedSourceState[],
    /** Raw keyed state that is bytes of whole key groups: of the operator's own, and timers of Flink 1.7 or older. */
    readonly foreign: readonly KeyGroupsHandle[],
    /** Such timers, by subtask: their serializers stand there in a form that a managed queue cannot take over. */
    readonly oldTimers: readonly OldTimers[],
    private readonly opened: readonly OpenedKeyed[],
    /** Flink for which serializers of an old form are described anew; null: they are as they were. */
    readonly line: FlinkLine | null = null,
  ) {}

  /** Null where the operator has no keyed state. What cannot be opened, or described as one state, is `REFUSED`. */
  static async open(snapshot: Snapshot, operator: SnapshotOperator, signal?: AbortSignal): Promise<KeyedSource | null> {
    const options: TypeOptions = { kryo: kryoOf(snapshot.metadata.version) };
    const headers = new HeaderReader(options);
    const merged = new MergedStates(options);
    const foreign: KeyGroupsHandle[] = [];
    const oldTimers: OldTimers[] = [];
    const opened: OpenedKeyed[] = [];
    for (const subtask of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
      throwIfAborted(signal);
      if (subtask.managedKeyedState === null && subtask.rawKeyedState === null) continue;
      const { parts, failures } = await subtask.open(signal);
      const failure = failures.find(({ what }) => what !== 'operator state');
      if (failure !== undefined) throw failure.error.at({ where: `subtask ${subtask.index}` });
      const { rawKeyedState } = subtask;
      const isOld = (part: StatePart): part is RawTimersPart => part instanceof RawTimersPart && !part.isDescribed;
      const keyed = parts.filter((part) => part.backend !== 'operator' && !isOld(part));
      oldTimers.push(...parts.filter(isOld).map((part) => ({ subtask, part })));
      if (rawKeyedState !== null && !keyed.some((part) => part instanceof RawTimersPart)) {
        if (!('offsets' in rawKeyedState)) throw unknownRaw(subtask);
        if (rawKeyedState.stream !== null) foreign.push(rawKeyedState);
      }
      const header = await keyedHeaderOf(
        subtask.managedKeyedState,
        (stream) => snapshot.files.open(stream),
        headers,
        signal,
      );
      if (header !== null) merged.addKey(header.version, header.keyBytes, header.key);
      for (const part of keyed) merged.addPart(part, subtask);
      const file = await keyGroupsFile(subtask.managedKeyedState, keyed, header, snapshot);
      opened.push({ subtask, parts: keyed, file });
    }
    if (opened.every(({ parts }) => parts.length === 0) && foreign.length === 0) return null;
    const { version, keyBytes, key } = merged.header();
    return new KeyedSource(
      snapshot,
      operator,
      version,
      keyBytes,
      key,
      merged.states(version, key),
      foreign,
      oldTimers,
      opened,
    );
  }

  /** Keyed state of an operator that has none, for what is to be written of it. */
  static nothing(
    snapshot: Snapshot,
    operator: SnapshotOperator,
    headerVersion: number,
    keyBytes: Uint8Array,
    key: Codec,
  ): KeyedSource {
    return new KeyedSource(snapshot, operator, headerVersion, keyBytes, key, [], [], [], []);
  }

  /** Whether a heap backend wrote all of it, in its own format, with the timers. */
  get isOfHeap(): boolean {
    return this.opened.every(({ parts }) => parts.every(({ backend }) => backend === 'heap'));
  }

  /** Whether timers lie in raw keyed state in the form of Flink 1.8 and later, which become managed queues when it is written. */
  get hasRawTimers(): boolean {
    return this.opened.some(({ parts }) =>
      parts.some((part) => part instanceof RawTimersPart && part.states.length > 0),
    );
  }

  /** Whether there is any state that a backend laid out. */
  get isLaidOut(): boolean {
    return this.opened.some(({ parts }) => parts.some(({ backend }) => backend !== 'raw'));
  }

  /**
   * The same, described as Flink 1.8 and later do; itself where it is already. Timers in an old form of raw keyed state become
   * managed queues. States that do not stay (`stays`) keep the description that they have.
   */
  modern(line: FlinkLine, stays: (name: string) => boolean = () => true): KeyedSource {
    const { key, states, oldTimers, opened } = this;
    const isOld = this.headerVersion < CURRENT_HEADER && key !== null;
    if (!isOld && oldTimers.length === 0) return this;
    const queues = modernTimerQueues(
      oldTimers.map(({ part }) => part),
      key,
      line,
    );
    const keys = isOld ? modernSerializer(key, line) : key === null ? queues.key : null;
    const codec = keys?.codec ?? key;
    const described = states.map((state) => {
      if (!isOld || !stays(state.name)) return state;
      const meta = modernMeta(state.meta, line);
      return { name: state.name, meta, canonical: keyedState(meta, codec, 'entries', CURRENT_HEADER) };
    });
    const timersOf = (of: SnapshotSubtask) => oldTimers.filter(({ subtask }) => subtask === of).map(({ part }) => part);
    const handles = oldTimers.map(({ subtask }) => subtask.rawKeyedState);
    return new KeyedSource(
      this.snapshot,
      this.operator,
      CURRENT_HEADER,
      keys?.bytes ?? this.keyBytes,
      codec,
      [...described, ...queues.states],
      this.foreign.filter((handle) => !handles.includes(handle)),
      [],
      opened.map((of) => ({ ...of, parts: [...of.parts, ...timersOf(of.subtask)] })),
      line,
    );
  }

  /** Bytes of the files that hold it, as the metadata counts them. */
  get bytes(): number {
    return totalBytes(this.opened.flatMap(({ subtask }) => [...keyedPieces(subtask.managedKeyedState)]));
  }

  /** Shares that together are everything; about `wanted` of them. */
  shares(wanted: number): KeyedShare[] {
    const parts = this.opened.reduce((sum, { parts }) => sum + parts.length, 0);
    const stretches = Math.max(1, Math.ceil(wanted / Math.max(1, parts)));
    return this.opened.flatMap(({ parts }, subtask) =>
      parts.flatMap((found, part): KeyedShare[] => {
        const { keyGroups } = found;
        if (keyGroups === undefined) return [{ subtask, part, keyGroups: null }];
        const spans = Array.from({ length: stretches }, (_, number) => spanOf({ number, count: stretches }, keyGroups));
        return spans.flatMap((span) => (span === null ? [] : [{ subtask, part, keyGroups: span }]));
      }),
    );
  }

  /** Every subtask's key groups as they lie in its file; null where some do not, or in another layout than the others. */
  get files(): readonly KeyGroupsFile[] | null {
    const found: KeyGroupsFile[] = [];
    for (const { file, parts } of this.opened) {
      if (file === null || parts.length > 1 || file.layout !== (found[0] ?? file).layout) return null;
      found.push(file);
    }
    return found;
  }

  /** The same where all of it is in the canonical layout. */
  get canonical(): readonly KeyGroupsFile[] | null {
    const { files } = this;
    return files?.every(({ layout }) => layout === 'canonical') === true ? files : null;
  }

  /** The key groups of a share as they lie in their file; null where they are not in the canonical layout. */
  canonicalOf({ subtask, part, keyGroups }: KeyedShare): KeyGroupsFile | null {
    const { file } = this.openedAt(subtask);
    if (part > 0 || file?.layout !== 'canonical') return null;
    if (keyGroups === null) return file;
    const { first, last } = keyGroups;
    const ranges = file.ranges.filter(({ keyGroup }) => keyGroup >= first && keyGroup <= last);
    return { ...file, ranges };
  }

  /** The subtask of a share. */
  subtaskOf({ subtask }: KeyedShare): SnapshotSubtask {
    return this.openedAt(subtask).subtask;
  }

  /**
   * All entries of a share. What cannot be read fails, because it could not be written either, unless entries are only counted
   * (`isLenient`).
   */
  async *entriesOf(share: KeyedShare, signal?: AbortSignal, isLenient = false): AsyncGenerator<Batch> {
    const { subtask, parts } = this.openedAt(share.subtask);
    const part = parts[share.part];
    const selection = share.keyGroups === null ? {} : { keyGroups: share.keyGroups };
    for await (const batch of part.entries(selection, signal)) {
      throwIfAborted(signal);
      const [unread] = batch.unread;
      if (unread !== undefined && !isLenient) throw unreadable(unread, subtask, part.file);
      yield batch;
    }
  }

  private openedAt(subtask: number): OpenedKeyed {
    const opened = this.opened.at(subtask);
    if (opened === undefined) throw new RangeError(`There is no subtask ${subtask} with keyed state.`);
    return opened;
  }
}

async function keyGroupsFile(
  handle: KeyedStateHandle | null,
  parts: readonly StatePart[],
  header: KeyedHeader | null,
  { files }: Snapshot,
): Promise<KeyGroupsFile | null> {
  const [part, ...more] = parts;
  const layout = part instanceof CanonicalPart ? 'canonical' : part instanceof HeapPart ? 'heap' : null;
  if (layout === null || more.length > 0 || header === null) return null;
  if (handle === null || !('offsets' in handle) || handle.stream === null) return null;
  const source = await files.open(handle.stream);
  const absent = layout === 'canonical' ? CANONICAL_ABSENT : null;
  return { layout, source, header, ranges: keyGroupRanges(source, handle.startKeyGroup, handle.offsets, absent) };
}

/** Collects what the subtasks say of key and states; they must agree, because values are carried from one to the other. */
class MergedStates {
  private key: { version: number; keyBytes: Uint8Array; key: Codec } | null = null;
  private readonly metas = new Map<string, StateMeta>();

  constructor(private readonly options: TypeOptions) {}

  addKey(version: number, keyBytes: Uint8Array, key: Codec): void {
    if (this.key === null) this.key = { version, keyBytes, key };
    else if (this.key.version !== version || !sameBytes(this.key.keyBytes, keyBytes)) {
      throw refused('Its subtasks serialize keys in different ways.');
    }
  }

  addPart(part: StatePart, subtask: SnapshotSubtask): void {
    for (const state of part.states) {
      const stored = part instanceof RawTimersPart ? this.rawTimers(part, state) : state.meta;
      if (stored === null) throw refused(`The header has no entry for the state ${state.name}.`);
      const meta = stored.type === 'keyValueV2' ? synchronousMeta(stored, this.options) : stored;
      const known = this.metas.get(meta.name);
      if (known === undefined) this.metas.set(meta.name, meta);
      else if (!isSameMeta(known, meta)) {
        throw refused(
          `Subtask ${subtask.index} serializes the state ${meta.name} in another way than those before it.`,
        );
      }
    }
  }

  header(): { version: number; keyBytes: Uint8Array; key: Codec | null } {
    if (this.key !== null) return this.key;
    for (const meta of this.metas.values()) {
      const key = meta.type === 'priorityQueue' ? keyOfTimers(meta, this.options) : null;
      if (key !== null) return { version: CURRENT_HEADER, ...key };
    }
    if (this.metas.size > 0) {
      throw new EngineError(
        'REFUSED',
        'The snapshot does not say how keys are serialized: it has a change log alone.',
        {
          hint: 'Take a savepoint, or a checkpoint after the first materialization.',
        },
      );
    }
    return { version: CURRENT_HEADER, keyBytes: new Uint8Array(0), key: null };
  }

  states(version: number, key: Codec | null): KeyedSourceState[] {
    return [...this.metas.values()].map((meta) => ({
      name: meta.name,
      meta,
      canonical: keyedState(meta, key, 'entries', version),
    }));
  }

  /** Timers in raw keyed state get the entry that a managed queue of timers has. */
  private rawTimers(part: RawTimersPart, state: PartState): StateMeta {
    const snapshots = part.snapshotsOf(state);
    const { key, namespace } = state;
    if (snapshots === null || key === null || namespace === null) {
      throw refused('Its timers lie in raw keyed state in the form of Flink 1.7 or older.');
    }
    const [keySnapshot] = snapshots;
    this.addKey(
      CURRENT_HEADER,
      envelope((sink) => sink.raw(keySnapshot)),
      key,
    );
    return timerQueueMeta(state.name, { codecs: [key, namespace], snapshots });
  }
}

/** The key serializer that a queue of timers names: a change log alone has no other. */
function keyOfTimers({ serializers }: StateMeta, options: TypeOptions): { keyBytes: Uint8Array; key: Codec } | null {
  const bytes = serializers.find(({ key }) => key === VALUE_SERIALIZER)?.bytes;
  if (bytes === undefined) return null;
  const cursor = new Cursor(bytes);
  cursor.skip(4, 'version of the envelope');
  cursor.utf('class name of a serializer snapshot');
  readOuterVersion(cursor, cursor.i32());
  const reader = new SnapshotReader(options);
  const [key] = readNestedBlock(cursor, () => reader.readVersioned(cursor));
  return { keyBytes: envelope((sink) => sink.raw(bytes.subarray(key.start, key.end))), key: key.codec };
}

/** Java writes options and serializers in the order of a hash map: only what they say counts. */
export function isSameMeta(a: StateMeta, b: StateMeta): boolean {
  if (sameBytes(a.bytes, b.bytes)) return true;
  const isSameList = <T>(some: readonly T[], others: readonly T[], isSame: (x: T, y: T) => boolean): boolean =>
    some.length === others.length && some.every((x) => others.some((y) => isSame(x, y)));
  return (
    a.type === b.type &&
    isSameList(a.options, b.options, (x, y) => x[0] === y[0] && x[1] === y[1]) &&
    isSameList(
      a.serializers,
      b.serializers,
      (x, y) => x.key === y.key && x.bytes !== undefined && y.bytes !== undefined && sameBytes(x.bytes, y.bytes),
    )
  );
}

function unreadable({ state, keyGroup, bytes, reason }: Unread, subtask: SnapshotSubtask, file: string): EngineError {
  return new EngineError('REFUSED', `${bytes} bytes of key group ${keyGroup} cannot be read: ${reason}`, {
    file,
    where: `subtask ${subtask.index} / ${state.name}`,
    hint: 'State that cannot be taken apart can only be carried over with its whole operator.',
  });
}

const unknownRaw = ({ index }: SnapshotSubtask): EngineError =>
  refused(`Subtask ${index} has raw keyed state in a form that is not known.`);

function refused(message: string): EngineError {
  return new EngineError('REFUSED', message);
}
