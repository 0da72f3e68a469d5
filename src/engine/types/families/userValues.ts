import type { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import type { SerializerFactory, SnapshotFactory, TypeFamily } from '../family';
import { OpaqueCodec } from '../opaque';
import { classNameOf, fieldOf } from './snapshotForms';

/**
 * Serializers of classes that write themselves: Flink's `Value` and `CopyableValue`, Hadoop's `Writable`. The snapshot
 * (`GenericTypeSerializerSnapshot`, version 2, since 1.8) names the class and nothing else: its bytes are its own affair.
 */
function selfWritten(kind: string, className: string, serializer: string): Codec {
  return new OpaqueCodec({
    name: kind,
    className,
    serializer,
    unreadable: `${className} writes itself in a form that only the class knows.`,
  });
}

function snapshot(kind: string): SnapshotFactory {
  return ({ cursor, version, className }) => selfWritten(kind, readTypeClass(cursor, version), className);
}

function readTypeClass(cursor: Cursor, version: number): string {
  if (version !== 2)
    throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of a generic type's snapshot is not known.`);
  return cursor.utf('class of the values');
}

function serializer(kind: string, field: string): SerializerFactory {
  return (input) => selfWritten(kind, classNameOf(fieldOf(input, field), input.className), input.className);
}

const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';

export const userValuesFamily: TypeFamily = {
  snapshots: {
    [`${JAVA}CopyableValueSerializer$CopyableValueSerializerSnapshot`]: snapshot('copyable-value'),
    [`${JAVA}ValueSerializer$ValueSerializerSnapshot`]: snapshot('value'),
    [`${JAVA}WritableSerializer$WritableSerializerSnapshot`]: snapshot('writable'),
  },
  serializers: {
    [`${JAVA}CopyableValueSerializer`]: serializer('copyable-value', 'valueClass'),
    [`${JAVA}ValueSerializer`]: serializer('value', 'type'),
    [`${JAVA}WritableSerializer`]: serializer('writable', 'typeClass'),
  },
};
