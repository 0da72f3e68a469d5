import { Cursor } from '../../bytes/cursor';
import type { DescribedType } from './describedType';
import type { FlinkLine } from './flinkLine';
import { type NewSerializer, newSerializer } from './newSerializer';
import { codecOfSnapshot } from './snapshotCodec';
import { STORED } from './typeWords';

/** Version of the envelope around a serializer in the headers of 1.7 and later. */
const ENVELOPE_VERSION = 2;

/**
 * The type of a state (or key, or namespace) of a snapshot: what a plan's `typeOf` names. `envelope` are the serializer's bytes
 * as they stand in the header, `StateSerializer.bytes` or `KeyedHeader.keyBytes`: `i4 2`, then the versioned snapshot, which
 * is carried over byte for byte. Fails with `UNSUPPORTED_VERSION` for the forms of Flink 1.2 to 1.6.
 */
export function storedType(envelope: Uint8Array, line: FlinkLine): DescribedType {
  const cursor = new Cursor(envelope);
  const version = cursor.i32();
  if (version !== ENVELOPE_VERSION)
    throw cursor.error(
      'UNSUPPORTED_VERSION',
      'The type is in a form that Flink 1.2 to 1.6 wrote and that a new snapshot cannot hold.',
      0,
    );
  const snapshot = envelope.slice(cursor.position);
  return { name: STORED, stored: { snapshot, info: codecOfSnapshot(snapshot, line).type } };
}

/** The serializer itself of that state. */
export function typeOf(envelope: Uint8Array, line: FlinkLine): NewSerializer {
  return newSerializer(storedType(envelope, line), line);
}
