import type { FilterName } from '../../src/view/shownRows';

/** More suggestions than these nobody reads. */
const MOST = 60;

export interface Completion {
  /** What is replaced: from here to the cursor. */
  from: number;
  items: FilterName[];
}

/** The name that ends at the cursor, with the names it is a field of; fields of elements (`a[0].b`) are not followed. */
const NAME = /(?:[\p{L}_$][\p{L}\p{N}_$]*\.)*[\p{L}_$]?[\p{L}\p{N}_$]*$/u;

/** What may stand at the cursor of a filter. Nothing inside a text, and nothing that is there whole already. Pure. */
export function completionsAt(text: string, cursor: number, names: readonly FilterName[]): Completion | null {
  const before = text.slice(0, cursor);
  if (isInText(before)) return null;
  const token = NAME.exec(before)?.[0] ?? '';
  const wanted = token.toLowerCase();
  const dot = token.lastIndexOf('.');
  const last = wanted.slice(dot + 1);
  const fields = names.filter(({ is, name }) => is !== 'function' && isNext(name, wanted, dot));
  const functions = names.filter(
    ({ is, name }) => is === 'function' && last !== '' && name.toLowerCase().startsWith(last),
  );
  if (fields.length > 0) return complete(cursor - token.length, [...fields, ...(dot < 0 ? functions : [])], token);
  return complete(cursor - (token.length - dot - 1), functions, token.slice(dot + 1));
}

/** Fields come one level at a time: after `value.` those of the value, not those of its fields. */
function isNext(name: string, wanted: string, dot: number): boolean {
  return name.toLowerCase().startsWith(wanted) && !name.slice(dot + 1).includes('.');
}

function complete(from: number, items: FilterName[], token: string): Completion | null {
  const left = items.filter(({ name }) => name !== token).slice(0, MOST);
  return left.length === 0 ? null : { from, items: left };
}

/** The text with a suggestion taken, and where the cursor stands then. */
export function accept(
  text: string,
  cursor: number,
  from: number,
  { name, is }: FilterName,
): { text: string; cursor: number } {
  const taken = is === 'function' ? `${name}(` : name;
  return { text: text.slice(0, from) + taken + text.slice(cursor), cursor: from + taken.length };
}

/** Whether a CEL text literal is open at the end. */
function isInText(before: string): boolean {
  let quote: string | null = null;
  for (let i = 0; i < before.length; i++) {
    const c = before[i];
    if (quote !== null) {
      if (c === '\\') i++;
      else if (c === quote) quote = null;
    } else if (c === '"' || c === "'") quote = c;
  }
  return quote !== null;
}
