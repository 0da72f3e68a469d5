import type { DescribedConstant, DescribedField, DescribedType } from './describedType';
import { didYouMean } from './nearestName';
import type { Item, Part, Token, TypeSyntax } from './typeSyntax';
import { TypeTextError } from './typeTextError';
import { TYPE_WORDS, typeWord } from './typeWords';
import type { ParameterRange, TypeWord } from './words/word';

/** Looks up the words of a text, and checks that each has the parts that it needs and no other. */
export function typeOfSyntax(syntax: TypeSyntax, text: string): DescribedType {
  return new Meaning(text).type(syntax);
}

class Meaning {
  constructor(private readonly text: string) {}

  type(syntax: TypeSyntax): DescribedType {
    const [head, ...rest] = syntax.parts;
    if (head?.kind !== 'word') throw this.fault(syntax.parts[0] ?? syntax, 'Expected the name of a type.');
    const word = typeWord(head.text);
    if (word === undefined) throw this.unknown(head);
    const type: DescribedType = {
      name: word.name,
      ...this.head(word, head, rest),
      ...this.inner(word, syntax, head),
      ...(syntax.nullable !== null && { nullable: true }),
    };
    const [behind] = syntax.behind;
    if (behind !== undefined) throw this.fault(behind, `Expected "," or the end of the type, found "${behind.text}".`);
    const why = word.fault?.(type) ?? null;
    if (why !== null) throw this.fault(syntax, why, `For example: ${word.example}`);
    return type;
  }

  private head(word: TypeWord, head: Token, rest: readonly Part[]): Partial<DescribedType> {
    let found: Partial<DescribedType> = {};
    for (const part of rest) {
      if (part.kind === 'word' && word.shape.className !== undefined && found.className === undefined)
        found = { ...found, className: part.text };
      else if (part.kind === 'values' && word.shape.parameters !== undefined && found.parameters === undefined)
        found = { ...found, parameters: this.parameters(word, word.shape.parameters, part) };
      else throw this.unwanted(word, part);
    }
    if (word.shape.className === 'needed' && found.className === undefined)
      throw this.missing(word, head, 'the name of a class');
    if (word.shape.parameters !== undefined && found.parameters === undefined)
      found = { ...found, parameters: this.defaults(word, word.shape.parameters, head) };
    return found;
  }

  private parameters(
    word: TypeWord,
    ranges: readonly ParameterRange[],
    part: Extract<Part, { kind: 'values' }>,
  ): number[] {
    if (part.values.length > ranges.length)
      throw this.fault(part, `${word.name} has ${ranges.length} parameters, found ${part.values.length}.`);
    return ranges.map((range, i) => {
      const token = part.values[i];
      if (token === undefined) return this.fallback(word, range, part);
      const value = Number(token.text);
      if (!Number.isSafeInteger(value) || value < range.least || value > range.most)
        throw this.fault(
          token,
          `The ${range.name} of ${word.name} is a number from ${range.least} to ${range.most}, found ${token.text}.`,
        );
      return value;
    });
  }

  private defaults(word: TypeWord, ranges: readonly ParameterRange[], head: Token): number[] {
    return ranges.map((range) => this.fallback(word, range, head));
  }

  private fallback(word: TypeWord, range: ParameterRange, place: { from: number; to: number }): number {
    if (range.fallback === undefined) throw this.missing(word, place, `its ${range.name} in round brackets`);
    return range.fallback;
  }

  private inner(word: TypeWord, syntax: TypeSyntax, head: Token): Partial<DescribedType> {
    const { shape } = word;
    const { items } = syntax;
    const byName = shape.fields === 'needed' || (shape.fields === 'insteadOfArguments' && items !== null);
    const given = syntax.arguments;
    if (given !== null && (shape.arguments === undefined || byName))
      throw this.fault(head, `${word.name} takes no types in <…>.`, `For example: ${word.example}`);
    if (items !== null && !byName && shape.constants === undefined)
      throw this.fault(head, `${word.name} takes nothing in {…}.`, `For example: ${word.example}`);
    if (shape.constants !== undefined) return { constants: this.constants(word, items, head) };
    if (byName) return { fields: this.fields(word, items, head) };
    if (shape.arguments === undefined) return {};
    const [least, most] = shape.arguments;
    const count = given?.length ?? 0;
    if (count < least || count > most) throw this.fault(head, wantedArguments(word, least, most, count));
    return { arguments: (given ?? []).map((argument) => this.type(argument)) };
  }

  private fields(word: TypeWord, items: readonly Item[] | null, head: Token): DescribedField[] {
    if (items === null) throw this.missing(word, head, 'its fields in {…}');
    this.checkNames(items, 'field');
    return items.map((item) => {
      if (item.type === null) throw this.fault(item, `The field ${item.text} needs a colon and a type.`);
      const { declaredIn } = item;
      return { name: item.text, type: this.type(item.type), ...(declaredIn !== null && { declaredIn }) };
    });
  }

  private constants(word: TypeWord, items: readonly Item[] | null, head: Token): DescribedConstant[] {
    if (items === null) throw this.missing(word, head, 'its constants in {…}');
    this.checkNames(items, 'constant');
    return items.map((item) => {
      if (item.type !== null || item.id !== null || item.declaredIn !== null)
        throw this.fault(item, `A constant of ${word.name} is a name and nothing else.`);
      return { name: item.text };
    });
  }

  private checkNames(items: readonly Item[], what: string): void {
    const seen = new Set<string>();
    for (const item of items) {
      if (seen.has(item.text)) throw this.fault(item, `The ${what} ${item.text} stands here twice.`);
      seen.add(item.text);
    }
  }

  private unknown(head: Token): TypeTextError {
    const names = TYPE_WORDS.flatMap((word) => [word.name, ...(word.also ?? [])]);
    return this.fault(head, `No type is called ${head.text}.${didYouMean(head.text, names)}`);
  }

  private unwanted(word: TypeWord, part: Part): TypeTextError {
    const what = part.kind === 'word' ? 'class' : part.kind === 'string' ? 'file' : 'parameters in (…)';
    return this.fault(part, `${word.name} takes no ${what} here.`, `For example: ${word.example}`);
  }

  private missing(word: TypeWord, place: { from: number; to: number }, what: string): TypeTextError {
    return this.fault({ from: place.to, to: place.to }, `${word.name} needs ${what}.`, `For example: ${word.example}`);
  }

  private fault(place: { from: number; to: number }, message: string, hint?: string): TypeTextError {
    return new TypeTextError(message, this.text, place.from, place.to, hint);
  }
}

function wantedArguments(word: TypeWord, least: number, most: number, found: number): string {
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  return `${word.name} takes ${wanted} ${most === 1 ? 'type' : 'types'} in <…>, found ${found}.`;
}
