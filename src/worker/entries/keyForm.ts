import { fieldsOf } from '../../engine/entryTypes';
import { spellType, type TypeInfo } from '../../engine/types/typeInfo';
import type { FormField } from '../../view/shownRows';

/** Fields within fields that a form shows; what lies deeper is written as JSON. */
const MAX_DEPTH = 4;
const MAX_FIELDS = 40;

type Input = Pick<FormField, 'input' | 'example'>;

const INTEGER: Input = { input: 'integer', example: '42' };
const NUMBER: Input = { input: 'number', example: '1.5' };
const TEXT: Input = { input: 'text', example: 'user-42' };
const DIGITS: Input = { input: 'text', example: '12.50' };
const time = (example: string): Input => ({ input: 'time', example });

const INPUTS: Readonly<Record<string, Input>> = {
  byte: INTEGER,
  short: INTEGER,
  int: INTEGER,
  long: INTEGER,
  tinyint: INTEGER,
  smallint: INTEGER,
  integer: INTEGER,
  bigint: INTEGER,
  float: NUMBER,
  double: NUMBER,
  boolean: { input: 'boolean', example: 'true' },
  string: TEXT,
  varchar: TEXT,
  char: { input: 'text', example: 'a' },
  'byte[]': { input: 'text', example: 'aGVsbG8=' },
  bigdecimal: DIGITS,
  biginteger: { input: 'text', example: '42' },
  decimal: DIGITS,
  instant: time('2026-01-31T23:59:59Z'),
  date: time('2026-01-31T00:00:00Z'),
  'sql-timestamp': time('2026-01-31T23:59:59Z'),
  localdate: time('2026-01-31'),
  localtime: time('23:59:59'),
  localdatetime: time('2026-01-31T23:59:59'),
  timestamp: time('2026-01-31T23:59:59'),
};

/** A type as a form for a value of it. */
export function formOf(type: TypeInfo, name: string | null = null, depth = 0): FormField {
  const common = { name, type: spellType(type), choices: [] as string[], fields: [] as FormField[], isArray: false };
  const { constants } = type;
  if (constants !== undefined && constants.length > 0) {
    return { ...common, input: 'choice', choices: [...constants], example: constants[0] ?? '' };
  }
  const fields = fieldsOf(type);
  if (fields.length > 0 && fields.length <= MAX_FIELDS && depth < MAX_DEPTH && type.unreadable === undefined) {
    const inner = fields.map((field) => formOf(field.type, field.name, depth + 1));
    const isArray = isArrayInJson(type);
    return { ...common, input: 'fields', fields: inner, isArray, example: exampleOf(inner, isArray) };
  }
  return { ...common, ...(Object.hasOwn(INPUTS, type.name) ? INPUTS[type.name] : { input: 'json', example: '{}' }) };
}

const ARRAYS: ReadonlySet<string> = new Set(['tuple', 'case-class', 'row']);

/** Of what has fields, tuples, case classes and rows are arrays in JSON; POJOs, Avro's records and windows are objects. */
export const isArrayInJson = ({ name }: TypeInfo): boolean => ARRAYS.has(name);

function exampleOf(fields: readonly FormField[], isArray: boolean): string {
  const shown = fields.map(({ name, input, example }) => {
    const value = ['text', 'time', 'choice'].includes(input) ? JSON.stringify(example) : example;
    return isArray ? value : `${JSON.stringify(name)}: ${value}`;
  });
  return isArray ? `[${shown.join(', ')}]` : `{${shown.join(', ')}}`;
}
