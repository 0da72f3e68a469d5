import type { JavaClassDescription, JavaValue } from '../../../java/javaValue';
import type { DescribedType } from '../describedType';
import type { Word } from '../words/word';

/** A word of SQL: a logical type, which stands inside `rowData`, `arrayData` and `mapData`. Some are several words: `interval day`. */
export interface SqlWord extends Word {
  /** Constant of `LogicalTypeRoot`. */
  readonly root: string;
  /** Class of the logical type. */
  readonly javaClass: JavaClassDescription;
  /** The fields of that class, beside those of `LogicalType`. */
  javaFields(type: DescribedType, logicalType: (type: DescribedType) => JavaValue): Readonly<Record<string, JavaValue>>;
  /** What Flink keeps such values with (`InternalSerializers`). */
  readonly internal: InternalSerializer;
}

/** The internal serializers, told apart by what their snapshots and their objects hold. */
export type InternalSerializer =
  /** Class of a serializer without fields: one object, a simple snapshot. */
  | { readonly kind: 'singleton'; readonly className: string }
  | { readonly kind: 'decimal' | 'timestamp' | 'array' | 'map' | 'multiset' | 'row' };
