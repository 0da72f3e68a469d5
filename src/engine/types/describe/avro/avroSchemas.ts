import type { AvroSchemaSource, DescribedType } from '../describedType';

/** The files of Avro schemas that a type names, each once. */
export function avroSchemaFiles(type: DescribedType): string[] {
  const files = new Set<string>();
  const visit = (part: DescribedType): void => {
    if (part.schema !== undefined && 'file' in part.schema) files.add(part.schema.file);
    for (const inner of part.arguments ?? []) visit(inner);
    for (const field of part.fields ?? []) visit(field.type);
  };
  visit(type);
  return [...files];
}

/** The same type with the schemas themselves in the place of their files, which `read` gets the text of. */
export async function withAvroSchemas(
  type: DescribedType,
  read: (file: string) => Promise<string>,
): Promise<DescribedType> {
  const files = avroSchemaFiles(type);
  if (files.length === 0) return type;
  const schemas = new Map<string, AvroSchemaSource>();
  for (const file of files) schemas.set(file, { json: await read(file) });
  return replaceFiles(type, schemas);
}

/** The same type with other names for the files. */
export function withAvroSchemaPaths(type: DescribedType, at: (file: string) => string): DescribedType {
  const schemas = avroSchemaFiles(type).map((file): [string, AvroSchemaSource] => [file, { file: at(file) }]);
  return schemas.length === 0 ? type : replaceFiles(type, new Map(schemas));
}

function replaceFiles(type: DescribedType, schemas: ReadonlyMap<string, AvroSchemaSource>): DescribedType {
  const schema = type.schema !== undefined && 'file' in type.schema ? schemas.get(type.schema.file) : undefined;
  const replace = (inner: DescribedType) => replaceFiles(inner, schemas);
  return {
    ...type,
    ...(schema !== undefined && { schema }),
    ...(type.arguments !== undefined && { arguments: type.arguments.map(replace) }),
    ...(type.fields !== undefined && {
      fields: type.fields.map((field) => ({ ...field, type: replace(field.type) })),
    }),
  };
}
