import { writeOperatorHeader } from '../backends/operatorHeader';
import { operatorState } from '../backends/partState';
import type { StateMeta } from '../backends/stateMeta';
import { throwIfAborted } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { DistributionMode, OperatorStateHandle } from '../metadata/model';
import type { OutputPlace } from './keyedRewrite';
import { fillFile, type NewFile } from './newFile';

const MODES: Readonly<Record<string, DistributionMode>> = {
  'operator-list': 'splitDistribute',
  'operator-union': 'union',
  broadcast: 'broadcast',
};

/** Byte strings in batches; each is the receiver's until it asks for the next batch. */
export type Batches = AsyncIterable<readonly Uint8Array[]>;

/** What one subtask has of one operator state. */
export interface OperatorStateContent {
  /** As it is to stand in the header. */
  readonly meta: StateMeta;
  /**
   * Elements of list and union state, each as its serializer writes it; entries of a broadcast state, each as key and value
   * behind one another. Null where the subtask's header names the state, but its file holds nothing of it.
   */
  readonly items: Batches | null;
  /** Entries of a broadcast state, whose number stands before them; absent where the items begin with it. */
  readonly entries?: number;
}

/** Bytes that are collected before they go to the file. */
const BLOCK = 64 * 1024;

/**
 * Writes the managed operator state of one subtask: the header in the form of `version` (1 to 6, as `OperatorHeader` has them),
 * list states, then broadcast states, never compressed. The handle has the offset of each element and of each broadcast state.
 * Source: DefaultOperatorStateBackendSnapshotStrategy, PartitionableListState#write, HeapBroadcastState#write.
 */
export async function writeOperatorStateFile(
  version: number,
  contents: readonly OperatorStateContent[],
  place: OutputPlace,
  signal?: AbortSignal,
): Promise<OperatorStateHandle> {
  const sink = new Sink();
  writeOperatorHeader(
    sink,
    version,
    contents.map(({ meta }) => meta),
  );
  const states: OperatorStateHandle['states'] = [];
  const stream = await fillFile(place, async (file) => {
    await file.write(sink.toBytes());
    const isBroadcast = ({ meta }: OperatorStateContent): boolean => meta.type === 'broadcast';
    for (const content of [...contents.filter((c) => !isBroadcast(c)), ...contents.filter(isBroadcast)]) {
      if (content.items === null) continue;
      const { meta, items, entries } = content;
      const collected = new Collected(file);
      const offsets = isBroadcast(content) ? [file.position] : [];
      if (isBroadcast(content) && entries !== undefined) collected.count(entries);
      for await (const batch of items) {
        throwIfAborted(signal);
        for (const item of batch) {
          if (!isBroadcast(content)) offsets.push(collected.position);
          collected.add(item);
        }
        await collected.flush(BLOCK);
      }
      await collected.flush(1);
      states.push({ name: meta.name, mode: MODES[operatorState(meta).kind], offsets });
    }
  });
  return { type: 'partitionable', states, segment: null, stream };
}

/** Small pieces on their way into a file. */
class Collected {
  private readonly sink = new Sink();

  constructor(private readonly file: NewFile) {}

  get position(): number {
    return this.file.position + this.sink.position;
  }

  count(entries: number): void {
    this.sink.i32(entries);
  }

  add(item: Uint8Array): void {
    this.sink.raw(item);
  }

  /** Once there are so many bytes. */
  async flush(least: number): Promise<void> {
    if (this.sink.position < least) return;
    await this.file.write(this.sink.toBytes());
    this.sink.clear();
  }
}
