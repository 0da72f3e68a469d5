import type { PartState } from '../backends/part';
import { spellType, type TypeInfo } from '../types/typeInfo';
import type { PartChange, TypeChange } from './diffResult';

/** Parts that are named; of more, the first ones. */
const MOST_PARTS = 100;

export function typeChanges(before: PartState, after: PartState): TypeChange[] {
  const changes: TypeChange[] = [];
  if (before.kind !== after.kind) changes.push({ what: 'kind', before: before.kind, after: after.kind, parts: [] });
  for (const what of ['key', 'namespace'] as const) {
    const change = typeChange(what, before[what]?.type ?? null, after[what]?.type ?? null);
    if (change !== null) changes.push(change);
  }
  const change = typeChange('type', wholeType(before), wholeType(after));
  if (change !== null) changes.push(change);
  return changes;
}

function typeChange(what: TypeChange['what'], before: TypeInfo | null, after: TypeInfo | null): TypeChange | null {
  const [a, b] = [spelled(before), spelled(after)];
  if (a === b) return null;
  const parts = before === null || after === null ? [] : partChanges(before, after);
  return { what, before: a, after: b, parts };
}

/** The type of all that stands under one key. */
function wholeType({ kind, layout, userKey, value }: PartState): TypeInfo | null {
  if (value === null) return null;
  const { serializer } = value.type;
  if (kind === 'map' || kind === 'broadcast') {
    return { name: 'map', arguments: [userKey?.type ?? UNKNOWN, value.type], serializer };
  }
  // Elements stand one behind the other there; a heap's value is the list.
  return layout === 'delimited' ? { name: 'list', arguments: [value.type], serializer } : value.type;
}

const UNKNOWN: TypeInfo = { name: 'unknown', serializer: '' };

const spelled = (type: TypeInfo | null): string => (type === null ? '(none)' : spellType(type));

/** Where two types differ, as deep as they are alike. Empty where the outermost differs. */
export function partChanges(before: TypeInfo, after: TypeInfo): PartChange[] {
  const changes: PartChange[] = [];
  compare(before, after, '', changes);
  const [first] = changes;
  return changes.length === 1 && first.path === '' ? [] : changes.slice(0, MOST_PARTS);
}

function compare(a: TypeInfo, b: TypeInfo, path: string, changes: PartChange[]): void {
  if (changes.length >= MOST_PARTS || spellType(a) === spellType(b)) return;
  if (!isSameHead(a, b)) {
    changes.push({ path, before: spellType(a), after: spellType(b) });
    return;
  }
  const inside = path === '' ? '' : `${path}.`;
  const others = new Map((b.fields ?? []).map(({ name, type }) => [name, type]));
  for (const { name, type } of a.fields ?? []) {
    const other = others.get(name);
    others.delete(name);
    if (other !== undefined) compare(type, other, inside + name, changes);
    else changes.push({ path: inside + name, before: spellType(type), after: null });
  }
  for (const [name, type] of others) changes.push({ path: inside + name, before: null, after: spellType(type) });
  const others2 = b.arguments ?? [];
  (a.arguments ?? []).forEach((argument, i) => {
    if (a.fields === undefined) compare(argument, others2[i], argumentPath(a, i, path), changes);
  });
}

/** All but the fields and arguments is the same, so that what differs is in these. */
function isSameHead(a: TypeInfo, b: TypeInfo): boolean {
  const head = ({ fields: _, arguments: __, ...rest }: TypeInfo) => spellType(rest);
  return (
    head(a) === head(b) &&
    (a.fields === undefined) === (b.fields === undefined) &&
    (a.fields !== undefined || (a.arguments ?? []).length === (b.arguments ?? []).length)
  );
}

function argumentPath({ name, arguments: all = [] }: TypeInfo, index: number, path: string): string {
  const inside = path === '' ? '' : `${path}.`;
  if (name === 'map') return `${inside}${index === 0 ? 'key' : 'value'}`;
  if (all.length === 1) return name === 'list' || name === 'array' || name === 'set' ? `${path}[]` : path;
  return `${inside}f${index}`;
}
