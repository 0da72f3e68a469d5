import { describe, expect, it } from 'vitest';
import type { FormField } from '../../src/view/shownRows';
import { accept, completionsAt } from '../../webview/entries/completion';
import { emptyValue, formText } from '../../webview/entries/keyForm';
import { firstSort, nextSort } from '../../webview/entries/sorting';
import { names } from './browser/fakeTypes';
import { columns } from './browser/shopEntries';
import { operator, state } from './samples';

describe('completion of a filter', () => {
  const at = (text: string) => {
    const cursor = text.indexOf('|');
    const found = completionsAt(text.replace('|', ''), cursor, names);
    return found === null ? null : { from: found.from, names: found.items.map(({ name }) => name) };
  };

  it('offers names that begin as what was typed, a level at a time', () => {
    expect(at('k|')).toEqual({ from: 0, names: ['key', 'keyGroup'] });
    expect(at('value.|')).toEqual({ from: 0, names: ['value.amount', 'value.address', 'value.id'] });
    expect(at('value.ADDRESS.|')).toEqual({ from: 0, names: ['value.address.city'] });
    expect(at('value.amount < 0.0 && value.i| < 3')).toEqual({ from: 22, names: ['value.id'] });
    expect(at('value.amount|')).toBeNull();
    expect(at('nothing|')).toBeNull();
  });

  it('offers functions behind a value, and everything where nothing is typed', () => {
    expect(at('key.st|')).toEqual({ from: 4, names: ['startsWith'] });
    expect(at('si|')).toEqual({ from: 0, names: ['size'] });
    expect(at('|')?.names).toEqual(['key', 'keyGroup', 'value']);
  });

  it('offers nothing inside a text', () => {
    expect(at("key == 'va|")).toBeNull();
    expect(at('key == "it\\"s va|')).toBeNull();
    expect(at("key == 'a' && va|")?.names).toEqual(['value']);
  });

  it('puts what is taken in place of what was typed', () => {
    const name = names.find((one) => one.name === 'value.amount');
    const call = names.find((one) => one.name === 'startsWith');
    if (name === undefined || call === undefined) throw new Error('The names are others.');
    expect(accept('1 < value.am && true', 12, 4, name)).toEqual({ text: '1 < value.amount && true', cursor: 16 });
    expect(accept('key.st', 6, 4, call)).toEqual({ text: 'key.startsWith(', cursor: 15 });
  });
});

describe('a key of a form', () => {
  const field = (name: string | null, more: Partial<FormField>): FormField => ({
    name,
    type: '',
    input: 'text',
    choices: [],
    fields: [],
    isArray: false,
    example: '',
    ...more,
  });

  it('is a text as it is, or JSON with every digit', () => {
    expect(formText(field(null, {}), 'it is "so"')).toBe('it is "so"');
    expect(formText(field(null, { input: 'integer' }), ' 9007199254740993 ')).toBe('9007199254740993');
    expect(formText(field(null, { input: 'boolean' }), true)).toBe('true');
    expect(formText(field(null, { input: 'choice', choices: ['RED'] }), 'RED')).toBe('"RED"');
    expect(formText(field(null, { input: 'json' }), '{"a": 1}')).toBe('{"a": 1}');
  });

  it('has its fields by name, or in their order', () => {
    const fields = [
      field('name', {}),
      field('at', { input: 'fields', isArray: true, fields: [field('f0', { input: 'number' })] }),
    ];
    const pojo = field(null, { input: 'fields', fields });
    expect(emptyValue(pojo)).toEqual(['', ['']]);
    expect(formText(pojo, ['Ada', ['1.5']])).toBe('{"name": "Ada", "at": [1.5]}');
    expect(formText({ ...pojo, isArray: true }, ['Ada', ['']])).toBe('["Ada", [null]]');
  });
});

describe('a press on the head of a column', () => {
  it('sorts numbers from the largest, texts from the first, and the third press not at all', () => {
    const largest = nextSort(null, 'value.0', columns);
    expect(largest).toEqual({ column: 'value.0', descending: true });
    const smallest = nextSort(largest, 'value.0', columns);
    expect(smallest).toEqual({ column: 'value.0', descending: false });
    expect(nextSort(smallest, 'value.0', columns)).toBeNull();
    expect(nextSort(smallest, 'key', columns)).toEqual({ column: 'key', descending: false });
  });

  it('is not needed for timers, which stand by when they are due where that takes no time', () => {
    const timers = (bytes: number | null) => state('timers', { kind: 'timer', bytes });
    expect(firstSort(operator('a'), timers(1000))).toEqual({ column: 'timestamp', descending: false });
    expect(firstSort(operator('a'), timers(1_000_000_000))).toBeNull();
    expect(firstSort(operator('a', { bytes: 1_000_000_000 }), timers(null))).toBeNull();
    expect(firstSort(operator('a'), state('profile'))).toBeNull();
  });
});
