import { Cursor } from '../../bytes/cursor';
import type { Codec } from '../codec';
import { parseHeader } from '../serializerSnapshot';
import { type FlinkLine, kryoOfLine } from './flinkLine';

/** The codec of the versioned snapshot that fills `snapshot`, which may hold serializers of classes that nobody knows. */
export function codecOfSnapshot(snapshot: Uint8Array, line: FlinkLine): Codec {
  return parseHeader(new Cursor(snapshot), { kryo: kryoOfLine(line) }, (cursor, reader) => {
    const { codec } = reader.readVersioned(cursor);
    cursor.expectEnd('a serializer snapshot');
    return codec;
  });
}
