import type { Cursor } from '../../bytes/cursor';
import type { JavaArray, JavaClass, JavaClassDescription, JavaEnum, JavaObject, JavaValue } from '../../java/javaValue';
import { javaClassName } from '../../java/jdk';
import { readJavaObject } from '../../java/objectStream';
import type { Codec } from '../codec';
import { avroCodec } from '../families/avro';
import { enumCodec, readEnumConstants } from '../families/enums';
import { scalaEnumPayload } from '../families/scalaEnum';
import { unknownSerializer } from '../opaque';
import type { SnapshotReader } from '../serializerSnapshot';
import { readPojoConfig } from './pojoConfig';
import { readPairs } from './serializerPairs';

export interface ConfigInput {
  readonly className: string;
  readonly version: number;
  readonly cursor: Cursor;
  readonly reader: SnapshotReader;
}

/** Reads a payload. Codecs alone are what is nested in a config that does not tell its serializer. */
type ConfigForm = (input: ConfigInput) => Codec | Codec[];

/** A class description for objects that are made up to be handed to a `SerializerFactory`. */
function describe(name: string): JavaClassDescription {
  return { name, serialVersionUid: 0n, flags: 2, fields: [], superClass: null };
}

function classObject(name: string): JavaClass {
  return { kind: 'class', description: describe(name) };
}

function arrayObject(items: JavaValue[]): JavaArray {
  return { kind: 'array', className: '[Ljava.lang.Object;', description: describe('[Ljava.lang.Object;'), items };
}

function object(className: string, fields: Readonly<Record<string, JavaValue>>): JavaObject {
  const description = describe(className);
  return {
    kind: 'object',
    className,
    description,
    classData: [{ description, fields: new Map(Object.entries(fields)), annotations: [] }],
  };
}

/** The codec that the serializer of this class, with these fields, would have; `nested` are the codecs of its serializers. */
function asSerializer(
  input: ConfigInput,
  serializerClass: string,
  nested: readonly Codec[],
  fields: (serializers: JavaObject[]) => Readonly<Record<string, JavaValue>>,
): Codec {
  const factory = input.reader.types.serializer(serializerClass);
  if (factory === undefined)
    return unknownSerializer(serializerClass, `The serializer ${serializerClass} is not one of Flink's.`, nested);
  const stand = nested.map(() => object('', {}));
  const codecs = new Map<JavaValue, Codec>(stand.map((serializer, i) => [serializer, nested[i]]));
  return factory({
    className: serializerClass,
    object: object(serializerClass, fields(stand)),
    options: input.reader.options,
    nested: (value) => codecs.get(value) ?? unknownSerializer('', 'A serializer that its config does not hold.'),
  });
}

/** `UTF` serialization format, which is the class of the serializer unless that chose another. */
const parameterless: ConfigForm = (input) =>
  asSerializer(input, input.cursor.utf('serialization format'), [], () => ({}));

/** `UTF` type class (`GenericTypeSerializerConfigSnapshot`). */
const ofTypeClass =
  (serializerClass: string, field: string): ConfigForm =>
  (input) => {
    const typeClass = classObject(input.cursor.utf('type class'));
    return asSerializer(input, serializerClass, [], () => ({ [field]: typeClass }));
  };

/** Pairs of the nested serializers (`CompositeTypeSerializerConfigSnapshot`), which the serializer has in these fields. */
const composite =
  (serializerClass: string, ...names: readonly string[]): ConfigForm =>
  (input) => {
    const nested = readPairs(input.cursor, input.reader);
    return asSerializer(input, serializerClass, nested, (serializers) =>
      Object.fromEntries(names.map((name, i) => [name, serializers[i] ?? null])),
    );
  };

/** Pairs of a serializer that several classes share, or that has more to it than what is nested. */
const compositeOnly: ConfigForm = ({ cursor, reader }) => readPairs(cursor, reader);

/** Pairs, then the tuple class as a Java object. */
const tuple: ConfigForm = (input) => {
  const nested = readPairs(input.cursor, input.reader);
  const tupleClass = javaClassName(readJavaObject(input.cursor)) ?? '';
  const isTuple = tupleClass.startsWith('org.apache.flink.api.java.tuple.');
  return asSerializer(input, isTuple ? `${JAVA}TupleSerializer` : `${SCALA}CaseClassSerializer`, nested, (fields) => ({
    tupleClass: classObject(tupleClass),
    fieldSerializers: arrayObject(fields),
  }));
};

/** Version 1: pairs, then the class of the components as a Java object. */
const genericArray: ConfigForm = (input) => {
  const nested = readPairs(input.cursor, input.reader);
  const componentClass = readJavaObject(input.cursor);
  return asSerializer(input, `${BASE}GenericArraySerializer`, nested, ([componentSerializer]) => ({
    componentClass,
    componentSerializer: componentSerializer ?? null,
  }));
};

const row: ConfigForm = (input) => {
  const nested = readPairs(input.cursor, input.reader);
  return asSerializer(input, `${JAVA}RowSerializer`, nested, (fields) => ({ fieldSerializers: arrayObject(fields) }));
};

/** Version 2: `UTF` class, `i4 n`, n x `UTF` constant. Version 1 (before 1.3.1): `UTF` class, the constants as a Java array. */
const javaEnum: ConfigForm = ({ cursor, version, className }) => {
  if (version === 2) {
    const { className: enumClass, constants } = readEnumConstants(cursor);
    return enumCodec(enumClass, constants, className);
  }
  const enumClass = cursor.utf('enum class');
  const array = readJavaObject(cursor);
  const items = typeof array === 'object' && array?.kind === 'array' ? array.items : [];
  const constants = [...items].filter((item): item is JavaEnum => typeof item === 'object' && item?.kind === 'enum');
  return enumCodec(
    enumClass,
    constants.map((constant) => constant.constant),
    className,
  );
};

/** Version 2: as the later snapshot. Version 1: the class as a Java object, and a null. */
const scalaEnum: ConfigForm = ({ cursor, version, className }) => {
  if (version !== 1) return scalaEnumPayload(cursor, className);
  const enumClass = javaClassName(readJavaObject(cursor)) ?? '';
  readJavaObject(cursor);
  return unknownSerializer(className, `The values of ${enumClass} are not named in the snapshot.`);
};

/** `UTF` type class, `i4 n`, n registrations (`KryoRegistrationSerializerConfigSnapshot`). */
const registrations: ConfigForm = ({ cursor, className }) => {
  const typeClass = cursor.utf('type class');
  const n = cursor.count('Kryo registrations', 8);
  for (let i = 0; i < n; i++) registration(cursor);
  return unknownSerializer(
    className,
    `What Kryo does with ${typeClass} is said by the serializer, which could not be read.`,
  );
};

/** `UTF` tag, `UTF` registered class, `i4` kind of serializer: 0 none, 1 a class (`UTF`), 2 an instance (Java object). */
function registration(cursor: Cursor): void {
  cursor.utf('tag of a registration');
  cursor.utf('registered class');
  const kind = cursor.i32();
  if (kind === 1) cursor.utf('serializer class');
  else if (kind === 2) readJavaObject(cursor);
  else if (kind !== 0) throw cursor.corrupt(`Kind ${kind} of a Kryo registration is not known.`, cursor.offset - 4);
}

/** Avro up to 1.3 went through Kryo: registrations, then the class to make as `UTF`. */
const avroThroughKryo: ConfigForm = (input) => {
  const codec = registrations(input);
  input.cursor.utf('class to make');
  return codec;
};

/** 1.4 to 1.6: the schema as `UTF`. The class of the values is in the serializer. */
const avroSchema: ConfigForm = ({ cursor, className }) => avroCodec(cursor.utf('Avro schema'), null, className);

const CORE = 'org.apache.flink.api.common.typeutils.';
const BASE = `${CORE}base.`;
const JAVA = 'org.apache.flink.api.java.typeutils.runtime.';
const SCALA = 'org.apache.flink.api.scala.typeutils.';
const STREAMING = 'org.apache.flink.streaming.';

/** Config snapshots of Flink 1.3 to 1.7 by class. */
const FORMS: Readonly<Record<string, ConfigForm>> = {
  [`${CORE}ParameterlessTypeSerializerConfig`]: parameterless,
  [`${BASE}MapSerializerConfigSnapshot`]: composite(`${BASE}MapSerializer`, 'keySerializer', 'valueSerializer'),
  [`${BASE}CollectionSerializerConfigSnapshot`]: composite(`${BASE}ListSerializer`, 'elementSerializer'),
  [`${BASE}GenericArraySerializerConfigSnapshot`]: genericArray,
  [`${BASE}EnumSerializer$EnumSerializerConfigSnapshot`]: javaEnum,
  [`${CORE}CompositeSerializer$ConfigSnapshot`]: compositeOnly,
  [`${JAVA}EitherSerializerConfigSnapshot`]: composite(`${JAVA}EitherSerializer`, 'leftSerializer', 'rightSerializer'),
  [`${JAVA}TupleSerializerConfigSnapshot`]: tuple,
  [`${JAVA}RowSerializer$RowSerializerConfigSnapshot`]: row,
  [`${JAVA}NullableSerializer$NullableSerializerConfigSnapshot`]: compositeOnly,
  [`${JAVA}CopyableValueSerializer$CopyableValueSerializerConfigSnapshot`]: ofTypeClass(
    `${JAVA}CopyableValueSerializer`,
    'valueClass',
  ),
  [`${JAVA}WritableSerializer$WritableSerializerConfigSnapshot`]: ofTypeClass(`${JAVA}WritableSerializer`, 'typeClass'),
  [`${JAVA}ValueSerializer$ValueSerializerConfigSnapshot`]: registrations,
  [`${JAVA}kryo.KryoSerializer$KryoSerializerConfigSnapshot`]: registrations,
  [`${JAVA}PojoSerializer$PojoSerializerConfigSnapshot`]: readPojoConfig,
  [`${JAVA}AvroSerializer$AvroSerializerConfigSnapshot`]: avroThroughKryo,
  'org.apache.flink.formats.avro.typeutils.AvroSerializer$AvroSerializerConfigSnapshot': avroThroughKryo,
  'org.apache.flink.formats.avro.typeutils.AvroSerializer$AvroSchemaSerializerConfigSnapshot': avroSchema,
  [`${SCALA}EnumValueSerializer$ScalaEnumSerializerConfigSnapshot`]: scalaEnum,
  [`${SCALA}ScalaOptionSerializerConfigSnapshot`]: composite(`${SCALA}OptionSerializer`, 'elemSerializer'),
  [`${SCALA}OptionSerializer$OptionSerializerConfigSnapshot`]: composite(`${SCALA}OptionSerializer`, 'elemSerializer'),
  [`${SCALA}ScalaTrySerializerConfigSnapshot`]: compositeOnly,
  [`${SCALA}TrySerializer$TrySerializerConfigSnapshot`]: compositeOnly,
  [`${SCALA}TraversableSerializerConfigSnapshot`]: composite(`${SCALA}TraversableSerializer`, 'elementSerializer'),
  [`${STREAMING}runtime.streamrecord.StreamElementSerializer$StreamElementSerializerConfigSnapshot`]: compositeOnly,
  [`${STREAMING}api.datastream.CoGroupedStreams$UnionSerializerConfigSnapshot`]: compositeOnly,
  [`${STREAMING}api.operators.TimerSerializer$TimerSerializerConfigSnapshot`]: compositeOnly,
  [`${STREAMING}api.operators.co.IntervalJoinOperator$BufferSerializerConfigSnapshot`]: compositeOnly,
  [`${STREAMING}api.functions.sink.TwoPhaseCommitSinkFunction$StateSerializerConfigSnapshot`]: compositeOnly,
  'org.apache.flink.table.runtime.types.CRowSerializer$CRowSerializerConfigSnapshot': composite(
    'org.apache.flink.table.runtime.types.CRowSerializer',
    'rowSerializer',
  ),
  'org.apache.flink.cep.nfa.NFA$NFASerializerConfigSnapshot': composite(
    'org.apache.flink.cep.nfa.NFA$NFASerializer',
    'eventSerializer',
    'sharedBufferSerializer',
  ),
  'org.apache.flink.cep.nfa.SharedBuffer$SharedBufferSerializerConfigSnapshot': composite(
    'org.apache.flink.cep.nfa.SharedBuffer$SharedBufferSerializer',
    'keySerializer',
    'valueSerializer',
    'versionSerializer',
  ),
};

export function configForm(className: string): ConfigForm | null {
  return Object.hasOwn(FORMS, className) ? FORMS[className] : null;
}
