import type { RawEntry } from '../backends/part';
import { sameBytes } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { writeJson } from '../json/writeJson';
import { keyGroupOf, murmurHash } from '../keyGroups';
import { type Codec, hashOfBytes } from '../types/codec';

/** Gives every key its key group, by the hash of the key, which is proved on every key that the source has. */
export class KeyGroupRule {
  private last: { key: Uint8Array; keyGroup: number } | null = null;
  private readonly hashAt: ((cursor: Cursor) => number) | null;

  constructor(
    private readonly key: Codec | null,
    private readonly from: number,
    private readonly to: number,
    /** Whether keys that do not move are proved too, where their hash is known. */
    private readonly proves = false,
  ) {
    this.hashAt = key === null ? null : hashOfBytes(key);
  }

  /** Whether keys move: else their groups stay as they are, and need no hash. */
  get moves(): boolean {
    return this.from !== this.to;
  }

  /** Whether the key group of each key is computed. */
  get checks(): boolean {
    return this.moves || (this.proves && this.isKnown);
  }

  /** Whether the hash of keys can be computed. */
  get isKnown(): boolean {
    return this.key?.hash !== undefined;
  }

  /** The last key group that there will be. */
  get lastGroup(): number {
    return this.to - 1;
  }

  /** The group of a stored entry from now on. `REFUSED` where the hash gives not the group in which the source has it. */
  of({ key, keyGroup, fault, state }: RawEntry): number {
    if (!this.checks) return keyGroup;
    if (key === null || fault !== null) {
      throw new EngineError('REFUSED', `A key of the state ${state.name} cannot be read: ${fault ?? 'it has none'}.`);
    }
    if (this.last !== null && sameBytes(this.last.key, key)) return this.last.keyGroup;
    const moved = this.at(new Cursor(key), keyGroup, state.name);
    this.last = { key: key.slice(), keyGroup: moved };
    return moved;
  }

  /** The same for the stored key at the cursor. */
  at(cursor: Cursor, keyGroup: number, state: string): number {
    const { hashAt } = this;
    if (hashAt === null) return this.hashing().hash(null);
    const from = cursor.position;
    const code = hashAt(cursor);
    const mixed = murmurHash(code);
    if (mixed % this.from !== keyGroup) {
      cursor.position = from;
      throw this.misplaced(cursor, code, keyGroup, state);
    }
    return mixed % this.to;
  }

  private misplaced(cursor: Cursor, code: number, keyGroup: number, state: string): EngineError {
    const { codec } = this.hashing();
    const from = cursor.position;
    const value = codec.read(cursor);
    const bytes = bytesToHex(cursor.bytes.subarray(from, cursor.position));
    return new EngineError(
      'REFUSED',
      `The hash of a key does not give the key group in which it is stored: key ${writeJson(value)} (bytes ${bytes}) lies in ${keyGroup}, but its hash code ${code} as ${codec.type.name} gives ${keyGroupOf(code, this.from)} of ${this.from}.`,
      {
        where: state,
        hint: 'The job computes the hash of its keys in a way that the snapshot does not tell. Leave the max parallelism as it is.',
      },
    );
  }

  /** The group of a key that the source may not have. */
  ofNew(value: unknown): number {
    return keyGroupOf(this.hashing().hash(value), this.to);
  }

  /** The group that the source would have such a key in. */
  sourceOfNew(value: unknown): number {
    return keyGroupOf(this.hashing().hash(value), this.from);
  }

  /** Fails with `REFUSED` where only the job's own class could say the hash. */
  hashing(): { codec: Codec; hash: (value: unknown) => number } {
    const { key: codec } = this;
    const hash = codec?.hash?.bind(codec);
    if (codec !== null && hash !== undefined) return { codec, hash };
    throw new EngineError(
      'REFUSED',
      `Only the job's own class could say the hash code of its keys, of type ${codec?.type.name ?? 'unknown'}, so that their key groups cannot be computed.`,
      { hint: 'Leave the max parallelism as it is; a parallelism up to it can be chosen freely.' },
    );
  }
}
