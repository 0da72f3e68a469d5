import { getLocation, type JSONPath } from 'jsonc-parser';
import type { OperatorDescription } from '../engine/description';
import type { TypeWord } from '../view/planWork';
import { spellState } from '../view/spellState';
import type { Translate } from '../view/translate';
import { suggestInExpression } from './expressions';
import {
  findOperator,
  type KnownOperator,
  type KnownSnapshots,
  type KnownState,
  operatorsBefore,
  operatorsOf,
} from './knownNames';
import { PlanTree } from './planTree';
import { jsonString, labelText } from './spell';
import { exampleOf, typeAt, valueTypeOf, withoutTtl } from './typeForms';

/** Something that may stand at a place of a plan. `insert` replaces the text from `from` to `to`. */
export interface Suggestion {
  kind: 'operator' | 'state' | 'field' | 'value' | 'constant' | 'file' | 'variable' | 'type';
  label: string;
  detail: string;
  insert: string;
  from: number;
  to: number;
  /** What it is found by, where that is not `insert`. */
  filter?: string;
}

export interface SuggestionSources {
  snapshots: KnownSnapshots;
  /** Snapshots of the workspace, as the plan would name them. */
  paths: readonly string[];
  /** Data files of the workspace, as the plan would name them. */
  dataFiles: readonly string[];
  /** Words for types. */
  types: readonly TypeWord[];
  t: Translate;
}

/** Steps whose content names an operator, and those that name a state of it. */
const OPERATOR_FIELDS: ReadonlySet<string> = new Set(['operator', 'operators', 'removeOperator']);

/** Whether what stands at `offset` is the name of a file, for which somebody has to look at the disk. */
export function wantsFile(text: string, offset: number): boolean {
  const { path, isAtPropertyKey } = getLocation(text, offset);
  return !isAtPropertyKey && (path.at(-1) === 'from' || path.at(-1) === 'data');
}

/** What a person may want to write at `offset`: names, types' fields and constants of the snapshot that the plan is about. */
export function suggest(text: string, offset: number, sources: SuggestionSources): Suggestion[] {
  const location = getLocation(text, offset);
  const tree = new PlanTree(text);
  const place = new SuggestionPlace(tree, offset, location.path, location.isAtPropertyKey, sources);
  return location.isAtPropertyKey ? place.propertyNames() : place.values();
}

class SuggestionPlace {
  private readonly from: number;
  private readonly to: number;

  constructor(
    private readonly tree: PlanTree,
    private readonly offset: number,
    private readonly path: JSONPath,
    isAtKey: boolean,
    private readonly sources: SuggestionSources,
  ) {
    const node = tree.around(offset);
    const isLeaf = node !== undefined && node.type !== 'object' && node.type !== 'array' && node.type !== 'property';
    // Behind a value begins something else.
    const isInside = isLeaf && offset >= node.offset && (isAtKey || offset <= node.offset + node.length);
    this.from = isInside ? node.offset : offset;
    this.to = isInside ? node.offset + node.length : offset;
  }

  values(): Suggestion[] {
    const { path, sources } = this;
    const last = path.at(-1);
    if (path.length === 1 && last === 'from') return this.files(sources.paths);
    if (path[0] !== 'steps' || typeof path[1] !== 'number' || typeof path[2] !== 'string') return [];
    const [, index, step, ...inside] = path as [string, number, string, ...(string | number)[]];
    const [field] = inside;
    if (inside.length > 0 && last === 'from') return this.files(sources.paths);
    if (step === 'bootstrap' && field === 'data') return this.files(sources.dataFiles);
    // Some fields take one name or a list of them.
    const named = inside.length === 0 ? step : typeof last === 'number' ? (inside.at(-2) ?? step) : last;
    if (typeof named === 'string' && OPERATOR_FIELDS.has(named))
      return this.operators(this.operatorsFor(index, step, inside));
    if (named === 'state')
      return this.states(this.operatorFor(index, step, typeof last === 'number' ? inside.slice(0, -1) : inside));
    if (step === 'bootstrap' && (last === 'type' || (typeof last === 'number' && inside.at(-2) === 'type')))
      return this.types();
    if (inside.length === 1 && field === 'where') return this.expression(index, step);
    if (field === 'set' && inside.length <= 2) return this.expression(index, step);
    if (step === 'put' && field === 'value') return this.valueOf(this.typeFor(index, step, inside.slice(1)));
    return [];
  }

  propertyNames(): Suggestion[] {
    const [root, index, step, field, ...inside] = this.path;
    if (root !== 'steps' || typeof index !== 'number' || typeof step !== 'string') return [];
    // The name that is being written is the last of the path.
    if (step === 'update' && field === 'set' && inside.length === 1) return this.fields(index, step, [], '""');
    if (step === 'put' && field === 'value' && inside.length > 0)
      return this.fields(index, step, inside.slice(0, -1), null);
    return [];
  }

  private operatorsFor(index: number, step: string, inside: readonly (string | number)[]): KnownOperator[] {
    const { tree, sources } = this;
    const from = tree.string(['steps', index, step, ...inside.slice(0, -1), 'from']);
    if (from !== null && inside.length > 0) return operatorsOf(sources.snapshots(from));
    return operatorsBefore(tree, index, sources.snapshots);
  }

  private operatorFor(index: number, step: string, inside: readonly (string | number)[]): KnownOperator | null {
    const wanted = this.tree.string(['steps', index, step, ...inside.slice(0, -1), 'operator']);
    return findOperator(this.operatorsFor(index, step, inside), wanted);
  }

  private stateFor(index: number, step: string): KnownState | null {
    const wanted = this.tree.string(['steps', index, step, 'state']);
    const operator = this.operatorFor(index, step, ['state']);
    return operator?.states.find(({ name }) => name === wanted) ?? null;
  }

  private typeFor(index: number, step: string, inside: readonly (string | number)[]) {
    const state = this.stateFor(index, step)?.description ?? null;
    const hasMapKey = this.tree.at(['steps', index, step, 'mapKey']) !== undefined;
    return state === null ? null : typeAt(withoutTtl(valueTypeOf(state, hasMapKey)), inside);
  }

  private operators(operators: readonly KnownOperator[]): Suggestion[] {
    const { t } = this.sources;
    return operators.map(({ id, uid, name, description }) => {
      const reference = uid ?? id;
      const states = description === null ? '' : statesText(description, t);
      // A name of the person's own helps to find it; a plan does not know it.
      const label = description?.given?.label ?? null;
      const detail = [name === reference ? null : name, label, states]
        .filter((part) => part !== null && part !== '')
        .join(' · ');
      const suggestion = this.value('operator', reference, detail, jsonString(reference));
      return label === null ? suggestion : { ...suggestion, filter: jsonString(`${label} ${reference}`) };
    });
  }

  private states(operator: KnownOperator | null): Suggestion[] {
    return (operator?.states ?? []).map(({ name, description }) =>
      this.value('state', name, description === null ? '' : spellState(description), jsonString(name)),
    );
  }

  private files(paths: readonly string[]): Suggestion[] {
    return paths.map((path) => this.value('file', path, '', jsonString(path)));
  }

  private types(): Suggestion[] {
    const ofStates = this.sources.types.filter(({ vocabulary }) => vocabulary === 'state');
    return ofStates.map(({ name, about, example }) => ({
      ...this.value('type', name, about, jsonString(example)),
      // What is typed is the word, what is put in a whole type.
      filter: jsonString(name),
    }));
  }

  private valueOf(type: ReturnType<typeof typeAt>): Suggestion[] {
    if (type === null) return [];
    const { constants = [], nullable, name } = type;
    const texts = [
      ...constants.map(jsonString),
      ...(name === 'boolean' ? ['true', 'false'] : []),
      ...(nullable === true ? ['null'] : []),
    ];
    const found = texts.map((text) => this.value('constant', text, name, text));
    const example = exampleOf({ ...type, nullable: false });
    if (example !== null && !texts.includes(example)) found.push(this.value('value', example, name, example));
    return found;
  }

  /** Fields of the value, or of a part of it, that are not there yet. `value` goes behind a name; null for one of its type. */
  private fields(index: number, step: string, inside: JSONPath, value: string | null): Suggestion[] {
    const type = this.typeFor(index, step, inside);
    const node = this.tree.at(['steps', index, step, ...(step === 'put' ? ['value'] : ['set']), ...inside]);
    const there = new Set<unknown>();
    let hasValue = false;
    for (const { children } of node?.children ?? []) {
      const [key, content] = children ?? [];
      if (key === undefined) continue;
      const isHere = this.from >= key.offset && this.from <= key.offset + key.length;
      if (isHere) hasValue = content !== undefined;
      else there.add(key.value);
    }
    return (type?.fields ?? [])
      .filter(({ name }) => !there.has(name))
      .map(({ name, type: of }) => {
        const content = hasValue ? '' : `: ${value ?? exampleOf(of) ?? 'null'}`;
        return this.value('field', name, of.name, `${jsonString(name)}${content}`);
      });
  }

  private expression(index: number, step: string): Suggestion[] {
    const state = this.stateFor(index, step)?.description ?? null;
    const node = this.tree.around(this.offset);
    if (node?.type !== 'string') return [];
    const written = this.tree.text.slice(node.offset + 1, this.offset);
    return suggestInExpression(written, state).map(({ label, detail, insert, replaces }) => ({
      kind: 'variable' as const,
      label,
      detail,
      insert,
      from: this.offset - replaces,
      to: this.offset,
    }));
  }

  private value(kind: Suggestion['kind'], label: string, detail: string, insert: string): Suggestion {
    return { kind, label: labelText(label), detail: labelText(detail, 200), insert, from: this.from, to: this.to };
  }
}

function statesText({ states, parallelism }: OperatorDescription, t: Translate): string {
  return states.length === 1
    ? t('1 state, parallelism {0}', parallelism)
    : t('{0} states, parallelism {1}', states.length, parallelism);
}
