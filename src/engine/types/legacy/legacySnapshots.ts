import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { readJavaObject } from '../../java/objectStream';
import type { Codec } from '../codec';
import type { LegacySnapshots } from '../registry';
import type { SnapshotReader } from '../serializerSnapshot';
import { whyUnreadable } from '../typeInfo';
import { readConfigEnvelope, readConfigPayload } from './configEnvelope';
import { javaSerializerCodec } from './javaSerializer';

/** Config snapshots where a later Flink, or 1.7 with its adapter, wrote them. */
export const legacySnapshots: LegacySnapshots = {
  readConfigEnvelope,

  readConfigSnapshot(className, version, serializer, cursor, reader) {
    const config = readConfigPayload(className, version, cursor, reader);
    if (config === null) return null;
    const object = serializerCodec(serializer, reader);
    if (object === null || (whyUnreadable(object.type) !== null && whyUnreadable(config.type) === null)) return config;
    return object;
  },
};

function serializerCodec(bytes: Uint8Array, reader: SnapshotReader): Codec | null {
  try {
    return javaSerializerCodec(readJavaObject(new Cursor(bytes)), reader.options, reader.types);
  } catch (e) {
    if (e instanceof EngineError) return null;
    throw e;
  }
}
