import { sameBytes } from '../../bytes/byteStrings';
import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { bytesToHex } from '../../bytes/hex';
import { keyGroupOf } from '../../keyGroups';
import type { Codec } from '../../types/codec';
import { type HashCandidate, hashCandidates } from '../../types/hashCandidates';
import type { KeyedSource } from '../keyedSource';

/** How little chance alone must be able to explain, in bits, beyond the choice among the candidates. */
const CERTAINTY = 32;
/** Names of candidates that an error lists. */
const MOST_NAMED = 4;

/** The codec of keys whose class computes its hash code in the given one of the known ways. */
export function withKeyHash(codec: Codec, name: string): Codec {
  const candidate = hashCandidates(codec).find((one) => one.name === name);
  if (candidate === undefined) throw new EngineError('INTERNAL', `Internal error: no hash is called '${name}'.`);
  return {
    type: codec.type,
    length: codec.length,
    ...(codec.minimum !== undefined && { minimum: codec.minimum }),
    ...(codec.parts !== undefined && { parts: codec.parts }),
    read: (cursor) => codec.read(cursor),
    skip: (cursor) => codec.skip(cursor),
    write: (sink, value) => codec.write(sink, value),
    fromJson: (json) => codec.fromJson(json),
    hash: (value) => {
      const hash = candidate.hash(value);
      if (hash !== null) return hash;
      throw new EngineError('REFUSED', 'A key is of another class than those that its hash was found for.');
    },
  };
}

/**
 * Finds how the job's own class computes the hash code of its keys: the known ways are tried on the stored keys, each of which
 * lies in the key group that its hash says. Gives the name of the one that is right for every key. `REFUSED`, with what was
 * tried, where none is, where several are that would place a key differently, and where so few keys are stored that chance could
 * explain it.
 */
export async function findKeyHash(
  source: KeyedSource,
  codec: Codec,
  target: number,
  signal?: AbortSignal,
): Promise<string> {
  const candidates = hashCandidates(codec);
  if (candidates.length === 0) throw refused(codec, 'No way to compute it is known.', whyNone(codec));
  const { maxParallelism } = source.operator.state;
  const needed = CERTAINTY + Math.log2(candidates.length);
  const different = new Set<string>();
  let left: readonly HashCandidate[] = candidates;
  let areTold = true;
  const isProved = (): boolean => different.size * Math.log2(maxParallelism) >= needed;
  for await (const { value, key, keyGroup } of keysOf(source, codec, signal)) {
    if (different.size < MOST_COUNTED) different.add(bytesToHex(key.subarray(0, MOST_KEY_BYTES)));
    left = left.filter(({ hash }) => {
      const code = hash(value);
      return code !== null && keyGroupOf(code, maxParallelism) === keyGroup;
    });
    if (left.length === 0) throw refused(codec, tried(candidates));
    areTold &&= left.every(({ isTold }) => isTold?.(value) === true);
    // Whether it is right for the keys behind is found when they are moved.
    if (left.length === 1 && isProved()) break;
  }
  if (!isProved() && !areTold) {
    throw refused(codec, `Of ${different.size} different keys it cannot be told: chance could explain it.`);
  }
  const [found] = left;
  if (left.length > 1) {
    for await (const { value } of keysOf(source, codec, signal)) {
      const places = new Set(left.map(({ hash }) => keyGroupOf(hash(value) ?? 0, target)));
      if (places.size === 1) continue;
      throw refused(codec, `Several are right for all keys, but differ in where these go: ${named(left)}.`);
    }
  }
  return found.name;
}

/** The keys of all entries, one that follows itself once. */
async function* keysOf(
  source: KeyedSource,
  codec: Codec,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ value: unknown; key: Uint8Array; keyGroup: number }> {
  let last: Uint8Array = new Uint8Array(0);
  for (const share of source.shares(1)) {
    for await (const { entries } of source.entriesOf(share, signal)) {
      for (const { key, keyGroup, fault } of entries) {
        if (key === null || fault !== null) throw refused(codec, 'A key cannot be read.');
        if (sameBytes(key, last)) continue;
        last = key.slice();
        yield { value: codec.read(new Cursor(last)), key: last, keyGroup };
      }
    }
  }
}

/** Different keys that are counted, more than any certainty needs. */
const MOST_COUNTED = 256;
const MOST_KEY_BYTES = 1024;

const named = (candidates: readonly HashCandidate[]): string =>
  candidates
    .slice(0, MOST_NAMED)
    .map(({ name }) => name)
    .join('; ');

function tried(candidates: readonly HashCandidate[]): string {
  const more = candidates.length > MOST_NAMED ? ` and ${candidates.length - MOST_NAMED} more` : '';
  return `Tried, and wrong for some stored key: ${named(candidates)}${more}.`;
}

function whyNone({ type }: Codec): string {
  if (type.name !== 'enum' && type.name !== 'scala-enum') return '';
  return ' Java gives constants of an enum another hash code in each run, so that no key group could be found again.';
}

function refused({ type }: Codec, why: string, more = ''): EngineError {
  return new EngineError(
    'REFUSED',
    `Only the job's own class could say the hash code of its keys, of type ${type.className ?? type.name}, so that their key groups cannot be computed. ${why}${more}`,
    { hint: 'Leave the max parallelism as it is; a parallelism up to it can be chosen freely.' },
  );
}
