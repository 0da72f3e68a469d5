import { EngineError } from '../../bytes/engineError';
import type { DescribedType } from './describedType';
import { plainName } from './plainName';
import { avroWord } from './words/avroWord';
import { basicWords, primitiveArrayWords } from './words/basicWords';
import { classWords } from './words/classWords';
import { compositeWords } from './words/compositeWords';
import { kryoWord } from './words/kryoWord';
import { paddedWord } from './words/nullableWords';
import { runtimeWords } from './words/runtimeWords';
import { scalaWords } from './words/scalaWords';
import { sqlStateWords } from './words/sqlStateWords';
import type { TypeWord } from './words/word';

/** Name of a type that is carried over from a snapshot; no text stands for it. */
export const STORED = 'stored';

/** The Java class of the values of a type. */
function classOfValues(type: DescribedType): string {
  const word = typeWord(type.name);
  if (word === undefined || type.stored !== undefined)
    throw new EngineError('BAD_ARGUMENT', 'The Java class of the elements of this array is not known.');
  return word.javaClass(type);
}

/** Every word of the language, in the order in which people are shown them. */
export const TYPE_WORDS: readonly TypeWord[] = [
  ...basicWords,
  ...compositeWords(classOfValues),
  ...classWords,
  avroWord,
  kryoWord,
  ...primitiveArrayWords,
  ...runtimeWords,
  ...sqlStateWords,
  ...scalaWords,
  paddedWord,
];

const byName = new Map(
  TYPE_WORDS.flatMap((word) => [word.name, ...(word.also ?? [])].map((name) => [plainName(name), word])),
);

/** The word of that name, however it is written. */
export const typeWord = (name: string): TypeWord | undefined => byName.get(plainName(name));
