import { EngineError } from '../../bytes/engineError';
import type { JavaObject, JavaValue } from '../../java/javaValue';
import { chosenDecoder } from '../chosenDecoder';
import type { Codec } from '../codec';
import type { SerializerFactory, TypeOptions } from '../family';
import { unknownSerializer } from '../opaque';
import type { TypeRegistry } from '../registry';

/** Serializers nest no deeper than this. */
const MAX_NESTING = 100;
/** Serializers in one; objects in a stream may be shared, and a small stream could unfold without end. */
const MAX_SERIALIZERS = 10_000;

/**
 * The codec of a `TypeSerializer` object that was written by Java serialization. Never fails: a serializer that nobody
 * knows, or whose fields are not those of its class, becomes an opaque codec that says so.
 */
export function javaSerializerCodec(value: JavaValue, options: TypeOptions, types: TypeRegistry): Codec {
  return new SerializerObjects(options, types).codec(value, 0);
}

const MACRO_BASES = ['org.apache.flink.api.scala.typeutils.', 'org.apache.flink.table.api.typeutils.'].flatMap((at) => [
  `${at}CaseClassSerializer`,
  `${at}TraversableSerializer`,
]);

class SerializerObjects {
  private left = MAX_SERIALIZERS;

  constructor(
    private readonly options: TypeOptions,
    private readonly types: TypeRegistry,
  ) {}

  codec(value: JavaValue, depth: number): Codec {
    if (typeof value !== 'object' || value === null || value.kind !== 'object')
      return unknownSerializer('', 'A serializer should have been serialized here and was not.');
    if (depth > MAX_NESTING || --this.left < 0)
      return unknownSerializer(value.className, 'Serializers are nested deeper than the engine follows.');
    const codec = this.known(value, depth);
    return chosenDecoder(codec, this.options) ?? codec;
  }

  private known(object: JavaObject, depth: number): Codec {
    const { className } = object;
    const factory = this.types.serializer(className) ?? this.madeByMacro(object);
    if (factory === undefined) {
      const why = `The serializer ${className} is not one of Flink's; only its class could read its values.`;
      return unknownSerializer(className, why);
    }
    try {
      const nested = (inner: JavaValue) => this.codec(inner, depth + 1);
      return factory({ className, object, options: this.options, nested });
    } catch (e) {
      if (e instanceof EngineError) return unknownSerializer(className, `${className} is not understood: ${e.message}`);
      throw e;
    }
  }

  /** Scala's macro made a subclass, without anything of its own, for each type in the job (up to 1.7). */
  private madeByMacro(object: JavaObject): SerializerFactory | undefined {
    for (let c = object.description.superClass; c !== null; c = c.superClass)
      if (MACRO_BASES.includes(c.name)) return this.types.serializer(c.name);
    return undefined;
  }
}
