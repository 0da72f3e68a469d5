import type { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { type Codec, VARIABLE } from './codec';
import type { TypeInfo } from './typeInfo';

/**
 * The codec of a type whose bytes only a class of the job can interpret. Reading and skipping throw `UNREADABLE` with the
 * reason, so that the layer that knows where the entry ends can keep it as an `OpaqueValue`; nothing is guessed. Writing
 * fails likewise: entries of such a type are carried as bytes by that same layer.
 */
export class OpaqueCodec implements Codec<never> {
  readonly type: TypeInfo & { readonly unreadable: string };
  readonly length = VARIABLE;
  /** Nothing is known of the values, not even that they take a byte. */
  readonly minimum = 0;

  constructor(type: TypeInfo & { readonly unreadable: string }) {
    this.type = type;
  }

  read(cursor: Cursor): never {
    throw cursor.error('UNREADABLE', this.type.unreadable);
  }

  skip(cursor: Cursor): void {
    throw cursor.error('UNREADABLE', this.type.unreadable);
  }

  write(): void {
    throw new EngineError('UNREADABLE', this.type.unreadable);
  }

  fromJson(): never {
    throw new EngineError('BAD_VALUE', `No value of this type can be written: ${this.type.unreadable}`);
  }
}

/**
 * The codec behind a snapshot class that nobody knows, or behind a snapshot that names none (null). `nested` are the serializers
 * that its composite form names.
 */
export function unknownSerializer(
  snapshotClass: string | null,
  reason: string,
  nested: readonly Codec[] = [],
): OpaqueCodec {
  return new OpaqueCodec({
    name: 'unknown',
    serializer: snapshotClass ?? '',
    unreadable: reason,
    ...(snapshotClass !== null && { className: snapshotClass }),
    ...(nested.length > 0 && { arguments: nested.map((codec) => codec.type) }),
  });
}
