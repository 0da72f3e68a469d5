import type { DescribedType } from '../describedType';
import { isAtLeast } from '../flinkLine';
import type { SnapshotOutput } from '../snapshotOutput';
import { argumentOf, BASE, fieldTypes, JAVA, type TypeWord } from './word';

/** Serializers made of others, snapshots `CompositeTypeSerializerSnapshot`. */

const MOST_FIELDS_OF_A_TUPLE = 25;
const TUPLES = 'org.apache.flink.api.java.tuple.Tuple';

const tupleClass = (type: DescribedType) => type.className ?? `${TUPLES}${fieldTypes(type).length}`;

/** A composite snapshot whose outer part has no payload. */
function composed(
  name: string,
  arity: number,
  snapshotClass: string,
  outerVersion: number,
  javaClass: string,
  told: Pick<TypeWord, 'about' | 'example' | 'since'>,
): TypeWord {
  return {
    name,
    ...told,
    shape: { arguments: [arity, arity] },
    write: (type, out) => out.composite(snapshotClass, outerVersion, fieldTypes(type)),
    javaClass: () => javaClass,
  };
}

const tuple: TypeWord = {
  name: 'tuple',
  about: 'Tuple1 to Tuple25, or a subclass that is named',
  example: 'tuple<string, long>',
  shape: { className: 'allowed', arguments: [0, MOST_FIELDS_OF_A_TUPLE] },
  write: (type, out) => {
    if (fieldTypes(type).length === 0) out.simple(`${JAVA}Tuple0SerializerSnapshot`);
    else out.composite(`${JAVA}TupleSerializerSnapshot`, 2, fieldTypes(type), (sink) => sink.utf(tupleClass(type)));
  },
  javaClass: tupleClass,
};

/** Outer version of `RowSerializerSnapshot`: 2 without row kinds, 3 with (1.11 to 1.14), 4 with a flag that says so (since 1.15). */
function writeRow(type: DescribedType, out: SnapshotOutput): void {
  const version = isAtLeast(out.line, '1.16') ? 4 : isAtLeast(out.line, '1.11') ? 3 : 2;
  out.composite(`${JAVA}RowSerializer$RowSerializerSnapshot`, version, fieldTypes(type), (sink) => {
    if (version >= 4) sink.bool(true);
  });
}

/** A snapshot of a Row has no names; those given in braces are for who reads the plan. */
const row: TypeWord = {
  name: 'row',
  about: 'Row of the DataStream API; its fields may be null',
  example: 'row {user: string, score: double}',
  shape: { arguments: [0, Number.MAX_SAFE_INTEGER], fields: 'insteadOfArguments' },
  write: writeRow,
  javaClass: () => 'org.apache.flink.types.Row',
};

/** `GenericArraySerializer`: its snapshot names the class of the elements, which Flink compares. */
const array = (classOfValues: (type: DescribedType) => string): TypeWord => ({
  name: 'array',
  about: 'array of objects (Integer[], an array of a POJO …), whose elements may be null',
  example: 'array<int>',
  shape: { arguments: [1, 1] },
  write: (type, out) => {
    const element = argumentOf(type, 0);
    out.composite(`${BASE}GenericArraySerializerSnapshot`, 1, [element], (sink) => sink.utf(classOfValues(element)));
  },
  javaClass: (type) => arrayClassOf(classOfValues(argumentOf(type, 0))),
});

/** Name that `Class.getName()` gives to an array of such elements. */
function arrayClassOf(element: string): string {
  return element.startsWith('[') ? `[${element}` : `[L${element};`;
}

export const compositeWords = (classOfValues: (type: DescribedType) => string): readonly TypeWord[] => [
  tuple,
  row,
  array(classOfValues),
  composed('list', 1, `${BASE}ListSerializerSnapshot`, 1, 'java.util.List', {
    about: 'List; the elements of list state',
    example: 'list<string>',
  }),
  composed('map', 2, `${BASE}MapSerializerSnapshot`, 1, 'java.util.Map', {
    about: 'Map; values may be null',
    example: 'map<string, long>',
  }),
  composed('set', 1, `${BASE}SetSerializerSnapshot`, 1, 'java.util.Set', {
    about: 'Set (Flink 2.0 and later; before that Kryo)',
    example: 'set<string>',
    since: '2.0',
  }),
  composed('either', 2, `${JAVA}JavaEitherSerializerSnapshot`, 1, 'org.apache.flink.types.Either', {
    about: "Either of Flink's Java API",
    example: 'either<string, long>',
  }),
];
