import type { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import type { SnapshotInput, TypeFamily } from '../family';
import { readLinkedOptionalMap } from '../linkedOptionalMap';
import { unknownSerializer } from '../opaque';
import { type PojoField, pojoCodec } from './pojoCodec';
import { pojoOfSerializer } from './pojoSerializer';

/**
 * `PojoSerializerSnapshot`, version 2 (since 1.8): `UTF class`, then three `LinkedOptionalMap`s to serializer snapshots: of the
 * fields (key frame `UTF declaring class, UTF field`), of the registered subclasses in the order of their tags, and of the
 * subclasses that were met without being registered (empty key frames).
 */
function pojoSnapshot(input: SnapshotInput): Codec {
  const { cursor, version } = input;
  if (version !== 2) throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of a POJO's snapshot is not known.`);
  const className = cursor.utf('POJO class');
  const fields = readParts(input, 'fields of a POJO');
  const registered = readParts(input, 'registered subclasses of a POJO');
  const others = readParts(input, 'further subclasses of a POJO');
  return pojoCodec({ className, fields, registered, others, serializer: input.className });
}

function readParts(input: SnapshotInput, what: string): PojoField[] {
  return readLinkedOptionalMap(input.cursor, what).map(({ name, value }) => ({
    name,
    codec: readPart(input, name, value),
  }));
}

function readPart(input: SnapshotInput, name: string, frame: Cursor | null): Codec {
  if (frame !== null) return input.framed(frame);
  return unknownSerializer(
    null,
    `The snapshot has no serializer for ${name}: its class was missing when it was written.`,
  );
}

const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';

export const pojoFamily: TypeFamily = {
  snapshots: { [`${JAVA}PojoSerializerSnapshot`]: pojoSnapshot },
  serializers: { [`${JAVA}PojoSerializer`]: pojoOfSerializer },
};
