import type { JavaValue } from '../../../java/javaValue';
import { javaField } from '../../../java/javaValue';
import { readJavaObject } from '../../../java/objectStream';
import type { Codec } from '../../codec';
import type { TypeFamily } from '../../family';
import { compositeWith } from '../snapshotForms';
import { type FieldContext, layoutOf, storedAs } from './fieldOfType';
import { framedCodec } from './framedCodec';
import { type DataType, dataType } from './logicalType';
import { logicalTypeInfo } from './logicalTypeInfo';
import { hashBytes, hashByWords } from './murmurHash';
import { scalarCodec } from './scalarCodec';
import { scalarOf } from './sqlScalars';

/**
 * `ExternalSerializer` (1.12): the bytes of a type's internal serializer; user code gets the values in the class that the
 * data type names, and so they are shown.
 */
function externalCodec(
  type: DataType,
  internal: Codec,
  serializer: string,
  serializerOf: (value: JavaValue) => Codec,
): Codec {
  const context: FieldContext = { codec: internal, external: type, serializer: serializerOf };
  const codec = shownByType(type, context) ?? internal;
  return { ...codec, type: { ...codec.type, serializer }, parts: internal.parts ?? [] };
}

function shownByType(type: DataType, context: FieldContext): Codec | null {
  const logical = type.type;
  const inner = type.conversionClass?.startsWith('org.apache.flink.table.data.') === true;
  const scalar = scalarOf(storedAs(logical, context.codec), inner ? null : type);
  if (scalar !== null) return scalarCodec(logicalTypeInfo(logical, []), scalar);
  switch (logical.root) {
    case 'ROW':
    case 'STRUCTURED_TYPE':
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET': {
      const { info, layout } = layoutOf(logical, context);
      if (layout === null) return null;
      const isMap = logical.root === 'MAP' || logical.root === 'MULTISET';
      return framedCodec(info, layout, context.codec?.parts ?? [], isMap ? hashBytes : hashByWords);
    }
    case 'DISTINCT_TYPE': {
      const [source] = logical.children;
      return source === undefined ? null : shownByType({ ...type, type: source }, context);
    }
    default:
      return null;
  }
}

const CLASS = 'org.apache.flink.table.runtime.typeutils.ExternalSerializer';

export const externalFamily: TypeFamily = {
  snapshots: {
    // Outer payload: Java object DataType, bool whether what is serialized is in the internal form already.
    [`${CLASS}$ExternalSerializerSnapshot`]: (input) =>
      compositeWith(
        1,
        1,
        (_version, cursor) => {
          const type = dataType(readJavaObject(cursor));
          cursor.bool('flag of internal input');
          return type;
        },
        ([internal], type, name) => externalCodec(type, internal, name, input.serializer),
      )(input),
  },
  serializers: {
    [CLASS]: ({ object, className, nested }) =>
      externalCodec(
        dataType(javaField(object, 'dataType')),
        nested(javaField(object, 'internalSerializer') ?? null),
        className,
        nested,
      ),
  },
};
