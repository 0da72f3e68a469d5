import type { TypeInfo } from '../typeInfo';

/**
 * A type as a plan describes it: what `parseTypeText` makes from `map<string, list<long>>`, and `newSerializer` the serializer
 * snapshot from. A word of the language says which of the parts its types have (`TypeWord`).
 */
export interface DescribedType {
  /** A word of the language as it is printed: `long`, `byte[]`, `pojo`, `rowData` …; of a type of SQL, the word of SQL. */
  readonly name: string;
  /** Java class of the values, where the word needs or takes one. */
  readonly className?: string;
  /** Numbers in round brackets: precision, scale, length. */
  readonly parameters?: readonly number[];
  /** Types in angle brackets. */
  readonly arguments?: readonly DescribedType[];
  /** Fields in braces. */
  readonly fields?: readonly DescribedField[];
  /** Constants of an enum, in the order of their numbers. */
  readonly constants?: readonly DescribedConstant[];
  /** The schema of Avro values. */
  readonly schema?: AvroSchemaSource;
  /** The serializer takes null: `NullableSerializer` around that of the type. */
  readonly nullable?: boolean;
  /** A type of SQL that has no null: `NOT NULL`, a part of the logical type that Flink compares. */
  readonly notNull?: boolean;
  /** A serializer that a snapshot holds, to be carried over as it stands there. Nothing else is set then but the name. */
  readonly stored?: StoredSerializer;
}

export interface DescribedField {
  readonly name: string;
  readonly type: DescribedType;
  /** The class that declares the field of a POJO, where it is not the POJO's own: a superclass. */
  readonly declaredIn?: string;
}

export interface DescribedConstant {
  readonly name: string;
  /** Number of a value of a `scala.Enumeration`; Java's constants are numbered by their order. */
  readonly id?: number;
}

/** A file still to be read, or the schema itself as JSON text. */
export type AvroSchemaSource = { readonly file: string } | { readonly json: string };

export interface StoredSerializer {
  /** `UTF class, i4 version, payload` (`TypeSerializerSnapshot.writeVersionedSnapshot`). */
  readonly snapshot: Uint8Array;
  /** What the snapshot says of the type. */
  readonly info: TypeInfo;
}
