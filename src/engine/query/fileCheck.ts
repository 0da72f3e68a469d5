import { asEngineError, type EngineError, throwIfAborted } from '../bytes/engineError';
import { type StatePiece, type StateRole, sharedKey, statePieces } from '../metadata/handles';
import type { OperatorState } from '../metadata/model';
import { operatorName } from '../operatorName';
import type { Snapshot } from '../snapshot';
import type { Findings } from './findings';

/** Bytes read at once where nothing is decoded. */
const BLOCK = 1024 * 1024;

const ROLE_NAMES: Readonly<Record<StateRole, string>> = {
  coordinator: 'coordinator state',
  legacy: 'legacy state',
  managedOperator: 'operator state',
  rawOperator: 'raw operator state',
  managedKeyed: 'keyed state',
  rawKeyed: 'raw keyed state',
  inputChannel: 'input channel state',
  resultSubpartition: 'result subpartition state',
};

/**
 * The files of a snapshot, as far as reading its entries does not prove them: reads what is not taken apart to its end, and
 * tells every file that is missing at every place that needs it. A RocksDB instance, for one, fails at the first of its files.
 */
export class FileCheck {
  /** Places that are told already, with their files. */
  private readonly told = new Set<string>();
  private readonly results = new Map<string, EngineError | null>();
  private bytes = 0;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly findings: Findings,
  ) {}

  /** Notes that a finding names this file at this subtask. */
  toldOf(operator: OperatorState, subtask: number | null, file: string | undefined): void {
    this.told.add(`${operator.id} ${subtask} ${file}`);
  }

  /** Returns the number of bytes that were read. */
  async run(signal?: AbortSignal): Promise<number> {
    for (const piece of statePieces(this.snapshot.metadata)) {
      const error = await this.check(piece, signal);
      if (error === null) continue;
      const { operator, subtask, role } = piece;
      const index = subtask?.index ?? null;
      if (!isPlain(piece) && this.told.has(`${operator.id} ${index} ${error.file}`)) continue;
      const name = operatorName(operator);
      const place = index === null ? [name, ROLE_NAMES[role]] : [name, `subtask ${index}`, ROLE_NAMES[role]];
      this.findings.error('error', error, place.join(' / '));
    }
    return this.bytes;
  }

  /** What is wrong with a piece, or null. A piece that is named several times is looked at once. */
  private async check(piece: StatePiece, signal: AbortSignal | undefined): Promise<EngineError | null> {
    const shared = sharedKey(piece.at);
    const key = shared === null ? null : `${isPlain(piece)} ${shared}`;
    const known = key === null ? undefined : this.results.get(key);
    if (known !== undefined) return known;
    const result = await this.read(piece, signal);
    if (key !== null) this.results.set(key, result);
    return result;
  }

  private async read(piece: StatePiece, signal: AbortSignal | undefined): Promise<EngineError | null> {
    if (piece.at.type === 'changelogBytes') return null;
    throwIfAborted(signal);
    try {
      const source = await this.snapshot.files.open(piece.at);
      if (!isPlain(piece)) return null;
      for (let at = 0; at < source.size; at += BLOCK) {
        throwIfAborted(signal);
        this.bytes += (await source.read(at, Math.min(BLOCK, source.size - at), signal)).length;
      }
      return null;
    } catch (e) {
      const error = asEngineError(e);
      if (error.code === 'CANCELLED') throw error;
      return error;
    }
  }
}

/** State that reading the entries does not read. */
const isPlain = ({ role }: StatePiece): boolean => role !== 'managedOperator' && role !== 'managedKeyed';
