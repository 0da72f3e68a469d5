import type { AvroSchemaSource, DescribedConstant, DescribedField, DescribedType } from './describedType';
import { didYouMean } from './nearestName';
import { plainName } from './plainName';
import { SQL_WORDS, sqlShort, sqlWord } from './sql/sqlWords';
import type { Item, Part, Token, TypeSyntax } from './typeSyntax';
import { TypeTextError } from './typeTextError';
import { TYPE_WORDS, typeWord } from './typeWords';
import type { ParameterRange, Word } from './words/word';

/** Looks up the words of a text, and checks that each has the parts that it needs and no other. */
export function typeOfSyntax(syntax: TypeSyntax, text: string): DescribedType {
  return new Meaning(text).type(syntax);
}

/** Words whose meaning depends on what is inside, and what they are called where that is of SQL. */
const SQL_CONTAINERS: ReadonlyMap<string, string> = new Map([
  ['row', 'rowData'],
  ['array', 'arrayData'],
  ['map', 'mapData'],
]);
/** What a state of its own has in place of a type of SQL. */
const JAVA_FOR_SQL: ReadonlyMap<string, string> = new Map([
  ['bigint', 'long'],
  ['smallint', 'short'],
  ['tinyint', 'byte'],
  ['varbinary', 'byte[]'],
  ['binary', 'byte[]'],
  ['multiset', 'map<…, int>'],
]);

/** Binary name of a class (JLS 13.1): identifiers between dots. */
const CLASS_NAME =
  /^[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Mn}\p{Mc}\p{N}]*(\.[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Mn}\p{Mc}\p{N}]*)*$/u;

class Meaning {
  constructor(private readonly text: string) {}

  type(syntax: TypeSyntax): DescribedType {
    const [head, ...rest] = syntax.parts;
    if (head?.kind !== 'word') throw this.fault(syntax.parts[0] ?? syntax, 'Expected the name of a type.');
    const container = SQL_CONTAINERS.get(plainName(head.text));
    const word = typeWord(container !== undefined && holdsSql(syntax) ? container : head.text);
    if (word === undefined) throw this.unknown(head);
    const [behind] = syntax.behind;
    if (behind !== undefined) throw this.fault(behind, `Expected "," or the end of the type, found "${behind.text}".`);
    const type: DescribedType = {
      name: word.name,
      ...this.head(word, head, rest),
      ...this.inner(word, syntax, head),
      ...(syntax.nullable !== null && word.alwaysNullable !== true && { nullable: true }),
    };
    return this.checked(word, syntax, type);
  }

  /** A type of SQL: `decimal(10, 2) not null`, `interval day(3) to second`. */
  private sqlType(syntax: TypeSyntax): DescribedType {
    const { parts, notNull } = withoutNotNull(syntax);
    if (syntax.nullable !== null)
      throw this.fault(syntax.nullable, 'A type of SQL takes null unless it is "not null"; it has no question mark.');
    const words = parts.filter((part) => part.kind === 'word');
    const name = words.map((part) => part.text).join(' ');
    const head = { text: name, from: syntax.from, to: words.at(-1)?.to ?? syntax.to };
    const nullability = notNull && { notNull };
    const short = sqlShort(name);
    if (short !== undefined && parts.length === 1) return { ...short, ...nullability };
    const word = sqlWord(name);
    if (word === undefined) throw this.unknownSql(head);
    const values = parts.filter((part) => part.kind !== 'word');
    const type: DescribedType = {
      name: word.name,
      ...this.head(word, head, values),
      ...this.inner(word, syntax, head, true),
      ...nullability,
    };
    return this.checked(word, syntax, type);
  }

  private checked(word: Word, syntax: TypeSyntax, type: DescribedType): DescribedType {
    const why = word.fault?.(type) ?? null;
    if (why !== null) throw this.fault(syntax, why, `For example: ${word.example}`);
    return type;
  }

  private head(word: Word, head: Token, rest: readonly Part[]): Partial<DescribedType> {
    const { shape } = word;
    let found: Partial<DescribedType> = {};
    const values: Token[] = [];
    for (const part of rest) {
      if (shape.schema === true && found.schema === undefined && isSchema(part))
        found = { ...found, schema: schemaSource(part.text) };
      else if (part.kind === 'word' && shape.className !== undefined && found.className === undefined)
        found = { ...found, className: this.className(part) };
      else if (part.kind === 'values' && shape.parameters !== undefined) values.push(...part.values);
      else throw this.unwanted(word, part);
    }
    if (shape.className === 'needed' && found.className === undefined)
      throw this.missing(word, head, 'the name of a class');
    if (shape.schema === true && found.schema === undefined) throw this.missing(word, head, 'the file of its schema');
    if (shape.parameters !== undefined)
      found = { ...found, parameters: this.parameters(word, shape.parameters, head, values) };
    return found;
  }

  private className(part: Token): string {
    if (!CLASS_NAME.test(part.text)) throw this.fault(part, `${part.text} is not the name of a Java class.`);
    return part.text;
  }

  private parameters(word: Word, ranges: readonly ParameterRange[], head: Token, values: readonly Token[]): number[] {
    const extra = values[ranges.length];
    if (extra !== undefined)
      throw this.fault(extra, `${word.name} has ${ranges.length} parameters, found ${values.length}.`);
    return ranges.map((range, i) => {
      const token = values[i];
      if (token === undefined) return this.fallback(word, range, head);
      const value = Number(token.text);
      if (!Number.isSafeInteger(value) || value < range.least || value > range.most)
        throw this.fault(
          token,
          `The ${range.name} of ${word.name} is a number from ${range.least} to ${range.most}, found ${token.text}.`,
        );
      return value;
    });
  }

  private fallback(word: Word, range: ParameterRange, place: { from: number; to: number }): number {
    if (range.fallback === undefined) throw this.missing(word, place, `its ${range.name} in round brackets`);
    return range.fallback;
  }

  private inner(word: Word, syntax: TypeSyntax, head: Token, sql = false): Partial<DescribedType> {
    const { shape } = word;
    const read = (inner: TypeSyntax) => (sql || shape.sql === true ? this.sqlType(inner) : this.type(inner));
    const { items } = syntax;
    const byName = shape.fields === 'needed' || (shape.fields === 'insteadOfArguments' && items !== null);
    const given = syntax.arguments;
    if (given !== null && (shape.arguments === undefined || byName))
      throw this.fault(head, `${word.name} takes no types in <…>.`, `For example: ${word.example}`);
    if (items !== null && !byName && shape.constants === undefined)
      throw this.fault(head, `${word.name} takes nothing in {…}.`, `For example: ${word.example}`);
    if (shape.constants !== undefined) return { constants: this.constants(word, items, head) };
    if (byName) return { fields: this.fields(word, items, head, read) };
    if (shape.arguments === undefined || (given === null && shape.argumentsMayMiss === true)) return {};
    const [least, most] = shape.arguments;
    const count = given?.length ?? 0;
    if (count < least || count > most) throw this.fault(head, wantedArguments(word, least, most, count));
    return { arguments: (given ?? []).map(read) };
  }

  private fields(
    word: Word,
    items: readonly Item[] | null,
    head: Token,
    read: (syntax: TypeSyntax) => DescribedType,
  ): DescribedField[] {
    if (items === null) throw this.missing(word, head, 'its fields in {…}');
    this.checkNames(items, 'field');
    return items.map((item) => {
      if (item.type === null) throw this.fault(item, `The field ${item.text} needs a colon and a type.`);
      const { declaredIn } = item;
      return { name: item.text, type: read(item.type), ...(declaredIn !== null && { declaredIn }) };
    });
  }

  private constants(word: Word, items: readonly Item[] | null, head: Token): DescribedConstant[] {
    if (items === null) throw this.missing(word, head, 'its constants in {…}');
    this.checkNames(items, 'constant');
    return items.map((item) => {
      if (item.type !== null || item.declaredIn !== null || (item.id !== null && word.shape.constants !== 'numbered'))
        throw this.fault(item, `A constant of ${word.name} is a name and nothing else.`);
      return { name: item.text, ...(item.id !== null && { id: item.id }) };
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
    const inSql = sqlWord(head.text);
    if (inSql !== undefined) {
      const java = JAVA_FOR_SQL.get(inSql.name);
      const hint = java === undefined ? undefined : `A state of its own has ${java}.`;
      return this.fault(head, `${head.text} is a type of SQL, which stands inside rowData {…} only.`, hint);
    }
    return this.fault(head, `No type is called ${head.text}.${didYouMean(head.text, namesOf(TYPE_WORDS))}`);
  }

  private unknownSql(head: Token): TypeTextError {
    return this.fault(
      head,
      `No type of SQL is called ${head.text || '…'}.${didYouMean(head.text, [...namesOf(SQL_WORDS), 'string', 'bytes'])}`,
    );
  }

  private unwanted(word: Word, part: Part): TypeTextError {
    const what = part.kind === 'word' ? 'class' : part.kind === 'string' ? 'file' : 'parameters in (…)';
    return this.fault(part, `${word.name} takes no ${what} here.`, `For example: ${word.example}`);
  }

  private missing(word: Word, place: { from: number; to: number }, what: string): TypeTextError {
    return this.fault({ from: place.to, to: place.to }, `${word.name} needs ${what}.`, `For example: ${word.example}`);
  }

  private fault(place: { from: number; to: number }, message: string, hint?: string): TypeTextError {
    return new TypeTextError(message, this.text, place.from, place.to, hint);
  }
}

/** A file is in quotation marks, or ends like one; so does no class. */
function isSchema(part: Part): part is Extract<Part, { text: string }> {
  return part.kind === 'string' || (part.kind === 'word' && /\.(avsc|json)$/i.test(part.text));
}

/** The schema itself is an object or an array of JSON. */
function schemaSource(text: string): AvroSchemaSource {
  return /^\s*[[{]/.test(text) ? { json: text } : { file: text };
}

const namesOf = (words: readonly Word[]) => words.flatMap((word) => [word.name, ...(word.also ?? [])]);

type Vocabulary = 'java' | 'sql' | 'both';

/**
 * Whether a row, array or map is one of SQL: nothing in it is of Java's types alone, and something is of SQL's alone or would be
 * odd among Java's (`decimal`, `timestamp`).
 */
function holdsSql({ arguments: inner, items }: TypeSyntax): boolean {
  const parts = [...(inner ?? []), ...(items ?? []).map((item) => item.type)].filter((type) => type !== null);
  const vocabularies = parts.map(vocabularyOf);
  if (vocabularies.includes('java')) return false;
  return vocabularies.includes('sql') || parts.some(({ parts: [head] }) => head?.kind === 'word' && isOdd(head.text));
}

/** A row without names is a RowData that stands by itself: rows inside types of SQL have names, as `inspect` prints them. */
function vocabularyOf(syntax: TypeSyntax): Vocabulary {
  const { parts, notNull } = withoutNotNull(syntax);
  const [head, next] = parts;
  if (notNull) return 'sql';
  if (head?.kind !== 'word') return 'both';
  const name = plainName(head.text);
  if (name === 'row' && syntax.arguments !== null) return 'both';
  if (SQL_CONTAINERS.has(name)) return holdsSql(syntax) ? 'sql' : 'both';
  const isSql = name === 'interval' || sqlWord(name) !== undefined || sqlShort(name) !== undefined;
  if (typeWord(name) === undefined) return isSql ? 'sql' : 'both';
  if (!isSql) return 'java';
  // Among SQL's types both have their length, and as Java's neither has.
  return next?.kind === 'values' && (name === 'char' || name === 'varchar') ? 'sql' : 'both';
}

const isOdd = (name: string): boolean => ['decimal', 'timestamp'].includes(plainName(name));

/** The parts of a type without the words `not null`, which stand behind all the rest. */
function withoutNotNull({ parts, behind }: TypeSyntax): { parts: readonly Part[]; notNull: boolean } {
  const isWord = (part: Part | undefined, text: string) => part?.kind === 'word' && part.text.toLowerCase() === text;
  if (isWord(parts.at(-2), 'not') && isWord(parts.at(-1), 'null')) return { parts: parts.slice(0, -2), notNull: true };
  return { parts, notNull: behind.map((word) => word.text.toLowerCase()).join(' ') === 'not null' };
}

function wantedArguments(word: Word, least: number, most: number, found: number): string {
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  return `${word.name} takes ${wanted} ${most === 1 ? 'type' : 'types'} in <…>, found ${found}.`;
}
