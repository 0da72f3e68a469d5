import type { RawEntry, StatePart } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import type { StateBackendKind } from '../description';
import { type EntryBatch, type EntryFailure, snapshotEntries } from '../entries';
import { JsonBytes } from '../json/jsonBytes';
import type { DumpFormat } from '../query/dumpFormat';
import type { KeyLookup } from '../query/lookup';
import { stateBlocks } from '../rows/stateBlocks';
import type { Snapshot, SnapshotOperator } from '../snapshot';

export interface ExportOptions {
  /** The operator's id. */
  readonly operator: string;
  readonly state: string;
  readonly backend: StateBackendKind;
  /** Only entries under this key; only its key group is read. */
  readonly key: KeyLookup | null;
  /** Whether an entry of a subtask is wanted; null where all are. */
  readonly wanted: ((entry: RawEntry, subtask: number) => boolean) | null;
  readonly format: DumpFormat;
}

export interface ExportProgress {
  rows: number;
  /** From 0 to 1. */
  done: number;
}

/** Bytes that are handed out at once; one batch more may come on top. */
const CHUNK = 512 * 1024;

/**
 * The entries of one state as a file: pieces of it in order, each in bytes of its own. What cannot be read becomes an `unread`
 * line where its state is known, as in a dump, and is given to `failed` too.
 */
export async function* exportState(
  snapshot: Snapshot,
  options: ExportOptions,
  failed: (failure: EntryFailure) => void,
  advance: (progress: ExportProgress) => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { operator, state, backend, key, wanted, format } = options;
  const isOwn = ({ backend: of }: StatePart): boolean => of === backend;
  const query = {
    operator: ({ id }: SnapshotOperator) => id === operator,
    states: new Set([state]),
    ...(key !== null && {
      keyGroup: (_: SnapshotOperator, part: StatePart) => (isOwn(part) ? (key.keyGroup ?? 'any') : 'none'),
      key: () => key.bytes,
    }),
  };
  const out = new JsonBytes(new Uint8Array(CHUNK));
  const lines = format.lines(out);
  const shares = new Shares(snapshot, options);
  let rows = 0;
  out.text(format.header);
  for await (const batch of snapshotEntries(snapshot, query, failed, signal)) {
    if (!isOwn(batch.part)) continue;
    for (const entry of batch.entries) {
      if (key !== null && !SlicedEntry.of(entry).hasKey(key.bytes)) continue;
      if (wanted?.(entry, batch.subtask.index) === false) continue;
      lines.entry(batch, entry);
      rows++;
    }
    for (const unread of batch.unread) if (unread.state.name === state) lines.unread(batch, unread);
    advance({ rows, done: shares.before(batch) });
    if (out.length >= CHUNK) yield out.take(new Uint8Array(CHUNK));
  }
  lines.end?.();
  advance({ rows, done: 1 });
  if (out.length > 0) yield out.take(new Uint8Array(0));
}

/** How much of a state lies in front of a place, by the bytes of its blocks. */
class Shares {
  private readonly starts = new Map<string, number>();
  private readonly all: number;

  constructor({ operators }: Snapshot, { operator: id, state, backend }: ExportOptions) {
    let bytes = 0;
    const operator = operators.find((of) => of.id === id);
    for (const block of operator === undefined ? [] : stateBlocks(operator, { state, backend })) {
      this.starts.set(`${block.subtask.index} ${block.keyGroup ?? -1}`, bytes);
      bytes += block.bytes;
    }
    this.all = Math.max(1, bytes);
  }

  /** From 0 to 1. */
  before({ subtask, entries }: EntryBatch): number {
    const keyGroup = entries.at(-1)?.keyGroup ?? -1;
    return (this.starts.get(`${subtask.index} ${keyGroup}`) ?? 0) / this.all;
  }
}
