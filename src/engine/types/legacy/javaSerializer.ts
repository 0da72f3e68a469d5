import { EngineError } from '../../bytes/engineError';
import type { JavaValue } from '../../java/javaValue';
import type { Codec } from '../codec';
import { VARIABLE } from '../codec';
import type { TypeOptions } from '../family';

/** The codec of a `TypeSerializer` object that was written by Java serialization. */
export function javaSerializerCodec(value: JavaValue, _options: TypeOptions): Codec {
  const className = value !== null && typeof value === 'object' && value.kind === 'object' ? value.className : '?';
  const why = `Serializer ${className} is not known.`;
  const fail = (): never => {
    throw new EngineError('UNREADABLE', why);
  };
  return {
    type: { name: 'unknown', serializer: className, unreadable: why },
    length: VARIABLE,
    read: fail,
    skip: fail,
    write: fail,
    fromJson: fail,
  };
}
