import { bytesOfPieces, statePieces } from '../../engine/metadata/handles';
import type { Share } from '../../engine/shares';
import { openSnapshot } from '../../engine/snapshot';
import type { ShareCount } from '../../engine/stats/countShare';
import { type CountedOperator, joinCounts } from '../../engine/stats/snapshotStats';
import type { SnapshotStats } from '../../engine/stats/statsModel';
import { statsShares } from '../../engine/stats/statsShares';
import type { FileStore } from '../../engine/storage/byteSource';
import { snapshotIdentity } from '../scratch/identity';

/** A share whose entries are not all counted. */
export interface MissingShare {
  readonly number: number;
  readonly share: Share;
}

/** A snapshot with what was counted of each of its shares until now. Holds no files open. */
export class CountedSnapshot {
  /** Shares that are counted to their end. */
  private readonly done: (ShareCount | undefined)[];
  /** Of the others, what was counted at most: a count that is begun again must first come as far. */
  private readonly growing: (ShareCount | undefined)[];
  private joined: SnapshotStats | null = null;

  private constructor(
    /** What the snapshot is known by where things are kept. */
    readonly identity: string,
    private readonly operators: readonly CountedOperator[],
    private readonly shares: readonly Share[],
    /** Bytes of all state. */
    readonly bytes: number,
  ) {
    this.done = new Array(shares.length);
    this.growing = new Array(shares.length);
  }

  static async open(path: string, store: FileStore, signal: AbortSignal): Promise<CountedSnapshot> {
    const snapshot = await openSnapshot(path, store, { signal });
    try {
      const operators = snapshot.operators.map(({ id, uid, name, state: { parallelism, maxParallelism } }) => ({
        id,
        uid,
        name,
        state: { parallelism, maxParallelism },
      }));
      const bytes = bytesOfPieces(statePieces(snapshot.metadata));
      const identity = await snapshotIdentity(snapshot, store, signal);
      return new CountedSnapshot(identity, operators, statsShares(snapshot), bytes);
    } finally {
      await snapshot.close();
    }
  }

  /** The first stretches of all subtasks before the next ones, so that all of them grow alike. */
  missing(): MissingShare[] {
    const missing = this.shares.flatMap((share, number) =>
      this.done[number] === undefined ? [{ number, share }] : [],
    );
    const start = ({ share }: MissingShare): number => share.number / share.count;
    return missing.sort((a, b) => start(a) - start(b));
  }

  /** Bytes of the shares that are missing, about. */
  get missingBytes(): number {
    return Math.round((this.bytes * this.missingCount) / Math.max(1, this.shares.length));
  }

  private get missingCount(): number {
    return this.shares.filter((_, number) => this.done[number] === undefined).length;
  }

  get isComplete(): boolean {
    return this.missingCount === 0;
  }

  /** A number that this snapshot does not have is of another way of dividing it, and is left out. */
  add(number: number, counted: ShareCount, isDone: boolean): void {
    if (number >= this.shares.length || this.done[number] !== undefined) return;
    if (isDone) this.done[number] = counted;
    else if (entriesOf(counted) >= entriesOf(this.growing[number])) this.growing[number] = counted;
    this.joined = null;
  }

  /** Everything that was counted until now. */
  stats(): SnapshotStats {
    this.joined ??= joinCounts(
      { operators: this.operators },
      this.shares.flatMap((_, number) => this.done[number] ?? this.growing[number] ?? []),
    );
    return this.joined;
  }
}

function entriesOf(counted: ShareCount | undefined): number {
  const states = counted?.operators.flatMap((operator) => operator.states) ?? [];
  return states.reduce((sum, { entries }) => sum + entries, 0);
}
