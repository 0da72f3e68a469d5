import { EngineError, throwIfAborted } from '../../bytes/engineError';
import { EntryDecoder } from '../../decodeEntry';
import { isOperator } from '../../entries';
import { bytesOfPieces, piecesOfOperator } from '../../metadata/handles';
import { celValue } from '../../query/celValue';
import type { Snapshot, SnapshotOperator, SnapshotSubtask } from '../../snapshot';
import { OpaqueValue } from '../../types/values';
import { celCell } from '../cel/celCell';
import { type Cell, type DataRow, type DataShare, type DataSource, faultyRow, type ReadOptions } from './dataSource';

const COLUMNS = ['key', 'namespace', 'mapKey', 'value', 'timestamp', 'keyGroup'] as const;

/** The entries of one state of a snapshot as rows: `row.key`, `row.namespace`, `row.mapKey`, `row.value`, `row.timestamp`. */
export class SnapshotRows implements DataSource {
  readonly isText = false;
  readonly columns: readonly string[] = COLUMNS;
  readonly placeName = 'entry';
  /** Those of all states of the operator: some layouts have them mixed. */
  readonly bytes: number;
  private readonly subtasks: readonly SnapshotSubtask[];

  private constructor(
    private readonly snapshot: Snapshot,
    operator: SnapshotOperator,
    private readonly state: string,
  ) {
    this.subtasks = [...operator.subtasks].sort((a, b) => a.index - b.index);
    this.bytes = bytesOfPieces(piecesOfOperator(operator.state));
  }

  /** `NOT_FOUND` where the snapshot has no such operator, or that no such state. */
  static async open(snapshot: Snapshot, operator: string, state: string, signal?: AbortSignal): Promise<SnapshotRows> {
    const found = snapshot.operators.find((candidate) => isOperator(candidate, operator));
    if (found === undefined) {
      throw new EngineError('NOT_FOUND', `The snapshot has no operator ${operator}.`, {
        file: snapshot.metadataPath,
        hint: `It has: ${snapshot.operators
          .slice(0, 10)
          .map(({ uid, id }) => uid ?? id)
          .join(', ')}`,
      });
    }
    const names = new Set<string>();
    for (const subtask of found.subtasks) {
      const { parts } = await subtask.open(signal);
      for (const part of parts) for (const { name } of part.states) names.add(name);
      if (names.has(state)) return new SnapshotRows(snapshot, found, state);
    }
    throw new EngineError('NOT_FOUND', `The operator ${operator} has no state ${state}.`, {
      file: snapshot.metadataPath,
      hint: names.size === 0 ? 'It has none.' : `It has: ${[...names].join(', ')}`,
    });
  }

  get file(): string {
    return this.snapshot.metadataPath;
  }

  /** Some subtasks each. */
  async shares(bytes: number): Promise<DataShare[]> {
    const { length } = this.subtasks;
    const count = Math.min(length, Math.max(1, Math.ceil(this.bytes / bytes)));
    const start = (share: number): number => Math.floor((share * length) / count);
    return Array.from({ length: count }, (_, i) => ({ from: start(i), to: start(i + 1) }));
  }

  async *rows({ signal, share }: ReadOptions = {}): AsyncGenerator<DataRow[]> {
    const states = new Set([this.state]);
    const decoder = new EntryDecoder();
    let place = 0;
    for (const subtask of this.subtasks.slice(share?.from, share?.to)) {
      throwIfAborted(signal);
      const { parts, failures } = await subtask.open(signal);
      const [failure] = failures;
      if (failure !== undefined) throw failure.error.at({ where: `subtask ${subtask.index}` });
      for (const part of parts) {
        if (!part.states.some(({ name }) => name === this.state)) continue;
        for await (const { entries, unread } of part.entries({ states }, signal)) {
          const [lost] = unread;
          if (lost !== undefined) throw new EngineError(lost.code, lost.reason, { file: part.file, where: this.state });
          const rows: DataRow[] = [];
          for (const entry of entries) {
            if (entry.state.name !== this.state) continue;
            place++;
            const { key, namespace, userKey, value } = decoder.decode(entry);
            const opaque = [key, namespace, userKey, value].find((item) => item instanceof OpaqueValue);
            if (opaque !== undefined) {
              rows.push(faultyRow(this, place, `The entry cannot be decoded: ${opaque.why}`));
              continue;
            }
            const { state } = entry;
            const cells: Cell[] = [
              cellOf(key, state.key?.type),
              cellOf(namespace, state.namespace?.type),
              cellOf(userKey, state.userKey?.type),
              cellOf(value, state.value?.type),
              entry.timestamp,
              BigInt(entry.keyGroup),
            ];
            rows.push({ place, cells });
          }
          yield rows;
        }
      }
    }
  }

  /** The snapshot belongs to whoever opened it. */
  async close(): Promise<void> {}
}

/** Byte strings are copied: they are views of a window that goes on. */
function cellOf(value: unknown, type: Parameters<typeof celValue>[1]): Cell {
  const cell = celCell(celValue(value, type));
  return cell instanceof Uint8Array ? cell.slice() : cell;
}
