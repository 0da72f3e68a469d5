import { mixed } from '../bytes/byteHash';

const FIRST_SLOTS = 1 << 8;
/** Slots of the largest table: 4 MB, half of them filled at most. */
const MOST_SLOTS = 1 << 19;
const TWO_TO_32 = 2 ** 32;

/** How many different ones there were. */
export interface Distinct {
  count: number;
  /** Whether the count is exact (but for two in 2^53 byte strings that share a hash), or an estimate. */
  exact: boolean;
}

/**
 * Counts different byte strings in bounded memory, by their hashes: exactly while they are few; when they become many, only
 * those hashes are kept that end in `depth` zero bits, which makes an estimate (Wegman's adaptive sampling, here within about
 * 0.3 % of the truth).
 */
export class DistinctCount {
  private table = new Float64Array(FIRST_SLOTS).fill(-1);
  private size = 0;
  private depth = 0;

  constructor(private readonly mostSlots = MOST_SLOTS) {}

  add(bytes: Uint8Array, from = 0, to = bytes.length): void {
    // Two 32-bit hashes in one loop; the second mix spreads the bits that FNV leaves together.
    let low = 0x811c9dc5;
    let high = to - from;
    for (let i = from; i < to; i++) {
      low = Math.imul(low ^ bytes[i], 0x01000193);
      high = Math.imul(high ^ bytes[i], 0x5bd1e995) ^ (high >>> 13);
    }
    low = mixed(low ^ (high >>> 7));
    this.insert((mixed(high) & 0x1fffff) * TWO_TO_32 + (low >>> 0));
  }

  get distinct(): Distinct {
    return { count: this.size * 2 ** this.depth, exact: this.depth === 0 };
  }

  private insert(hash: number): void {
    if (!this.isKept(hash) || !this.place(hash)) return;
    this.size++;
    if (this.size * 2 <= this.table.length) return;
    const kept = this.table;
    const isFull = kept.length >= this.mostSlots;
    if (isFull) this.depth++;
    this.table = new Float64Array(isFull ? kept.length : kept.length * 2).fill(-1);
    this.size = 0;
    for (const other of kept) if (other >= 0 && this.isKept(other) && this.place(other)) this.size++;
  }

  private isKept(hash: number): boolean {
    return hash % 2 ** this.depth === 0;
  }

  /** False if it is there already. */
  private place(hash: number): boolean {
    const { table } = this;
    const mask = table.length - 1;
    // Bits that the sampling does not look at, so that what is kept still spreads over the table.
    let slot = Math.imul(hash / TWO_TO_32, 0x9e3779b1) + Math.floor((hash % TWO_TO_32) / 2 ** 12);
    for (slot &= mask; table[slot] >= 0; slot = (slot + 1) & mask) if (table[slot] === hash) return false;
    table[slot] = hash;
    return true;
  }
}
