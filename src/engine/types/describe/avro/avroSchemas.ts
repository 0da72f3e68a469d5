import type { DescribedType } from '../describedType';

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
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await read(file));
  return replaceFiles(type, texts);
}

function replaceFiles(type: DescribedType, texts: ReadonlyMap<string, string>): DescribedType {
  const json = type.schema !== undefined && 'file' in type.schema ? texts.get(type.schema.file) : undefined;
  const replace = (inner: DescribedType) => replaceFiles(inner, texts);
  return {
    ...type,
    ...(json !== undefined && { schema: { json } }),
    ...(type.arguments !== undefined && { arguments: type.arguments.map(replace) }),
    ...(type.fields !== undefined && {
      fields: type.fields.map((field) => ({ ...field, type: replace(field.type) })),
    }),
  };
}
