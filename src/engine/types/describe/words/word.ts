import { EngineError } from '../../../bytes/engineError';
import type { DescribedType } from '../describedType';
import { type FlinkLine, isAtLeast } from '../flinkLine';
import type { SnapshotOutput } from '../snapshotOutput';

/** What may or must stand behind a word. What is not named may not stand there. */
export interface WordShape {
  readonly className?: 'needed' | 'allowed';
  /** Numbers in round brackets, by what they are called; all of them or, where they have defaults, none. */
  readonly parameters?: readonly ParameterRange[];
  /** How many types in angle brackets; `fields` may stand in their place where the word takes both. */
  readonly arguments?: readonly [least: number, most: number];
  /** No angle brackets are something else than empty ones. */
  readonly argumentsMayMiss?: true;
  readonly fields?: 'needed' | 'insteadOfArguments';
  readonly constants?: 'ordered' | 'numbered';
  readonly schema?: true;
  /** The types inside are those of SQL. */
  readonly sql?: true;
}

export interface ParameterRange {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Where it may be left out, what it is then. */
  readonly fallback?: number;
}

/** A word of the language of types, of Java's types as of SQL's. */
export interface Word {
  /** As `inspect` prints it. */
  readonly name: string;
  /** Other names for it, beside those that differ in capitals, hyphens and underscores only. */
  readonly also?: readonly string[];
  /** One line for people who choose a type. */
  readonly about: string;
  readonly example: string;
  readonly shape: WordShape;
  /** First line whose releases have the serializer. */
  readonly since?: FlinkLine;
  /** Its values may be null without a `NullableSerializer`; a question mark behind it changes nothing. */
  readonly alwaysNullable?: true;
  /** What is wrong although the parts that stand there are the right ones; null if nothing is. */
  fault?(type: DescribedType): string | null;
}

/** A word that stands for one serializer of Flink. */
export interface TypeWord extends Word {
  /** Writes the serializer's snapshot: `UTF class, i4 version, payload`. */
  write(type: DescribedType, out: SnapshotOutput): void;
  /** The Java class of the values, for arrays of them. */
  javaClass(type: DescribedType): string;
}

/** Fails where the line does not have what the word stands for. */
export function expectSince({ name, since }: Word, line: FlinkLine): void {
  if (since !== undefined && !isAtLeast(line, since))
    throw new EngineError('BAD_ARGUMENT', `Flink ${line} has no serializer for ${name}: it is there since ${since}.`);
}

/** The type in angle brackets at `index`, which the parser has checked to be there. */
export function argumentOf(type: DescribedType, index: number): DescribedType {
  const argument = type.arguments?.[index];
  if (argument === undefined) throw new EngineError('BAD_ARGUMENT', `${type.name} needs a type in <…>.`);
  return argument;
}

export function classOf(type: DescribedType): string {
  if (type.className === undefined) throw new EngineError('BAD_ARGUMENT', `${type.name} needs the name of a class.`);
  return type.className;
}

/** The types of the fields, however they are given: by name in braces or by order in angle brackets. */
export function fieldTypes(type: DescribedType): readonly DescribedType[] {
  return type.arguments ?? type.fields?.map((field) => field.type) ?? [];
}

export const BASE = 'org.apache.flink.api.common.typeutils.base.';
export const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';
