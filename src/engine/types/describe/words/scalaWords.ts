import type { DescribedType } from '../describedType';
import { type FlinkLine, isAtLeast } from '../flinkLine';
import { classOf, fieldTypes, type TypeWord } from './word';

/**
 * Serializers of Scala's types: of the Scala API up to 1.20, of the Scala part of the Table API since 2.0, the same classes in
 * another package. A `traversable` is missing: its snapshot holds the source text of its builder, which the compiler's macro makes.
 */

const typeutils = (line: FlinkLine): string =>
  isAtLeast(line, '2.0') ? 'org.apache.flink.table.api.typeutils.' : 'org.apache.flink.api.scala.typeutils.';

function composed(
  name: string,
  arity: number,
  [simpleName, outerVersion]: readonly [simpleName: string, outerVersion: number],
  javaClass: string,
  about: string,
  example: string,
): TypeWord {
  return {
    name,
    about,
    example,
    shape: { arguments: [arity, arity] },
    write: (type, out) => out.composite(typeutils(out.line) + simpleName, outerVersion, fieldTypes(type)),
    javaClass: () => javaClass,
  };
}

/** What a failed Try holds. */
const THROWABLE: DescribedType = { name: 'kryo', className: 'java.lang.Throwable' };

const option: TypeWord = {
  ...composed('option', 1, ['ScalaOptionSerializerSnapshot', 2], 'scala.Option', "Scala's Option", 'option<long>'),
  // Its None is null in JSON: `option<long>?` is what inspect prints, and there is no NullableSerializer around it.
  alwaysNullable: true,
};

export const scalaWords: readonly TypeWord[] = [
  {
    name: 'case-class',
    about: "case class of Scala, or a tuple of Scala's",
    example: 'case-class com.acme.Point<int, int>',
    shape: { className: 'needed', arguments: [0, Number.MAX_SAFE_INTEGER] },
    write: (type, out) =>
      out.composite(`${typeutils(out.line)}ScalaCaseClassSerializerSnapshot`, 2, fieldTypes(type), (sink) =>
        sink.utf(classOf(type)),
      ),
    javaClass: classOf,
  },
  option,
  composed(
    'scala-either',
    2,
    ['ScalaEitherSerializerSnapshot', 1],
    'scala.util.Either',
    "Scala's Either",
    'scala-either<string, long>',
  ),
  {
    ...composed('try', 1, ['ScalaTrySerializerSnapshot', 2], 'scala.util.Try', "Scala's Try", 'try<long>'),
    write: (type, out) =>
      out.composite(`${typeutils(out.line)}ScalaTrySerializerSnapshot`, 2, [...fieldTypes(type), THROWABLE]),
  },
  {
    name: 'scala-enum',
    about: 'Enumeration of Scala, its values and, where they do not count from 0, their ids',
    example: 'scala-enum com.acme.Letters$ {A, B, C}',
    shape: { className: 'needed', constants: 'numbered' },
    /** Version 3: `UTF` class of the enumeration, `i4 n`, n x (`UTF` name, `i4` id). */
    write: (type, out) => {
      const constants = type.constants ?? [];
      out.versioned(`${typeutils(out.line)}ScalaEnumSerializerSnapshot`, 3);
      out.sink.utf(classOf(type));
      out.sink.i32(constants.length);
      constants.forEach(({ name, id }, i) => {
        out.sink.utf(name);
        out.sink.i32(id ?? i);
      });
    },
    javaClass: () => 'scala.Enumeration$Value',
  },
];
