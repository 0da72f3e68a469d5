import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { Sink } from '../../bytes/sink';
import { type JavaValue, javaField } from '../../java/javaValue';
import { javaClassName, javaString } from '../../java/jdk';
import { type Codec, VARIABLE } from '../codec';
import type { SerializerInput, SnapshotInput, TypeFamily } from '../family';
import { unknownSerializer } from '../opaque';
import type { TypeInfo } from '../typeInfo';
import { EncodedValue } from '../values';
import { AvroParts } from './avroParts';
import { type AvroSchema, parseAvroSchema } from './avroSchema';
import type { Part } from './fields';
import { readStringValue } from './stringValue';

const GENERIC = 'org.apache.avro.generic.GenericRecord';

/**
 * `AvroSerializer` (`flink-avro`, since 1.4): values by the schema that the snapshot holds. `runtimeClass` is the class of the
 * job's values: a generated one, one that Avro reads by reflection, or `GenericRecord`. Where a union has branches whose
 * values look alike, values keep the bytes they were read from (`EncodedValue`).
 */
export function avroCodec(schemaText: string, runtimeClass: string | null, serializer: string): Codec {
  let schema: AvroSchema;
  try {
    schema = parseAvroSchema(schemaText);
  } catch (e) {
    if (e instanceof EngineError) return unknownSerializer(serializer, e.message);
    throw e;
  }
  const parts = new AvroParts();
  const part = parts.part(schema);
  const info = new InfoMaker(serializer).info(schema);
  const className = runtimeClass !== null && runtimeClass !== GENERIC ? runtimeClass : info.className;
  const type: TypeInfo = { ...info, name: 'avro', ...(className !== undefined && { className }) };
  return parts.ambiguous ? keepingBytes(type, part) : { type, ...codecParts(part) };
}

function codecParts(part: Part): Omit<Codec, 'type'> {
  return {
    length: VARIABLE,
    minimum: 0,
    read: (cursor) => part.read(cursor),
    skip: (cursor) => part.skip(cursor),
    write: (sink, value) => part.write(sink, value),
    fromJson: (json) => part.fromJson(json),
  };
}

function keepingBytes(type: TypeInfo, part: Part): Codec {
  return {
    ...codecParts(part),
    type,
    read: (cursor) => {
      const from = cursor.position;
      const value = part.read(cursor);
      return new EncodedValue(cursor.bytes.slice(from, cursor.position), value);
    },
    write: (sink, value) => {
      if (value instanceof EncodedValue) sink.raw(value.bytes);
      else part.write(sink, value);
    },
    fromJson: (json) => {
      const value = part.fromJson(json);
      const sink = new Sink();
      part.write(sink, value);
      return new EncodedValue(sink.toBytes(), value);
    },
  };
}

/** A named type shows what it is made of where it is met first; a record may lead back to itself. */
class InfoMaker {
  private readonly told = new Set<AvroSchema>();

  constructor(private readonly serializer: string) {}

  info(schema: AvroSchema): TypeInfo {
    const { serializer } = this;
    switch (schema.kind) {
      case 'record': {
        const known = this.told.has(schema);
        this.told.add(schema);
        const fields = () => schema.fields.map(({ name, type }) => ({ name, type: this.info(type) }));
        return { name: 'avro', className: schema.name, serializer, ...(!known && { fields: fields() }) };
      }
      case 'enum':
        return { name: 'enum', className: schema.name, constants: schema.symbols, serializer };
      case 'fixed':
        return { name: 'fixed', className: schema.name, parameters: [schema.size], serializer };
      case 'array':
        return { name: 'list', arguments: [this.info(schema.items)], serializer };
      case 'map':
        return { name: 'map', arguments: [{ name: 'string', serializer }, this.info(schema.values)], serializer };
      case 'union': {
        const [first, second, third] = schema.branches;
        if (third === undefined && first?.kind === 'null' && second !== undefined)
          return { ...this.info(second), nullable: true };
        if (third === undefined && second?.kind === 'null') return { ...this.info(first), nullable: true };
        return { name: 'union', arguments: schema.branches.map((branch) => this.info(branch)), serializer };
      }
      case 'bytes':
        return { name: 'byte[]', serializer };
      default:
        return { name: schema.kind, serializer };
    }
  }
}

/**
 * Version 1 (1.7): `UTF` schema. Version 2 (1.8 to 1.11): `UTF` runtime class, `UTF` schema. Version 3 (1.12): both as
 * `StringValue`s, because a schema may be longer than `UTF` takes.
 */
function avroSnapshot({ cursor, version, className }: SnapshotInput): Codec {
  switch (version) {
    case 1:
      return avroCodec(cursor.utf('Avro schema'), null, className);
    case 2: {
      const runtimeClass = cursor.utf('class of Avro values');
      return avroCodec(cursor.utf('Avro schema'), runtimeClass, className);
    }
    case 3: {
      const runtimeClass = readStringValue(cursor);
      return avroCodec(readStringValue(cursor) ?? '', runtimeClass, className);
    }
    default:
      throw cursor.error('UNSUPPORTED_VERSION', `Version ${version} of ${className} is not known.`);
  }
}

/**
 * The serializer object. 1.5 has only the class, 1.6 also `String schemaString`, 1.7 and later `SerializableAvroSchema schema`,
 * which writes `boolean` and the schema: as `UTF`, later as `i4 length` and UTF-8.
 */
function avroSerializer({ object, className }: SerializerInput): Codec {
  const runtimeClass = javaClassName(javaField(object, 'type'));
  const schema = javaString(javaField(object, 'schemaString')) ?? serializableSchema(javaField(object, 'schema'));
  if (schema === null)
    return unknownSerializer(className, `The schema of ${runtimeClass} is known to that class alone.`);
  return avroCodec(schema, runtimeClass, className);
}

function serializableSchema(value: JavaValue | undefined): string | null {
  if (typeof value !== 'object' || value === null || value.kind !== 'object') return null;
  const block = value.classData.at(-1)?.annotations[0];
  if (!(block instanceof Uint8Array)) return null;
  const cursor = new Cursor(block);
  if (!cursor.bool('flag of a schema')) return null;
  const content = block.subarray(cursor.position);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  // A text that fills the rest behind four bytes of length cannot also fill it behind two.
  const behindInt = content.length >= 4 && view.getInt32(0) === content.length - 4;
  return behindInt ? new TextDecoder().decode(content.subarray(4)) : cursor.utf('Avro schema');
}

const AVRO = 'org.apache.flink.formats.avro.typeutils.';

export const avroFamily: TypeFamily = {
  snapshots: {
    [`${AVRO}AvroSerializerSnapshot`]: avroSnapshot,
    [`${AVRO}AvroSerializer$AvroSchemaSerializerConfigSnapshot`]: avroSnapshot,
  },
  serializers: { [`${AVRO}AvroSerializer`]: avroSerializer },
};
