import type { Cursor } from '../../bytes/cursor';
import { toValue } from '../../java/jdk';
import { readJavaObject, skipJavaObject } from '../../java/objectStream';
import { VARIABLE } from '../codec';
import type { TypeFamily } from '../family';
import { badValue } from '../jsonInput';
import { EncodedValue } from '../values';
import { named, type Shape, simpleSnapshot } from './support';

/**
 * `org.apache.flink.runtime.state.JavaSerializer`: each value is a stream of Java's object serialization, without a length. Its
 * bytes are kept beside it: they name classes and versions that the value does not show.
 */
const javaShape: Shape<EncodedValue> = {
  type: { name: 'java' },
  length: VARIABLE,
  minimum: 5,
  read: (cursor: Cursor) => {
    const from = cursor.position;
    const object = readJavaObject(cursor);
    return new EncodedValue(cursor.bytes.subarray(from, cursor.position), toValue(object), typeof object === 'string');
  },
  skip: skipJavaObject,
  write: (sink, value) => sink.raw(value.bytes),
  fromJson: () => {
    throw badValue('A Java-serialized object cannot be made from JSON: only its class knows its form.');
  },
};

const JAVA_SERIALIZER = 'org.apache.flink.runtime.state.JavaSerializer';

export const javaSerializedFamily: TypeFamily = {
  snapshots: { [`${JAVA_SERIALIZER}$JavaSerializerSnapshot`]: simpleSnapshot(javaShape) },
  serializers: { [JAVA_SERIALIZER]: () => named(javaShape, JAVA_SERIALIZER) },
};
