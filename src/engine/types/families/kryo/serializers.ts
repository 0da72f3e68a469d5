import { LIST_FORM, MAP_FORM } from './collections';
import type { Form, Forms } from './forms';

/**
 * Serializers that jobs register or set as defaults, by class, as far as they say what the bytes are. `JavaSerializer` is
 * Kryo's own or Flink's copy of it; the others write a length in front of bytes.
 */
const javaSerializer: Form = { read: (graph, className) => graph.readJava(`JavaSerializer of ${className}`) };

/** Varint length, then the message; chill-thrift and chill-protobuf. */
const framed: Form = {
  read: ({ input }) => input.cursor.take(input.count('bytes'), 'message'),
};

const byDialect = (forms: Forms): Form => ({
  read(graph, className) {
    const form = forms[graph.input.dialect];
    if (form === undefined) throw graph.unreadable(className, 'a serializer of another Kryo');
    return form.read(graph, className);
  },
});

const SERIALIZERS: Readonly<Record<string, Form>> = {
  'com.esotericsoftware.kryo.serializers.JavaSerializer': javaSerializer,
  'org.apache.flink.api.java.typeutils.runtime.kryo.JavaSerializer': javaSerializer,
  'com.twitter.chill.protobuf.ProtobufSerializer': framed,
  'com.twitter.chill.thrift.TBaseSerializer': framed,
  'com.esotericsoftware.kryo.serializers.CollectionSerializer': byDialect(LIST_FORM),
  'com.esotericsoftware.kryo.serializers.MapSerializer': byDialect(MAP_FORM),
  'org.apache.flink.api.java.typeutils.runtime.kryo.Serializers$SpecificInstanceCollectionSerializerForArrayList':
    byDialect(LIST_FORM),
};

export function serializerForm(serializer: string): Form | null {
  return SERIALIZERS[serializer] ?? null;
}
