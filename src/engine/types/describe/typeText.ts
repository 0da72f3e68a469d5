import { spellName, spellType } from '../typeInfo';
import type { DescribedConstant, DescribedField, DescribedType } from './describedType';
import { typeOfSyntax } from './typeMeaning';
import { parseSyntax } from './typeSyntax';

/**
 * Parses a type as plans give it: `long`, `map<string, list<long>>`, `pojo com.acme.Balance {amount: double, updatedAt: long}`.
 * Types are written as `inspect` prints them; `typeNames` lists the words. Fails with `BAD_ARGUMENT` at the line and column of
 * what is wrong (`TypeTextError`).
 */
export function parseTypeText(text: string): DescribedType {
  return typeOfSyntax(parseSyntax(text), text);
}

/** The text of a type, from which `parseTypeText` makes the same type. */
export function printType(type: DescribedType): string {
  let text = type.stored === undefined ? type.name : spellType(type.stored.info);
  if (type.parameters !== undefined) text += `(${type.parameters.join(', ')})`;
  if (type.className !== undefined) text += ` ${type.className}`;
  if (type.schema !== undefined)
    text += ` ${JSON.stringify('file' in type.schema ? type.schema.file : type.schema.json)}`;
  if (type.arguments !== undefined) text += `<${type.arguments.map(printType).join(', ')}>`;
  if (type.fields !== undefined) text += ` {${type.fields.map(printField).join(', ')}}`;
  if (type.constants !== undefined) text += ` {${type.constants.map(printConstant).join(', ')}}`;
  if (type.nullable === true) text += '?';
  return type.notNull === true ? `${text} not null` : text;
}

function printField({ name, type, declaredIn }: DescribedField): string {
  return `${declaredIn === undefined ? '' : `${declaredIn}#`}${spellName(name)}: ${printType(type)}`;
}

function printConstant({ name, id }: DescribedConstant): string {
  return id === undefined ? spellName(name) : `${spellName(name)} = ${id}`;
}
