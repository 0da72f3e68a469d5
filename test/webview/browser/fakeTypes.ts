import type { StateTarget } from '../../../src/view/shownEntries';
import type { FilterName, FormField } from '../../../src/view/shownRows';

/** What a filter over the shop's users may name. */
export const names: FilterName[] = [
  { name: 'key', type: 'string', is: 'variable' },
  { name: 'keyGroup', type: 'int', is: 'variable' },
  { name: 'value', type: 'pojo com.acme.shop.User', is: 'variable' },
  { name: 'value.amount', type: 'double', is: 'field' },
  { name: 'value.address', type: 'pojo com.acme.shop.Address', is: 'field' },
  { name: 'value.address.city', type: 'string', is: 'field' },
  { name: 'value.id', type: 'long', is: 'field' },
  { name: 'startsWith', type: 'startsWith(string) -> bool', is: 'function' },
  { name: 'size', type: 'size(list) -> int', is: 'function' },
];

const field = (name: string | null, more: Partial<FormField>): FormField => ({
  name,
  type: 'string',
  input: 'text',
  choices: [],
  fields: [],
  isArray: false,
  example: '',
  ...more,
});

export function keyFields({ state, backend }: StateTarget): FormField | null {
  if (backend === 'operator') return null;
  if (state !== 'window-contents') return field(null, {});
  return field(null, {
    type: 'tuple<string, long>',
    input: 'fields',
    isArray: true,
    fields: [field('f0', { example: 'user-1' }), field('f1', { type: 'long', input: 'integer', example: '42' })],
  });
}
