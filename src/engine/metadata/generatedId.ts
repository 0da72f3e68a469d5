import { hexToBytes } from '../bytes/hex';
import { murmur3x64 } from '../java/murmur3';
import { isOperatorId } from './operatorId';

/** Where an operator without a uid stands in the graph of its job, as its id says. */
export interface GraphPosition {
  /** How many operators Flink numbered before it, sources first. */
  readonly index: number;
  /** How many operators are chained to its output. */
  readonly chained: number;
}

/** Operators of one job; those with a uid count, too. */
const MAX_INDEX = 64;
/** Outputs of one operator that are chained to it. */
const MAX_CHAINED = 5;
/** Of an operator with an operator between it and one that is known, these many numbers apart. */
const MAX_GAP = 8;
/** Beyond so many operators pairs of inputs are not tried. */
const MAX_PAIRED = 24;
/** Chained outputs of an operator beside one that is not known. */
const NEAR_CHAINED = 3;
const ID_BYTES = 16;
const FACTOR = 37;
const NO_INPUT = new Uint8Array(ID_BYTES);

/**
 * Tells the ids that Flink generates for operators without a uid from hashes of uids, by making them again: from the number of
 * the operator in a walk through the graph, the outputs that are chained to it, and the ids of its inputs. Inputs are looked for
 * among the snapshot's operators, with at most one unknown one between. An id that is not found may be of either kind.
 * Source: org.apache.flink.streaming.api.graph.StreamGraphHasherV2 (since 1.2), `generateDeterministicHash`: murmur3_128 of the
 * number, little-endian, once and once more for each chained output; for each input each byte times 37, XOR the input's byte.
 */
export function generatedIds(ids: readonly string[]): Map<string, GraphPosition> {
  const wanted = ids.filter(isOperatorId);
  const hashes = wanted.map(hexToBytes);
  const search = new Search(wanted, hashes);
  const locals = localHashes();
  const sources = locals.filter(({ index, chained }) => index < 2 * MAX_GAP && chained < NEAR_CHAINED);
  const inputs = [...hashes, ...sources.map(({ hash }) => hash)];
  const near = locals.filter(({ chained }) => chained < NEAR_CHAINED);
  for (const local of locals) {
    search.look(local.hash, NO_INPUT, local, 1);
    for (const input of inputs) search.look(local.hash, input, local);
  }
  for (const between of near) {
    const after = near.filter(({ index }) => index > between.index && index <= between.index + MAX_GAP);
    for (const input of hashes) {
      const unknown = withInput(between.hash, input);
      for (const local of after) search.look(local.hash, unknown, local);
    }
  }
  const paired = hashes.slice(0, MAX_PAIRED);
  for (const local of locals) {
    for (const first of paired) {
      const one = withInput(local.hash, first);
      for (const second of paired) search.look(one, second, local);
    }
  }
  return search.found;
}

/** Looks for hashes among ids. Most are told apart by their first bytes; only of the others the rest is computed. */
class Search {
  readonly found = new Map<string, GraphPosition>();
  private readonly byStart = new Map<number, { id: string; hash: Uint8Array }[]>();

  constructor(ids: readonly string[], hashes: readonly Uint8Array[]) {
    for (const [i, id] of ids.entries()) {
      const start = startOf(hashes[i], NO_INPUT, 1);
      this.byStart.set(start, [...(this.byStart.get(start) ?? []), { id, hash: hashes[i] }]);
    }
  }

  /** An id that is `hash` times `factor`, XOR `input`, byte by byte. */
  look(hash: Uint8Array, input: Uint8Array, { index, chained }: GraphPosition, factor = FACTOR): void {
    for (const { id, hash: wanted } of this.byStart.get(startOf(hash, input, factor)) ?? []) {
      const isIt = wanted.every((byte, i) => byte === (((hash[i] * factor) ^ input[i]) & 0xff));
      if (isIt && !this.found.has(id)) this.found.set(id, { index, chained });
    }
  }
}

function startOf(hash: Uint8Array, input: Uint8Array, factor: number): number {
  const byte = (i: number): number => ((hash[i] * factor) ^ input[i]) & 0xff;
  return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}

interface LocalHash extends GraphPosition {
  readonly hash: Uint8Array;
}

let known: LocalHash[] | undefined;

/** The hash of each position as if it had no input. */
function localHashes(): readonly LocalHash[] {
  if (known !== undefined) return known;
  known = [];
  for (let index = 0; index < MAX_INDEX; index++) {
    for (let chained = 0; chained <= MAX_CHAINED; chained++) {
      const numbers = new DataView(new ArrayBuffer(4 * (chained + 1)));
      for (let i = 0; i <= chained; i++) numbers.setInt32(4 * i, index, true);
      known.push({ index, chained, hash: murmur3x64(new Uint8Array(numbers.buffer)) });
    }
  }
  return known;
}

function withInput(hash: Uint8Array, input: Uint8Array): Uint8Array {
  const result = new Uint8Array(ID_BYTES);
  for (let i = 0; i < ID_BYTES; i++) result[i] = (hash[i] * FACTOR) ^ input[i];
  return result;
}
