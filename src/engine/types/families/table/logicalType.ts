import { EngineError } from '../../../bytes/engineError';
import { type JavaObject, type JavaValue, javaField } from '../../../java/javaValue';
import { javaClassName, javaEnumConstant, javaString } from '../../../java/jdk';
import { listItems } from '../../../java/jdkCollections';

/**
 * SQL's `LogicalType`, as the snapshots of SQL's serializers hold it in Java serialization (package
 * `org.apache.flink.table.types.logical`, since 1.9). Told apart by `typeRoot`, not by class.
 */
export interface LogicalType {
  /** A constant of `LogicalTypeRoot`: `BIGINT`, `VARCHAR`, `TIMESTAMP_WITHOUT_TIME_ZONE` … */
  readonly root: string;
  readonly nullable: boolean;
  /** Length of character and binary strings. */
  readonly length: number | null;
  /** Of decimals, times and timestamps. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** Element of an array or multiset; key and value of a map; fields of a row; source of a distinct type. */
  readonly children: readonly LogicalType[];
  /** Names of the fields of a row or structured type. */
  readonly names: readonly string[] | null;
  /** Class behind a structured or RAW type. */
  readonly className: string | null;
  /** The `TypeSerializer` of a RAW type. */
  readonly serializer: JavaValue;
}

/** SQL's `DataType`: a logical type and the class in which values are handed to user code. */
export interface DataType {
  readonly type: LogicalType;
  readonly conversionClass: string | null;
  readonly children: readonly DataType[];
}

/** Types in types are followed so deep, and so many of them: objects in a stream may be shared, or lead back to themselves. */
const MAX_NESTING = 100;
const MAX_TYPES = 10_000;

/** Never fails: an object that is no logical type becomes one of the root `UNKNOWN`, so that the types beside it can be read. */
export function logicalType(value: JavaValue | undefined): LogicalType {
  return orUnknown(value, () => new TypeObjects().logicalType(value, 0), unknownType);
}

/** Never fails, like `logicalType`. */
export function dataType(value: JavaValue | undefined): DataType {
  const unknown = (className: string | null) => ({
    type: unknownType(className),
    conversionClass: null,
    children: [],
  });
  return orUnknown(value, () => new TypeObjects().dataType(value, 0), unknown);
}

function orUnknown<T>(value: JavaValue | undefined, read: () => T, unknown: (className: string | null) => T): T {
  try {
    return read();
  } catch (e) {
    if (!(e instanceof EngineError)) throw e;
    return unknown(typeof value === 'object' && value?.kind === 'object' ? value.className : null);
  }
}

function unknownType(className: string | null): LogicalType {
  return plainType('UNKNOWN', className);
}

/** A type without parameters and parts. */
export function plainType(root: string, className: string | null = null): LogicalType {
  return {
    root,
    nullable: true,
    length: null,
    precision: null,
    scale: null,
    children: [],
    names: null,
    className,
    serializer: null,
  };
}

class TypeObjects {
  private left = MAX_TYPES;

  logicalType(value: JavaValue | undefined, depth: number): LogicalType {
    const object = this.object(value, 'logical type', depth);
    const root = javaEnumConstant(javaField(object, 'typeRoot'));
    if (root === null) throw new EngineError('CORRUPT', `${object.className} is not a logical type of SQL.`);
    const members = this.membersOf(object, depth);
    return {
      // 1.9 and 1.10 called RAW types ANY.
      root: root === 'ANY' ? 'RAW' : root,
      nullable: javaField(object, 'isNullable') !== false,
      length: numberField(object, 'length'),
      precision: numberField(object, 'precision'),
      scale: numberField(object, 'scale'),
      children: members?.types ?? this.childrenOf(object, depth),
      names: members?.names ?? null,
      className:
        javaString(javaField(object, 'className')) ??
        javaClassName(javaField(object, 'implementationClass')) ??
        javaClassName(javaField(object, 'clazz')),
      serializer: javaField(object, 'serializer') ?? null,
    };
  }

  dataType(value: JavaValue | undefined, depth: number): DataType {
    const object = this.object(value, 'data type', depth);
    const parts = ['elementDataType', 'keyDataType', 'valueDataType']
      .map((name) => javaField(object, name))
      .filter((part) => part !== undefined);
    const fields = javaField(object, 'fieldDataTypes');
    const children = fields === undefined ? parts : required(listItems(fields), 'fields of a data type');
    return {
      type: this.logicalType(javaField(object, 'logicalType'), depth + 1),
      conversionClass: javaClassName(javaField(object, 'conversionClass')),
      children: children.map((child) => this.dataType(child, depth + 1)),
    };
  }

  /** Names and types of the fields of a row (`fields`) or structured type (`attributes`, those of the supertype first). */
  private membersOf(object: JavaObject, depth: number): { names: string[]; types: LogicalType[] } | null {
    const list = javaField(object, 'fields') ?? javaField(object, 'attributes');
    if (list === undefined || list === null) return null;
    const superType = javaField(object, 'superType') ?? null;
    const inherited = superType === null ? null : this.logicalType(superType, depth + 1);
    const names = [...(inherited?.names ?? [])];
    const types = [...(inherited?.children ?? [])];
    for (const item of required(listItems(list), `fields of ${object.className}`)) {
      const member = this.object(item, 'field of a row', depth);
      names.push(javaString(javaField(member, 'name')) ?? '');
      types.push(this.logicalType(javaField(member, 'type'), depth + 1));
    }
    return { names, types };
  }

  private childrenOf(object: JavaObject, depth: number): LogicalType[] {
    const children: LogicalType[] = [];
    for (const name of ['elementType', 'keyType', 'valueType', 'sourceType']) {
      const field = javaField(object, name);
      if (field !== undefined && field !== null) children.push(this.logicalType(field, depth + 1));
    }
    return children;
  }

  private object(value: JavaValue | undefined, what: string, depth: number): JavaObject {
    if (depth > MAX_NESTING || --this.left < 0)
      throw new EngineError('LIMIT', `A ${what} holds more types than the engine follows.`);
    if (typeof value !== 'object' || value === null || value.kind !== 'object')
      throw new EngineError('CORRUPT', `A ${what} should be here.`);
    return value;
  }
}

function numberField(object: JavaObject, name: string): number | null {
  const field = javaField(object, name);
  return typeof field === 'number' ? field : null;
}

function required<T>(value: T | null, what: string): T {
  if (value === null) throw new EngineError('CORRUPT', `The ${what} are not in a list that the JDK knows.`);
  return value;
}
