import type { FormField } from '../../src/view/shownRows';

/** What a person wrote into a field of the form, and into the fields in it. */
export type FormValue = string | boolean | FormValue[];

/** What an empty form has. */
export function emptyValue(field: FormField): FormValue {
  if (field.input === 'fields') return field.fields.map(emptyValue);
  if (field.input === 'boolean') return false;
  return field.input === 'choice' ? (field.choices[0] ?? '') : '';
}

/**
 * The key of a filled form as it is typed into the line: JSON, or the text itself where the key is nothing but a text. Numbers
 * stay as they are written, with all their digits.
 */
export function formText(field: FormField, value: FormValue): string {
  return field.input === 'text' && typeof value === 'string' ? value : json(field, value);
}

function json(field: FormField, value: FormValue): string {
  const { input, fields, isArray } = field;
  if (Array.isArray(value)) {
    const parts = fields.map((inner, i) => json(inner, value[i] ?? emptyValue(inner)));
    if (isArray) return `[${parts.join(', ')}]`;
    return `{${fields.map(({ name }, i) => `${JSON.stringify(name ?? '')}: ${parts[i]}`).join(', ')}}`;
  }
  if (typeof value === 'boolean') return String(value);
  if (input === 'json') return value.trim() === '' ? 'null' : value;
  if (input === 'integer' || input === 'number') return value.trim() === '' ? 'null' : value.trim();
  return JSON.stringify(value);
}
