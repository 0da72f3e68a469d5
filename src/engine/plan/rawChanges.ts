import { keyGroupRanges } from '../backends/keyGroupRanges';
import { RAW_ABSENT, RawTimersPart } from '../backends/rawTimers';
import { EngineError } from '../bytes/engineError';
import type { KeyGroupsHandle, StreamHandle } from '../metadata/model';
import { readCoordinatorState } from '../raw/coordinatorState';
import type { Snapshot, SnapshotOperator } from '../snapshot';
import type { RawReplacements } from '../write/rawState';
import type { RawTarget } from './plan';
import type { RawChange } from './planReport';

/** State of one operator that is no entries, and the bytes that take its place. */
export class RawChanges implements RawReplacements {
  coordinator: Uint8Array | null = null;
  readonly partitions = new Map<number, Map<number, Uint8Array>>();
  readonly keyGroups = new Map<number, Uint8Array>();
  readonly told = new Map<string, RawChange>();

  constructor(
    private readonly snapshot: Snapshot,
    private readonly operator: SnapshotOperator,
  ) {}

  get isEmpty(): boolean {
    return this.told.size === 0;
  }

  /** Fails where there is nothing to replace, or where a format that is Flink's own would be broken. */
  async set(target: Exclude<RawTarget, { what: 'master' }>, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    switch (target.what) {
      case 'coordinator':
        return this.setCoordinator(bytes, signal);
      case 'raw-operator':
        return this.setPartition(target.subtask, target.partition, bytes);
      case 'raw-keyed':
        return this.setKeyGroup(target.keyGroup, bytes, signal);
    }
  }

  /** The handles of raw keyed state, all of which are written again where one key group is replaced. */
  get rawKeyed(): KeyGroupsHandle[] {
    return this.operator.subtasks.flatMap(({ rawKeyedState }) =>
      rawKeyedState !== null && 'offsets' in rawKeyedState ? [rawKeyedState] : [],
    );
  }

  private async setCoordinator(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const { coordinatorState } = this.operator.state;
    if (coordinatorState === null) throw notThere('The operator has no coordinator state.');
    const before = await this.bytesOf(coordinatorState, signal);
    if (isReadable(before)) {
      try {
        readCoordinatorState(bytes);
      } catch (e) {
        throw badBytes(`The bytes are no coordinator state of the kind that is there: ${messageOf(e)}`);
      }
    }
    this.coordinator = bytes;
    this.tell('coordinator', before.length, bytes);
  }

  private async setPartition(subtask: number, partition: number, bytes: Uint8Array): Promise<void> {
    const handle = this.operator.subtasks.find(({ index }) => index === subtask)?.rawOperatorState;
    const [state, ...more] = handle?.states ?? [];
    if (handle?.stream == null || handle.stream.type === 'emptySegment' || state === undefined) {
      throw notThere(`Subtask ${subtask} has no raw operator state.`);
    }
    if (more.length > 0) throw notThere(`Subtask ${subtask} has raw operator state under several names.`);
    if (partition >= state.offsets.length) {
      throw notThere(`Subtask ${subtask} has ${state.offsets.length} partitions of raw operator state.`);
    }
    const source = await this.snapshot.files.open(handle.stream);
    const { from, to } = keyGroupRanges(source, 0, state.offsets, null)[partition];
    const partitions = this.partitions.get(subtask) ?? new Map<number, Uint8Array>();
    partitions.set(partition, bytes);
    this.partitions.set(subtask, partitions);
    this.tell(`raw-operator, subtask ${subtask}, partition ${partition}`, to - from, bytes);
  }

  private async setKeyGroup(keyGroup: number, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const { maxParallelism } = this.operator.state;
    if (keyGroup >= maxParallelism) throw notThere(`The operator has key groups 0 to ${maxParallelism - 1}.`);
    for (const subtask of this.operator.subtasks) {
      const { rawKeyedState: handle } = subtask;
      if (handle === null || !('offsets' in handle) || handle.stream === null) continue;
      const place = keyGroup - handle.startKeyGroup;
      if (place < 0 || place >= handle.offsets.length) continue;
      const { parts } = await subtask.open(signal);
      if (parts.some((part) => part instanceof RawTimersPart)) {
        throw new EngineError('REFUSED', 'The raw keyed state is timers, which are entries.', {
          hint: 'Put, update or delete them as those of a state _timer_state/….',
        });
      }
      const source = await this.snapshot.files.open(handle.stream);
      const range = keyGroupRanges(source, handle.startKeyGroup, handle.offsets, RAW_ABSENT).find(
        (candidate) => candidate.keyGroup === keyGroup,
      );
      this.keyGroups.set(keyGroup, bytes);
      this.tell(`raw-keyed, key group ${keyGroup}`, range === undefined ? 0 : range.to - range.from, bytes);
      return;
    }
    throw notThere(`The operator has no raw keyed state of key group ${keyGroup}.`);
  }

  private tell(what: string, bytesBefore: number, after: Uint8Array): void {
    const before = this.told.get(what)?.bytes.before ?? bytesBefore;
    this.told.set(what, { what, bytes: { before, after: after.length } });
  }

  private async bytesOf(stream: StreamHandle, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const source = await this.snapshot.files.open(stream);
    return source.read(0, source.size, signal);
  }
}

/** Whether the bytes are a coordinator state in a format that is known. */
function isReadable(bytes: Uint8Array): boolean {
  try {
    readCoordinatorState(bytes);
    return true;
  } catch (e) {
    if (e instanceof EngineError) return false;
    throw e;
  }
}

const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
const notThere = (message: string): EngineError => new EngineError('NOT_FOUND', message);
const badBytes = (message: string): EngineError => new EngineError('BAD_VALUE', message);
