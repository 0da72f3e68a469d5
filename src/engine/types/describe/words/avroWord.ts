import { EngineError } from '../../../bytes/engineError';
import { writeStringValue } from '../../families/stringValue';
import { normalSchemaText } from '../avro/normalSchema';
import type { DescribedType } from '../describedType';
import { isAtLeast } from '../flinkLine';
import type { SnapshotOutput } from '../snapshotOutput';
import type { TypeWord } from './word';

const GENERIC = 'org.apache.avro.generic.GenericRecord';

/**
 * `AvroSerializerSnapshot`: class of the values, schema; version 2 (1.8 to 1.11) both as `UTF`, version 3 (since 1.12) as
 * `StringValue`, because a schema may be longer.
 */
function writeAvro(type: DescribedType, out: SnapshotOutput): void {
  const className = type.className ?? GENERIC;
  const schema = schemaText(type);
  const version = isAtLeast(out.line, '1.16') ? 3 : 2;
  out.versioned('org.apache.flink.formats.avro.typeutils.AvroSerializerSnapshot', version);
  for (const text of [className, schema]) {
    if (version === 3) writeStringValue(out.sink, text);
    else out.sink.utf(text);
  }
}

function schemaText({ schema }: DescribedType): string {
  if (schema === undefined) throw new EngineError('BAD_ARGUMENT', 'An Avro type needs its schema.');
  if ('file' in schema) throw new EngineError('BAD_ARGUMENT', `The Avro schema ${schema.file} was not read.`);
  try {
    return normalSchemaText(schema.json);
  } catch (e) {
    if (e instanceof EngineError) throw new EngineError('BAD_ARGUMENT', e.message, { cause: e });
    throw e;
  }
}

export const avroWord: TypeWord = {
  name: 'avro',
  about: 'Avro record by its schema file: GenericRecord, or the class that was generated from the schema',
  example: 'avro com.acme.Limit "limit.avsc"',
  shape: { className: 'allowed', schema: true },
  write: writeAvro,
  javaClass: (type) => type.className ?? GENERIC,
};
