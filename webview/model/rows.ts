import type { OperatorDescription, SnapshotDescription, StateDescription } from '../../src/engine/description';
import { spellType, type TypeInfo } from '../../src/engine/types/typeInfo';
import type { RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import { operatorTitle } from '../../src/view/naming';
import type { Strings } from '../../src/view/strings';
import { type Counts, orderOf } from './counts';

/** A line of the table. `key` stays the same when the snapshot is read again. */
export type Row = RowBase &
  (
    | { kind: 'operator'; operator: OperatorDescription }
    | { kind: 'state'; operator: OperatorDescription; state: StateDescription }
    /** State without a name: of the coordinator, of channels, raw. */
    | { kind: 'line'; operator: OperatorDescription; label: string; hint: string; bytes: number }
    /** Key, namespace, field or argument of a state's type. */
    | {
        kind: 'part';
        operator: OperatorDescription;
        state: StateDescription;
        label: string;
        spelled: string;
        type: TypeInfo | null;
      }
  );

export type OperatorRow = Extract<Row, { kind: 'operator' }>;
export type StateRow = Extract<Row, { kind: 'state' }>;

interface RowBase {
  key: string;
  level: number;
  expandable: boolean;
  expanded: boolean;
  /** Place among its siblings, from 1, and their number. */
  position: number;
  siblings: number;
}

export type SortColumn = 'name' | 'parallelism' | 'entries' | 'bytes';

export interface TableView {
  expanded: ReadonlySet<string>;
  sort: { column: SortColumn; descending: boolean };
  filter: string;
}

/** What the table is made of: all that is there is shown by a view. */
export interface TableContent {
  readonly snapshot: SnapshotDescription;
  readonly counts: Counts;
}

export interface Table {
  rows: Row[];
  /** Operators that the filter lets through. */
  operators: number;
}

export const operatorKey = (operator: OperatorDescription): string => `o/${operator.id}`;
export const stateKey = (operator: OperatorDescription, state: StateDescription): string =>
  `${operatorKey(operator)}/s/${state.backend}/${state.name}`;

/** The rows that are to be seen: what is folded, filtered away or not expanded costs nothing. */
export function buildRows({ snapshot, counts }: TableContent, view: TableView, strings: Strings): Table {
  const needle = view.filter.trim().toLowerCase();
  const shown: { operator: OperatorDescription; states: StateDescription[] }[] = [];
  for (const operator of snapshot.operators) {
    if (needle === '' || matchesOperator(operator, needle)) shown.push({ operator, states: operator.states });
    else {
      const states = operator.states.filter((state) => matchesState(state, needle));
      if (states.length > 0) shown.push({ operator, states });
    }
  }
  shown.sort((a, b) => compareOperators(a.operator, b.operator, counts, view.sort));
  const rows: Row[] = [];
  for (const [index, { operator, states }] of shown.entries()) {
    const key = operatorKey(operator);
    const expandable = states.length > 0 || unnamedState(operator, strings).length > 0;
    // A match inside a closed operator would be invisible.
    const expanded = expandable && (view.expanded.has(key) || (needle !== '' && !matchesOperator(operator, needle)));
    const place = { position: index + 1, siblings: shown.length };
    rows.push({ kind: 'operator', key, level: 1, operator, expandable, expanded, ...place });
    if (expanded) pushStates(rows, operator, states, counts, view, strings);
  }
  return { rows, operators: shown.length };
}

function pushStates(
  rows: Row[],
  operator: OperatorDescription,
  states: readonly StateDescription[],
  counts: Counts,
  view: TableView,
  strings: Strings,
): void {
  const lines = unnamedState(operator, strings);
  const siblings = states.length + lines.length;
  for (const [index, state] of [...states].sort((a, b) => compareStates(operator, a, b, counts, view.sort)).entries()) {
    const key = stateKey(operator, state);
    const expanded = view.expanded.has(key);
    const place = { position: index + 1, siblings };
    rows.push({ kind: 'state', key, level: 2, operator, state, expandable: true, expanded, ...place });
    if (expanded) pushParts(rows, operator, state, key, 3, partsOfState(state, strings), view);
  }
  for (const [index, line] of lines.entries()) {
    const place = { position: states.length + index + 1, siblings };
    const key = `${operatorKey(operator)}/l/${line.id}`;
    rows.push({ kind: 'line', key, level: 2, operator, ...line, expandable: false, expanded: false, ...place });
  }
}

interface Part {
  label: string;
  spelled: string;
  type: TypeInfo | null;
}

function pushParts(
  rows: Row[],
  operator: OperatorDescription,
  state: StateDescription,
  parent: string,
  level: number,
  parts: readonly Part[],
  view: TableView,
): void {
  for (const [index, part] of parts.entries()) {
    const key = `${parent}/${index}`;
    const inner = part.type === null ? [] : partsOfType(part.type, null);
    const expanded = inner.length > 0 && view.expanded.has(key);
    const place = { position: index + 1, siblings: parts.length };
    rows.push({ kind: 'part', key, level, operator, state, ...part, expandable: inner.length > 0, expanded, ...place });
    if (expanded) pushParts(rows, operator, state, key, level + 1, inner, view);
  }
}

/** Key and namespace, then what the value is made of: a value with fields shows them at once. */
function partsOfState(state: StateDescription, strings: Strings): Part[] {
  const parts: Part[] = [];
  if (state.keyType !== null) parts.push({ label: strings.key, spelled: state.keyType, type: null });
  if (state.namespaceType !== null) parts.push({ label: strings.namespace, spelled: state.namespaceType, type: null });
  const inner = partsOfType(state.typeInfo, strings);
  if (inner.length > 0) return [...parts, ...inner];
  return [...parts, { label: strings.value, spelled: state.type, type: state.typeInfo }];
}

/** Type arguments and fields, named; `strings` is needed for arguments only, whose names are words of the page. */
function partsOfType(type: TypeInfo, strings: Strings | null): Part[] {
  const parts: Part[] = [];
  const names = argumentNames(type, strings);
  for (const [index, argument] of (type.arguments ?? []).entries()) {
    parts.push({ label: names[index] ?? String(index), spelled: spellType(argument), type: argument });
  }
  for (const field of type.fields ?? []) {
    parts.push({ label: field.name, spelled: spellType(field.type), type: field.type });
  }
  return parts;
}

function argumentNames(type: TypeInfo, strings: Strings | null): string[] {
  const count = type.arguments?.length ?? 0;
  const words = strings ?? { key: 'key', value: 'value', element: 'element', argument: '{0}' };
  if (type.name === 'map' && count === 2) return [words.key, words.value];
  if (count === 1) return [words.element];
  return Array.from({ length: count }, (_, i) => fill(words.argument, i));
}

interface UnnamedState {
  id: string;
  label: string;
  hint: string;
  bytes: number;
}

/** State that Flink keeps beside the named ones; only what is there. */
export function unnamedState(operator: OperatorDescription, strings: Strings): UnnamedState[] {
  return [
    {
      id: 'coordinator',
      label: strings.coordinatorState,
      hint: strings.coordinatorHint,
      bytes: operator.coordinatorBytes,
    },
    { id: 'channel', label: strings.channelState, hint: strings.inFlight, bytes: operator.channelStateBytes },
    { id: 'rawKeyed', label: strings.rawKeyedState, hint: strings.rawHint, bytes: operator.rawKeyedBytes },
    { id: 'rawOperator', label: strings.rawOperatorState, hint: strings.rawHint, bytes: operator.rawOperatorBytes },
    { id: 'legacy', label: strings.legacyState, hint: strings.legacyHint, bytes: operator.legacyBytes },
  ].filter((line) => line.bytes > 0);
}

function matchesOperator(operator: OperatorDescription, needle: string): boolean {
  return [operator.name, operator.uid, operator.id].some((text) => text?.toLowerCase().includes(needle) === true);
}

function matchesState(state: StateDescription, needle: string): boolean {
  return [state.name, state.type, state.keyType, state.namespaceType, state.kind].some(
    (text) => text?.toLowerCase().includes(needle) === true,
  );
}

type Sort = TableView['sort'];

function compareOperators(
  a: OperatorDescription,
  b: OperatorDescription,
  counts: Counts,
  { column, descending }: Sort,
): number {
  const sign = descending ? -1 : 1;
  const byName = (): number => compareText(operatorTitle(a), operatorTitle(b)) || (a.id < b.id ? -1 : 1);
  switch (column) {
    case 'name':
      return sign * byName();
    case 'parallelism':
      return sign * (a.parallelism - b.parallelism || a.maxParallelism - b.maxParallelism) || byName();
    case 'entries':
      return sign * (orderOf(counts.entries(a, null)) - orderOf(counts.entries(b, null))) || byName();
    case 'bytes':
      return sign * (a.bytes - b.bytes) || byName();
    default:
      return column satisfies never;
  }
}

/** States have no parallelism of their own: by name then. Bytes that nobody knows come last either way. */
function compareStates(
  operator: OperatorDescription,
  a: StateDescription,
  b: StateDescription,
  counts: Counts,
  { column, descending }: Sort,
): number {
  const sign = descending ? -1 : 1;
  const byName = (): number => compareText(a.name, b.name);
  if (column === 'name') return sign * byName();
  if (column === 'entries') {
    return sign * (orderOf(counts.entries(operator, a)) - orderOf(counts.entries(operator, b))) || byName();
  }
  const [first, second] = [a, b].map((state) => state.bytes ?? counts.bytes(operator, state));
  if (column === 'parallelism' || first === undefined || second === undefined) return byName();
  if (first === null || second === null) return first === second ? byName() : first === null ? 1 : -1;
  return sign * (first - second) || byName();
}

const collator = new Intl.Collator(undefined, { numeric: true });
const compareText = (a: string, b: string): number => collator.compare(a, b);

/** Row of a target, and what must be open for it to be seen; null if the snapshot does not have it. */
export function findTarget(snapshot: SnapshotDescription, target: RowTarget): { key: string; open: string[] } | null {
  const operator = snapshot.operators.find((o) => o.id === target.operator);
  if (operator === undefined) return null;
  const state = operator.states.find((s) => s.name === target.state);
  if (state === undefined) return { key: operatorKey(operator), open: [] };
  return { key: stateKey(operator, state), open: [operatorKey(operator)] };
}

export function targetOf(row: Row): RowTarget {
  const state = row.kind === 'state' || row.kind === 'part' ? row.state.name : null;
  return { operator: row.operator.id, state };
}
