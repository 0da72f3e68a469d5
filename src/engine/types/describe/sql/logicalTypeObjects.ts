import type { JavaObject } from '../../../java/javaValue';
import { javaEnum, javaObject } from '../../../java/newJavaObjects';
import type { DescribedType } from '../describedType';
import type { FlinkLine } from '../flinkLine';
import { expectSince } from '../words/word';
import { LOGICAL_PACKAGE, sqlWordOf } from './sqlWords';

const typeRoot = javaEnum(`${LOGICAL_PACKAGE}LogicalTypeRoot`);

/** SQL types as the objects of `org.apache.flink.table.types.logical`: one object for one described type, as in Flink. */
export class LogicalTypeObjects {
  private readonly known = new Map<DescribedType, JavaObject>();

  constructor(private readonly line: FlinkLine) {}

  of(type: DescribedType): JavaObject {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const word = sqlWordOf(type);
    expectSince(word, this.line);
    const { root, javaClass, javaFields } = word;
    const object = javaObject(javaClass, {
      isNullable: type.notNull !== true,
      typeRoot: typeRoot(root),
      ...javaFields(type, (inner) => this.of(inner)),
    });
    this.known.set(type, object);
    return object;
  }
}
