import type { JavaClassDescription, JavaObject } from '../../../java/javaValue';
import { boxedInteger, javaArray, javaClass, javaClassObject, javaObject } from '../../../java/newJavaObjects';
import type { DescribedType } from '../describedType';
import { type FlinkLine, isAtLeast } from '../flinkLine';
import { fieldTypes } from '../words/word';
import { sqlWordOf } from './sqlWords';

/**
 * The lambdas that serializers of rows, arrays and maps hold, and Java's serialization of them with those: how to get a field
 * or an element (`RowData.createFieldGetter`, `ArrayData.createElementGetter`). The names that the compiler gave to the bodies
 * are the same in Flink 1.16 to 2.3.
 */

const DATA = 'org/apache/flink/table/data/';
const SERIALIZED_LAMBDA = javaClass('java.lang.invoke.SerializedLambda', 8025925345765570181n, [
  'I:implMethodKind',
  '[Ljava/lang/Object;:capturedArgs',
  'Ljava/lang/Class;:capturingClass',
  'Ljava/lang/String;:functionalInterfaceClass',
  'Ljava/lang/String;:functionalInterfaceMethodName',
  'Ljava/lang/String;:functionalInterfaceMethodSignature',
  'Ljava/lang/String;:implClass',
  'Ljava/lang/String;:implMethodName',
  'Ljava/lang/String;:implMethodSignature',
  'Ljava/lang/String;:instantiatedMethodType',
]);
const OBJECTS = javaClass('[Ljava.lang.Object;', -8012369246846506644n);

/** `MethodHandleInfo`: a static method of an interface, an abstract one. */
const INVOKE_STATIC = 6;
const INVOKE_INTERFACE = 9;

interface Getter {
  readonly kind: number;
  readonly method: string;
  readonly signature: string;
  readonly captured: readonly JavaObject[];
}

/** Two interfaces with a method `Object …OrNull(…)`, whose lambdas differ in their names only. */
interface Owner {
  readonly owner: string;
  readonly functionalInterface: string;
  readonly method: string;
  readonly signature: string;
  readonly capturingClass: ReturnType<typeof javaClassObject>;
}

const ROWS: Owner = {
  owner: `${DATA}RowData`,
  functionalInterface: `${DATA}RowData$FieldGetter`,
  method: 'getFieldOrNull',
  signature: `(L${DATA}RowData;)Ljava/lang/Object;`,
  capturingClass: javaClassObject('org.apache.flink.table.data.RowData'),
};
const ARRAYS: Owner = {
  owner: `${DATA}ArrayData`,
  functionalInterface: `${DATA}ArrayData$ElementGetter`,
  method: 'getElementOrNull',
  signature: `(L${DATA}ArrayData;I)Ljava/lang/Object;`,
  capturingClass: javaClassObject('org.apache.flink.table.data.ArrayData'),
};

function lambda(owner: Owner, { kind, method, signature, captured }: Getter): JavaObject {
  return javaObject(SERIALIZED_LAMBDA, {
    implMethodKind: kind,
    capturedArgs: javaArray(OBJECTS, [...captured]),
    capturingClass: owner.capturingClass,
    functionalInterfaceClass: owner.functionalInterface,
    functionalInterfaceMethodName: owner.method,
    functionalInterfaceMethodSignature: owner.signature,
    implClass: owner.owner,
    implMethodName: method,
    implMethodSignature: signature,
    instantiatedMethodType: owner.signature,
  });
}

/** By type root: the method that gets an element of an array, what it returns, and the number of the lambda that gets a field. */
const GETTERS: Readonly<Record<string, readonly [method: string, returns: string, lambda: number]>> = {
  CHAR: ['getString', `L${DATA}StringData;`, 1],
  VARCHAR: ['getString', `L${DATA}StringData;`, 1],
  BOOLEAN: ['getBoolean', 'Z', 2],
  BINARY: ['getBinary', '[B', 3],
  VARBINARY: ['getBinary', '[B', 3],
  TINYINT: ['getByte', 'B', 4],
  SMALLINT: ['getShort', 'S', 5],
  INTEGER: ['getInt', 'I', 6],
  DATE: ['getInt', 'I', 6],
  TIME_WITHOUT_TIME_ZONE: ['getInt', 'I', 6],
  INTERVAL_YEAR_MONTH: ['getInt', 'I', 6],
  BIGINT: ['getLong', 'J', 7],
  INTERVAL_DAY_TIME: ['getLong', 'J', 7],
  FLOAT: ['getFloat', 'F', 8],
  DOUBLE: ['getDouble', 'D', 9],
  ARRAY: ['getArray', `L${DATA}ArrayData;`, 10],
  MULTISET: ['getMap', `L${DATA}MapData;`, 11],
  MAP: ['getMap', `L${DATA}MapData;`, 11],
  VARIANT: ['getVariant', 'Lorg/apache/flink/types/variant/Variant;', 13],
  BITMAP: ['getBitmap', 'Lorg/apache/flink/types/bitmap/Bitmap;', 14],
};

/** By type root: name of the lambdas that capture numbers beside the place of a field. */
const MEASURED: Readonly<Record<string, { readonly field: string; readonly element: string }>> = {
  DECIMAL: { field: '89bd9445', element: '55d7a3db' },
  TIMESTAMP_WITHOUT_TIME_ZONE: { field: '39385f9c', element: '644eb446' },
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: { field: '39385f9c', element: '644eb446' },
  ROW: { field: '1547cee5', element: '3705b7fb' },
};

/** What such a lambda captures: precision and scale, precision, number of fields. */
function numbersOf(type: DescribedType): readonly number[] {
  return sqlWordOf(type).root === 'ROW' ? [fieldTypes(type).length] : (type.parameters ?? []);
}

const ints = (count: number) => 'I'.repeat(count);

/** `RowData.createFieldGetter(type, index)`. */
export function fieldGetter(type: DescribedType, index: number, line: FlinkLine): JavaObject {
  const { root } = sqlWordOf(type);
  const measured = MEASURED[root];
  const numbers = measured === undefined ? [index] : [index, ...numbersOf(type)];
  const name = measured === undefined ? `245ca7d1$${GETTERS[root]?.[2]}` : `${measured.field}$1`;
  const inner = lambda(ROWS, {
    kind: INVOKE_STATIC,
    method: `lambda$createFieldGetter$${name}`,
    signature: `(${ints(numbers.length)}L${ROWS.owner};)Ljava/lang/Object;`,
    captured: numbers.map(boxedInteger),
  });
  if (!checksForNull(type, line)) return inner;
  return lambda(ROWS, {
    kind: INVOKE_STATIC,
    method: 'lambda$createFieldGetter$25774257$1',
    signature: `(IL${ROWS.functionalInterface};L${ROWS.owner};)Ljava/lang/Object;`,
    captured: [boxedInteger(index), inner],
  });
}

/** `ArrayData.createElementGetter(type)`. */
export function elementGetter(type: DescribedType, line: FlinkLine): JavaObject {
  const inner = innerElementGetter(type);
  if (!checksForNull(type, line)) return inner;
  return lambda(ARRAYS, {
    kind: INVOKE_STATIC,
    method: 'lambda$createElementGetter$95d74a6c$1',
    signature: `(L${ARRAYS.functionalInterface};L${ARRAYS.owner};I)Ljava/lang/Object;`,
    captured: [inner],
  });
}

/** A method reference captures nothing, so that a JVM makes one object of it. */
const METHOD_REFERENCES = new Map<string, JavaObject>();

function innerElementGetter(type: DescribedType): JavaObject {
  const { root } = sqlWordOf(type);
  const measured = MEASURED[root];
  if (measured === undefined) {
    const [method, returns] = GETTERS[root] ?? ['', ''];
    const known = METHOD_REFERENCES.get(method);
    if (known !== undefined) return known;
    const made = lambda(ARRAYS, { kind: INVOKE_INTERFACE, method, signature: `(I)${returns}`, captured: [] });
    METHOD_REFERENCES.set(method, made);
    return made;
  }
  const numbers = numbersOf(type);
  return lambda(ARRAYS, {
    kind: INVOKE_STATIC,
    method: `lambda$createElementGetter$${measured.element}$1`,
    signature: `(${ints(numbers.length)}L${ARRAYS.owner};I)Ljava/lang/Object;`,
    captured: numbers.map(boxedInteger),
  });
}

/** Up to 2.0 nobody looks for nulls where the type has none; since 2.1 they do. */
const checksForNull = (type: DescribedType, line: FlinkLine): boolean =>
  type.notNull !== true || isAtLeast(line, '2.1');

export const FIELD_GETTERS: JavaClassDescription = javaClass(
  '[Lorg.apache.flink.table.data.RowData$FieldGetter;',
  -7646304539732967285n,
);
