import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalSchemaText } from '../../../../src/engine/types/describe/avro/normalSchema';

/** Lines `schema TAB what Avro prints of it`: see AvroSchemaSamples.java beside this file. */
const samples = readFileSync(join(import.meta.dirname, 'avro-schemas.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));

describe('the text of an Avro schema', () => {
  it.each(samples)('of %s is what Avro prints', (given, printed) => {
    expect(normalSchemaText(given)).toBe(printed);
    expect(normalSchemaText(printed)).toBe(printed);
    expect(normalSchemaText(JSON.stringify(JSON.parse(printed), null, 2).replace('1.0', '1.0'))).toBe(
      normalSchemaText(JSON.stringify(JSON.parse(printed))),
    );
  });

  it.each(['', 'string', '{"type":"record"}', '{"type":"record","name":"A","fields":[{"name":"b","type":"C"}]}'])(
    'is refused where it is none: %s',
    (text) => {
      expect(() => normalSchemaText(text)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
    },
  );
});
