import type { Cursor } from '../../bytes/cursor';
import { chosenDecoder } from '../chosenDecoder';
import type { Codec } from '../codec';
import { unknownSerializer } from '../opaque';
import type { SnapshotReader } from '../serializerSnapshot';
import { configForm } from './configForms';

/** What is behind the `i4 1` of a config envelope: `UTF config class, i4 version, payload` (1.3 to 1.6). */
export function readConfigEnvelope(
  cursor: Cursor,
  reader: SnapshotReader,
): { codec: Codec; className: string; version: number } {
  const className = cursor.utf('class name of a config snapshot');
  const version = cursor.i32();
  const codec = readConfigPayload(className, version, cursor, reader);
  if (codec === null) throw cursor.error('UNSUPPORTED', `The config snapshot ${className} is not one of Flink's.`);
  return { codec, className, version };
}

/** Reads exactly the payload of a config snapshot; null, and nothing read, if its class is not known. */
export function readConfigPayload(
  className: string,
  version: number,
  cursor: Cursor,
  reader: SnapshotReader,
): Codec | null {
  const form = configForm(className);
  if (form === null) return null;
  const read = cursor.nested(() => form({ className, version, cursor, reader }));
  const codec = Array.isArray(read)
    ? unknownSerializer(className, `${className} does not say which serializer it belongs to.`, read)
    : read;
  return chosenDecoder(codec, reader.options) ?? codec;
}
