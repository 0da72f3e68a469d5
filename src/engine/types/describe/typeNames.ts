import type { FlinkLine } from './flinkLine';
import { SQL_WORDS } from './sql/sqlWords';
import { TYPE_WORDS } from './typeWords';
import type { Word } from './words/word';

/** A word of the language of types, for lists and completion. */
export interface TypeName {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** A whole type that starts with the word. */
  readonly example: string;
  /** `sql`: it stands inside `rowData`, `arrayData` and `mapData` only. */
  readonly vocabulary: 'state' | 'sql';
  /** First line of Flink that has it; absent for those that all have. */
  readonly since?: FlinkLine;
}

/** Every word, in the order in which people are shown them: types of states, then those of SQL that stand inside rows. */
export const TYPE_NAMES: readonly TypeName[] = [
  ...TYPE_WORDS.map((word) => typeName(word, 'state')),
  ...SQL_WORDS.map((word) => typeName(word, 'sql')),
];

function typeName({ name, about, example, since }: Word, vocabulary: TypeName['vocabulary']): TypeName {
  return { name, about, example, vocabulary, ...(since !== undefined && { since }) };
}
