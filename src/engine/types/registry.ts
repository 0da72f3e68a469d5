import type { Cursor } from '../bytes/cursor';
import type { Codec } from './codec';
import { arraysFamily } from './families/arrays';
import { avroFamily } from './families/avro';
import { basicFamily } from './families/basic';
import { bigNumbersFamily } from './families/bigNumbers';
import { cep } from './families/cep';
import { collectionsFamily } from './families/collections';
import { enumsFamily } from './families/enums';
import { javaSerializedFamily } from './families/javaSerialized';
import { kryoFamily } from './families/kryo/kryo';
import { pojoFamily } from './families/pojo';
import { rowFamily } from './families/row';
import { scala } from './families/scala';
import { sinks } from './families/sinks';
import { streaming } from './families/streaming';
import { tableFamily } from './families/table/table';
import { temporalFamily } from './families/temporal';
import { tuplesFamily } from './families/tuples';
import { userValuesFamily } from './families/userValues';
import type { SerializerFactory, SnapshotFactory, TypeFamily } from './family';
import { legacySnapshots } from './legacy/legacySnapshots';
import type { ReadSnapshot, SnapshotReader } from './serializerSnapshot';

/** The forms of serializer references that Flink 1.3 to 1.6 wrote, and later versions for classes of that time. */
export interface LegacySnapshots {
  /** The rest of an envelope of version 1: `UTF config class, i4 version, payload`. */
  readConfigEnvelope(
    cursor: Cursor,
    reader: SnapshotReader,
  ): { codec: Codec; className: string; version: number } & Partial<ReadSnapshot>;
  /**
   * The payload behind the adapter marker of a class that has no new-style snapshot: a `TypeSerializerConfigSnapshot`.
   * `serializer` is the Java-serialized serializer that precedes it. Null if the class is not known either.
   */
  readConfigSnapshot(
    className: string,
    version: number,
    serializer: Uint8Array,
    cursor: Cursor,
    reader: SnapshotReader,
  ): Codec | null;
}

/** All types that the engine knows, by the classes that snapshots name. */
export interface TypeRegistry {
  snapshot(className: string): SnapshotFactory | undefined;
  serializer(className: string): SerializerFactory | undefined;
  readonly legacy: LegacySnapshots | null;
}

const FAMILIES: readonly TypeFamily[] = [
  basicFamily,
  bigNumbersFamily,
  temporalFamily,
  arraysFamily,
  enumsFamily,
  collectionsFamily,
  tuplesFamily,
  rowFamily,
  pojoFamily,
  userValuesFamily,
  javaSerializedFamily,
  tableFamily,
  avroFamily,
  streaming,
  cep,
  sinks,
  scala,
  kryoFamily,
];

/** Packages that Flink 2.0 moved, new name first; classes in them kept their names and formats. */
const MOVED: readonly (readonly [now: string, before: string])[] = [
  ['org.apache.flink.streaming.api.functions.sink.legacy.', 'org.apache.flink.streaming.api.functions.sink.'],
  ['org.apache.flink.table.api.typeutils.', 'org.apache.flink.api.scala.typeutils.'],
];

/** The same class under the name that the other side of Flink 2.0 has for it; null if it did not move. */
export function otherNameOf(className: string): string | null {
  for (const [now, before] of MOVED) {
    if (className.startsWith(now)) return before + className.slice(now.length);
    if (className.startsWith(before)) return now + className.slice(before.length);
  }
  return null;
}

/** Joins families into one registry. A class that two of them claim is a defect and fails at once. */
export function joinFamilies(families: readonly TypeFamily[], legacy: LegacySnapshots | null): TypeRegistry {
  const snapshots = join(families.map((family) => family.snapshots));
  const serializers = join(families.map((family) => family.serializers));
  const find = <F>(map: Map<string, F>, className: string): F | undefined => {
    const other = otherNameOf(className);
    return map.get(className) ?? (other === null ? undefined : map.get(other));
  };
  return {
    snapshot: (className) => find(snapshots, className),
    serializer: (className) => find(serializers, className),
    legacy,
  };
}

function join<F>(parts: readonly Readonly<Record<string, F>>[]): Map<string, F> {
  const all = new Map<string, F>();
  for (const part of parts) {
    for (const [className, factory] of Object.entries(part)) {
      if (all.has(className)) throw new Error(`Two type families claim ${className}.`);
      all.set(className, factory);
    }
  }
  return all;
}

export const registry: TypeRegistry = joinFamilies(FAMILIES, legacySnapshots);
