import type { StatePart } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { Json } from '../json/jsonValue';
import { keyGroupOf } from '../keyGroups';
import type { SnapshotOperator } from '../snapshot';
import type { Codec } from '../types/codec';

/** A key that is looked for. */
export interface KeyLookup {
  /** Where it must lie; null where only a class of the job could tell. */
  keyGroup: number | null;
  /** As its serializer writes it. */
  bytes: Uint8Array;
}

/** The key as its serializer writes it; fails with `BAD_VALUE` where the JSON does not fit its type. */
export function lookupOf(codec: Codec, key: Json, maxParallelism: number): KeyLookup {
  const value = codec.fromJson(key);
  const sink = new Sink();
  codec.write(sink, value);
  return {
    keyGroup: codec.hash === undefined ? null : keyGroupOf(codec.hash(value), maxParallelism),
    bytes: sink.toBytes(),
  };
}

/** The same key in operators whose keys may have different types. */
export class KeyLookups {
  private readonly found = new Map<string, KeyLookup | null>();
  private misfit: EngineError | null = null;

  constructor(private readonly key: Json) {}

  /** Null where no such key can be: its type is another, or the snapshot does not say how keys are serialized. */
  of(operator: SnapshotOperator, { key }: StatePart): KeyLookup | null {
    const known = this.found.get(operator.id);
    if (known !== undefined || key === null) return known ?? null;
    const lookup = this.attempt(key, operator.state.maxParallelism);
    this.found.set(operator.id, lookup);
    return lookup;
  }

  keyGroup(operator: SnapshotOperator, part: StatePart): number | 'any' | 'none' {
    const lookup = this.of(operator, part);
    return lookup === null ? 'none' : (lookup.keyGroup ?? 'any');
  }

  /** Fails with `BAD_VALUE` if the key fitted no operator that was asked about. */
  expectFit(): void {
    if (this.misfit !== null && [...this.found.values()].every((lookup) => lookup === null)) throw this.misfit;
  }

  private attempt(key: Codec, maxParallelism: number): KeyLookup | null {
    try {
      return lookupOf(key, this.key, maxParallelism);
    } catch (e) {
      if (!(e instanceof EngineError) || (e.code !== 'BAD_VALUE' && e.code !== 'UNREADABLE')) throw e;
      this.misfit ??= e;
      return null;
    }
  }
}
