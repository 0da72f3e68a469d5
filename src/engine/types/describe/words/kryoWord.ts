import type { DescribedType } from '../describedType';
import { kryoFault } from '../kryoElements';
import { type SnapshotOutput, written } from '../snapshotOutput';
import { classOf, JAVA, type TypeWord } from './word';

const KRYO = `${JAVA}kryo.`;
/** `KryoRegistration.SerializerDefinitionType` by ordinal. */
const UNSPECIFIED = 0;
const BY_CLASS = 1;

/**
 * `KryoSerializerSnapshot`, version 2 since 1.8: `UTF class`, then three optional maps: registrations (key `UTF` name, value
 * `UTF` class, `i4` kind, class of the serializer), default serializers, classes of default serializers. Of a job that registers
 * nothing: the class itself, and the place that `KryoSerializer.buildKryoRegistrations` keeps for Avro's arrays.
 */
function writeKryo(type: DescribedType, out: SnapshotOutput): void {
  const className = classOf(type);
  out.versioned(`${KRYO}KryoSerializerSnapshot`, 2);
  out.sink.utf(className);
  out.optionalMap([
    registration(className, className, null),
    registration(
      'org.apache.avro.generic.GenericData$Array',
      `${KRYO}Serializers$DummyAvroRegisteredClass`,
      `${KRYO}Serializers$DummyAvroKryoSerializerClass`,
    ),
  ]);
  out.optionalMap([]);
  out.optionalMap([]);
}

function registration(name: string, className: string, serializer: string | null) {
  return {
    name,
    key: written((key) => key.utf(name)),
    value: written((value) => {
      value.utf(className);
      value.i32(serializer === null ? UNSPECIFIED : BY_CLASS);
      if (serializer !== null) value.utf(serializer);
    }),
  };
}

export const kryoWord: TypeWord = {
  name: 'kryo',
  about: 'a class that Flink leaves to Kryo, in a job that registers no serializers; in <…> what a collection holds',
  example: 'kryo com.acme.Blob',
  shape: { className: 'needed', arguments: [0, 2], argumentsMayMiss: true },
  fault: kryoFault,
  write: writeKryo,
  javaClass: classOf,
};
