import { keyGroupRanges } from '../backends/keyGroupRanges';
import type { StatePart } from '../backends/part';
import { RAW_ABSENT } from '../backends/rawTimers';
import { Cursor } from '../bytes/cursor';
import { asEngineError, EngineError, throwIfAborted } from '../bytes/engineError';
import type { Json } from '../json/jsonValue';
import { readMergedChannels } from '../metadata/channelHandles';
import type { ChannelStateHandle, OperatorStateHandle, StreamHandle } from '../metadata/model';
import type { OpenedSubtask, Snapshot, SnapshotOperator, SnapshotSubtask } from '../snapshot';
import type { ByteSource } from '../storage/byteSource';
import { baseOffsetOf, MemorySource } from '../storage/memorySource';
import { bufferStretches, readStreamElements, type Stretch } from './channelState';
import { readCoordinatorState } from './coordinatorState';
import { readLegacyState } from './legacyState';
import { PAYLOAD_STATES, readPayload } from './payload/states';
import { lengthOf, readStretches, wholeBytes } from './pieceBytes';
import type { RawFailure, RawKind, RawPiece } from './rawPiece';

export interface RawQuery {
  operator?: (operator: SnapshotOperator) => boolean;
  /** Every kind where it is absent. */
  kinds?: ReadonlySet<RawKind> | undefined;
}

/**
 * Every piece of a snapshot that is not entries of a state, and the payloads that Flink's operators put into byte arrays. A
 * piece that cannot be listed is given to `failed` and costs only itself. Master state belongs to no operator: it is left out
 * where operators are chosen.
 */
export async function* rawPieces(
  snapshot: Snapshot,
  query: RawQuery,
  failed: (failure: RawFailure) => void,
  signal?: AbortSignal,
): AsyncGenerator<RawPiece> {
  const wants = (kind: RawKind): boolean => query.kinds?.has(kind) !== false;
  if (query.operator === undefined && wants('master')) yield* masterPieces(snapshot);
  for (const operator of snapshot.operators) {
    if (query.operator?.(operator) === false) continue;
    const listing = new OperatorListing(snapshot, operator, failed, signal);
    if (wants('coordinator')) yield* listing.coordinator();
    for (const subtask of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
      throwIfAborted(signal);
      if (wants('legacy')) yield* listing.legacy(subtask);
      if (wants('raw-operator')) yield* listing.rawOperator(subtask);
      if (wants('raw-keyed') || wants('payload')) {
        const opened = await listing.opened(subtask);
        if (opened !== null && wants('payload')) yield* listing.payloads(subtask, opened);
        if (opened !== null && wants('raw-keyed')) yield* listing.rawKeyed(subtask, opened);
      }
      if (wants('channel')) yield* listing.channels(subtask);
    }
  }
}

function* masterPieces({ metadata, metadataPath }: Snapshot): Generator<RawPiece> {
  for (const { name, version, payload } of metadata.masterStates) {
    const source = new MemorySource(metadataPath, payload);
    const place = { what: 'master', operator: null, subtask: null, name, place: { version } } as const;
    yield { ...piece(source, [{ from: 0, bytes: payload.length }]), ...place, offset: null };
  }
}

/** What every piece has by its bytes. */
function piece(source: ByteSource, stretches: readonly Stretch[], decode?: (bytes: Uint8Array) => Json) {
  return {
    bytes: lengthOf(stretches),
    file: source.name,
    offset: stretches.length === 0 ? null : baseOffsetOf(source) + stretches[0].from,
    read: (signal?: AbortSignal) => readStretches(source, stretches, signal),
    ...(decode !== undefined && {
      decode: async (signal?: AbortSignal) => decode(await wholeBytes(source, stretches, signal)),
    }),
  };
}

class OperatorListing {
  constructor(
    private readonly snapshot: Snapshot,
    private readonly operator: SnapshotOperator,
    private readonly failed: (failure: RawFailure) => void,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async *coordinator(): AsyncGenerator<RawPiece> {
    const { coordinatorState } = this.operator.state;
    if (coordinatorState === null) return;
    yield* this.guarded('coordinator', null, async () => {
      const source = await this.snapshot.files.open(coordinatorState);
      return [{ ...this.whole(source, readCoordinatorState), ...this.place('coordinator', null, 'coordinator', {}) }];
    });
  }

  async *legacy({ index, legacyState }: SnapshotSubtask): AsyncGenerator<RawPiece> {
    for (const [i, stream] of legacyState.entries()) {
      yield* this.guarded('legacy', index, async () => {
        const source = await this.snapshot.files.open(stream);
        return [{ ...this.whole(source, readLegacyState), ...this.place('legacy', index, 'legacy', { index: i }) }];
      });
    }
  }

  async *rawOperator({ index, rawOperatorState: handle }: SnapshotSubtask): AsyncGenerator<RawPiece> {
    if (handle === null || !holdsBytes(handle)) return;
    const { stream } = handle;
    yield* this.guarded('raw-operator', index, async () => {
      const source = await this.snapshot.files.open(stream);
      const starts = [...new Set(handle.states.flatMap(({ offsets }) => offsets))].sort((a, b) => a - b);
      const ends = new Map(starts.map((from, i) => [from, starts[i + 1] ?? source.size]));
      return handle.states.flatMap(({ name, offsets }) =>
        offsets.map((from, partition) => {
          const to = ends.get(from) ?? source.size;
          return {
            ...piece(source, [checked(source, from, to)]),
            ...this.place('raw-operator', index, name, { partition }),
          };
        }),
      );
    });
  }

  /** The subtask's state with what each part holds; null where even that fails. */
  async opened(subtask: SnapshotSubtask): Promise<OpenedSubtask | null> {
    const { rawKeyedState, managedOperatorState } = subtask;
    const hasPayload = managedOperatorState?.states.some(({ name }) => PAYLOAD_STATES.has(name)) === true;
    return rawKeyedState === null && !hasPayload ? null : subtask.open(this.signal);
  }

  /** Elements of the list states that Flink's operators put payloads into. */
  async *payloads({ index }: SnapshotSubtask, { parts }: OpenedSubtask): AsyncGenerator<RawPiece> {
    for (const part of parts) {
      if (part.backend !== 'operator') continue;
      try {
        yield* this.payloadsOf(part, index);
      } catch (e) {
        this.fail('payload', index, e);
      }
    }
  }

  private async *payloadsOf(part: StatePart, subtask: number): AsyncGenerator<RawPiece> {
    for await (const { entries } of part.entries({ states: PAYLOAD_STATES }, this.signal)) {
      for (const { state, index, value } of entries) {
        // Another operator's state may have the same name: this one is bytes with their length before them.
        if (value === null || state.kind === 'broadcast' || state.value?.type.name !== 'byte[]') continue;
        const bytes = state.value.read(new Cursor(value));
        if (!(bytes instanceof Uint8Array)) continue;
        const source = new MemorySource(part.file, bytes.slice());
        const decode = (all: Uint8Array): Json => readPayload(state.name, all);
        yield {
          ...piece(source, [{ from: 0, bytes: bytes.length }], decode),
          ...this.place('payload', subtask, state.name, { index }),
          offset: null,
        };
      }
    }
  }

  /** Raw keyed state has no header: what was not found to be timers belongs to the operator alone. */
  async *rawKeyed({ index, rawKeyedState: handle }: SnapshotSubtask, opened: OpenedSubtask): AsyncGenerator<RawPiece> {
    if (handle === null || opened.parts.some(({ backend }) => backend === 'raw')) return;
    if (handle.type !== 'keyGroups' && handle.type !== 'savepointKeyGroups' && handle.type !== 'keyGroupsV2') return;
    const { stream, startKeyGroup, offsets } = handle;
    if (stream === null) return;
    yield* this.guarded('raw-keyed', index, async () => {
      const source = await this.snapshot.files.open(stream);
      return keyGroupRanges(source, startKeyGroup, offsets, RAW_ABSENT)
        .filter(({ from, to }) => to > from)
        .map(({ keyGroup, from, to }) => ({
          ...piece(source, [{ from, bytes: to - from }]),
          ...this.place('raw-keyed', index, 'raw keyed state', { keyGroup }),
        }));
    });
  }

  async *channels({ index, state }: SnapshotSubtask): AsyncGenerator<RawPiece> {
    yield* this.direction(index, 'input', state.inputChannelState, ['gate', 'channel']);
    yield* this.direction(index, 'result', state.resultSubpartitionState, ['partition', 'subpartition']);
  }

  private async *direction(
    subtask: number,
    name: string,
    handles: readonly ChannelStateHandle[],
    [outer, inner]: readonly [string, string],
  ): AsyncGenerator<RawPiece> {
    for (const handle of handles) {
      yield* this.guarded('channel', subtask, async () => {
        const channels = handle.type === 'channel' ? [handle] : readMergedChannels(handle, this.snapshot.metadataPath);
        if (handle.stream === null) return [];
        const source = await this.snapshot.files.open(handle.stream);
        const pieces: RawPiece[] = [];
        for (const { gate, channel, offsets } of channels) {
          const stretches = await bufferStretches(source, offsets, this.signal);
          pieces.push({
            ...piece(source, stretches, (content) => readStreamElements(content, name === 'input')),
            ...this.place('channel', subtask, name, { [outer]: gate, [inner]: channel }),
            offsets,
          });
        }
        return pieces;
      });
    }
  }

  private whole(source: ByteSource, decode: (bytes: Uint8Array) => Json) {
    return piece(source, [{ from: 0, bytes: source.size }], decode);
  }

  private place<K extends RawKind>(what: K, subtask: number | null, name: string, place: Record<string, number>) {
    return { what, operator: this.operator, subtask, name, place };
  }

  private async *guarded(
    what: RawKind,
    subtask: number | null,
    list: () => Promise<RawPiece[]>,
  ): AsyncGenerator<RawPiece> {
    let pieces: RawPiece[];
    try {
      pieces = await list();
    } catch (e) {
      this.fail(what, subtask, e);
      return;
    }
    yield* pieces;
  }

  private fail(what: RawKind, subtask: number | null, thrown: unknown): void {
    const error = asEngineError(thrown);
    if (error.code === 'CANCELLED') throw error;
    this.failed({ operator: this.operator, subtask, what, error });
  }
}

function holdsBytes(handle: OperatorStateHandle): handle is OperatorStateHandle & { stream: StreamHandle } {
  return handle.stream !== null && handle.stream.type !== 'emptySegment' && handle.segment?.isEmpty !== true;
}

function checked(source: ByteSource, from: number, to: number): Stretch {
  if (from >= 0 && from <= to && to <= source.size) return { from, bytes: to - from };
  throw new EngineError('CORRUPT', `A partition begins at ${from}, but the file has ${source.size} bytes.`, {
    file: source.name,
  });
}
