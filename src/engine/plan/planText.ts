import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { EngineError } from '../bytes/engineError';
import { closest } from '../json/closest';
import type { Json } from '../json/jsonValue';
import { parseJson } from '../json/parseJson';

/** Deepest nesting that is followed: the parser calls itself for each level. */
const MAX_DEPTH = 200;
/** Tokens of the parser's scanner (its `SyntaxKind`, which is there for the compiler only). */
const OPENING: ReadonlySet<number> = new Set([1, 3]);
const CLOSING: ReadonlySet<number> = new Set([2, 4]);
const END_OF_TEXT: number = 17;

/**
 * JSON with comments and trailing commas, each part of which knows its line and column. Integers are exact: the parser's own
 * numbers are not used, but the text behind them.
 */
export class PlanText {
  private constructor(
    readonly file: string,
    private readonly text: string,
  ) {}

  /** Fails with `BAD_ARGUMENT` at the first place that is not JSON. */
  static parse(text: string, file: string): PlanValue {
    const plan = new PlanText(file, text.replace(/^\uFEFF/, ' '));
    plan.checkDepth();
    const errors: ParseError[] = [];
    const root = parseTree(plan.text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (first !== undefined)
      throw plan.error(first.offset, `This is not JSON: ${words(printParseErrorCode(first.error))}.`);
    if (root === undefined) throw plan.error(0, 'The plan is empty.');
    return new PlanValue(plan, root, '');
  }

  error(offset: number, message: string, hint?: string): EngineError {
    const { line, column } = this.placeOf(offset);
    return new EngineError('BAD_ARGUMENT', message, { file: this.file, where: `line ${line}, column ${column}`, hint });
  }

  /** The exact value of a part, behind which no comment hides a number. */
  jsonOf(node: Node): Json {
    switch (node.type) {
      case 'number':
        return parseJson(this.text.slice(node.offset, node.offset + node.length));
      case 'array':
        return (node.children ?? []).map((child) => this.jsonOf(child));
      case 'object':
        return new Map(this.fieldsOf(node).map(([name, value]) => [name, this.jsonOf(value)]));
      default:
        return node.value;
    }
  }

  /** Fields of an object in their order; a name that stands there twice is an error, because one of the two would be lost. */
  fieldsOf(node: Node): [name: string, value: Node][] {
    const seen = new Set<string>();
    return (node.children ?? []).map(({ children, offset }) => {
      const [key, value] = children ?? [];
      if (key === undefined || value === undefined) throw this.error(offset, 'A field has no value.');
      if (seen.has(key.value)) throw this.error(offset, `"${key.value}" stands here twice.`);
      seen.add(key.value);
      return [key.value, value];
    });
  }

  placeOf(offset: number): { line: number; column: number } {
    const before = this.text.slice(0, offset).split(/\r\n|\n|\r/);
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  }

  private checkDepth(): void {
    const scanner = createScanner(this.text, true);
    let depth = 0;
    for (let token: number = scanner.scan(); token !== END_OF_TEXT; token = scanner.scan()) {
      if (OPENING.has(token)) depth++;
      else if (CLOSING.has(token)) depth--;
      if (depth > MAX_DEPTH) throw this.error(scanner.getTokenOffset(), `Nested deeper than ${MAX_DEPTH} levels.`);
    }
  }
}

/** One part of a plan, with what a reader of plans asks of it. Every failure is `BAD_ARGUMENT` with line and column. */
export class PlanValue {
  constructor(
    private readonly plan: PlanText,
    private readonly node: Node,
    /** Names from the root on, for messages. */
    private readonly path: string,
  ) {}

  get json(): Json {
    return this.plan.jsonOf(this.node);
  }

  get place(): string {
    const { line, column } = this.plan.placeOf(this.node.offset);
    return `line ${line}, column ${column}`;
  }

  error(message: string, hint?: string): EngineError {
    const what = this.path === '' ? '' : `${this.path}: `;
    return this.plan.error(this.node.offset, what + message, hint);
  }

  /** The fields of an object, none of which may have another name than these. */
  object(allowed: readonly string[]): ReadonlyMap<string, PlanValue> {
    if (this.node.type !== 'object') throw this.error(`Expected an object with ${listOf(allowed)}.`);
    const fields = new Map<string, PlanValue>();
    for (const [name, node] of this.plan.fieldsOf(this.node)) {
      const field = new PlanValue(this.plan, node, this.path === '' ? name : `${this.path}.${name}`);
      if (!allowed.includes(name)) {
        const near = closest(name, allowed);
        throw field.error(
          `There is no such field here; there are ${listOf(allowed)}.`,
          near === null ? undefined : `Did you mean "${near}"?`,
        );
      }
      fields.set(name, field);
    }
    return fields;
  }

  /** The part to which these names lead, `[2]` for an element; as far as they are there. */
  innermost(names: readonly string[]): PlanValue {
    const [name, ...rest] = names;
    if (name === undefined) return this;
    const [, index] = /^\[(\d+)\]$/.exec(name) ?? [];
    if (this.node.type === 'array' && index !== undefined) {
      return this.array().at(Number(index))?.innermost(rest) ?? this;
    }
    const field = this.node.type !== 'object' ? undefined : this.plan.fieldsOf(this.node).find(([n]) => n === name);
    return field === undefined ? this : new PlanValue(this.plan, field[1], `${this.path}.${name}`).innermost(rest);
  }

  array(): PlanValue[] {
    if (this.node.type !== 'array') throw this.error('Expected an array.');
    return (this.node.children ?? []).map((node, i) => new PlanValue(this.plan, node, `${this.path}[${i}]`));
  }

  string(): string {
    if (this.node.type !== 'string' || this.node.value === '') throw this.error('Expected a string that is not empty.');
    return this.node.value;
  }

  integer(low: bigint, high: bigint): bigint {
    const value = this.node.type === 'number' ? this.json : null;
    if (typeof value !== 'bigint' || value < low || value > high) {
      throw this.error(`Expected a whole number from ${low} to ${high}.`);
    }
    return value;
  }

  boolean(): boolean {
    if (this.node.type !== 'boolean') throw this.error('Expected true or false.');
    return this.node.value;
  }

  get isString(): boolean {
    return this.node.type === 'string';
  }
}

const listOf = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** `ValueExpected` as words. */
const words = (code: string): string => code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
