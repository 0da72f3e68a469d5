import { EngineError } from '../../../bytes/engineError';
import { type Codec, VARIABLE } from '../../codec';
import type { TypeInfo } from '../../typeInfo';
import { EncodedValue, OpaqueValue } from '../../values';
import { BinaryRegion } from './binaryRegion';
import type { Layout } from './fieldOfType';

/**
 * The serializer of a row, array or map: `i4` (big-endian) size in bytes, then its binary form.
 *
 * The binary form says more than the value does: what stands in the slot of a null, how much room a decimal has. A value that
 * was read therefore keeps its bytes, an `EncodedValue`; bytes that make no value are an `OpaqueValue`.
 */
export function framedCodec(
  type: TypeInfo,
  layout: Layout,
  parts: readonly Codec[],
  hash: (bytes: Uint8Array) => number,
): Codec {
  return {
    type,
    length: VARIABLE,
    minimum: 4,
    parts,
    read: (cursor) => {
      const bytes = cursor.bytes4(type.name).slice();
      try {
        return new EncodedValue(bytes, layout.read(BinaryRegion.of(bytes)));
      } catch (e) {
        if (e instanceof EngineError) return new OpaqueValue(bytes, e.message);
        throw e;
      }
    },
    skip: (cursor) => void cursor.bytes4(type.name),
    write: (sink, value) => sink.bytes4(layout.write(value)),
    fromJson: (json) => {
      const value = layout.fromJson(json);
      return value instanceof EncodedValue ? value : new EncodedValue(layout.write(value), value);
    },
    jsonLoss:
      'The binary form of a value can be laid out in several ways: padding, bytes that no field points to, slots of nulls.',
    hash: (value) => hash(layout.write(value)),
  };
}
