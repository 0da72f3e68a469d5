import type { EngineError } from '../bytes/engineError';
import type { Json } from '../json/jsonValue';
import type { SnapshotOperator } from '../snapshot';

/** What state that has no entries a snapshot can hold. */
export const RAW_KINDS = [
  /** Of an operator's coordinator. */
  'coordinator',
  /** Of a master hook. */
  'master',
  /** Records in flight, of an unaligned checkpoint. */
  'channel',
  /** Raw keyed state other than timers. */
  'raw-keyed',
  'raw-operator',
  /** Of the `Checkpointed` interface of Flink 1.2. */
  'legacy',
  /** Byte arrays in list state into which Flink's own operators put versioned payloads. */
  'payload',
] as const;
export type RawKind = (typeof RAW_KINDS)[number];

/** One piece of such state. */
export interface RawPiece {
  readonly what: RawKind;
  /** Null for master state. */
  readonly operator: SnapshotOperator | null;
  readonly subtask: number | null;
  /** The name that the snapshot has for it: of a hook, of a state; for a channel its direction. */
  readonly name: string;
  /** Which of the pieces of that name it is: key group, partition, index, gate and channel. */
  readonly place: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** The file that holds it. */
  readonly file: string;
  /** Where it begins in its file or its segment of one; null where only the value is at hand, not its place. */
  readonly offset: number | null;
  /** Offsets in the file by which the handle names its parts, where it does. */
  readonly offsets?: readonly number[];
  /** Its bytes, from front to back: of a channel the content of its buffers. */
  read(signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  /** What the bytes say where their format is Flink's own; absent where it is not. Fails where they are not of it. */
  readonly decode?: (signal?: AbortSignal) => Promise<Json>;
}

/** A piece that cannot be listed, with where it belongs. */
export interface RawFailure {
  readonly operator: SnapshotOperator;
  readonly subtask: number | null;
  readonly what: RawKind;
  readonly error: EngineError;
}
