import { TypeTextError } from './typeTextError';

/**
 * What stands in the text of a type, before any word is looked up:
 *
 *     type  := part+ [ '<' type (',' type)* '>' ] [ '{' item (',' item)* '}' ] [ '?' ] [ word word ]
 *     part  := word [ '[]' ] | '(' value (',' value)* ')' | string
 *     item  := [ word '#' ] name [ ':' type | '=' integer ]
 *     value := integer | word
 *
 * A name is whatever stands in front of the colon, or a string; a string is one of JSON. The words behind the rest are those of
 * `not null`.
 */
export interface TypeSyntax {
  readonly parts: readonly Part[];
  readonly arguments: readonly TypeSyntax[] | null;
  readonly items: readonly Item[] | null;
  readonly nullable: Token | null;
  readonly behind: readonly Token[];
  readonly from: number;
  readonly to: number;
}

export interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export type Part =
  | ({ readonly kind: 'word' } & Token)
  | ({ readonly kind: 'string' } & Token)
  | { readonly kind: 'values'; readonly values: readonly Token[]; readonly from: number; readonly to: number };

export interface Item extends Token {
  readonly declaredIn: string | null;
  readonly type: TypeSyntax | null;
  readonly id: number | null;
}

/** Types in types are followed so deep; what reads the snapshot goes a few levels deeper for each. */
const MAX_NESTING = 40;
/** Longest text that is looked at. */
const MAX_LENGTH = 1_000_000;

const WORD = /[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Mn}\p{Mc}\p{N}.\-/]*(?:\[\])?/uy;
const INTEGER = /-?\d+/y;
const SPACE = /\s*/y;
/** Rest of a JSON string behind its first quotation mark. */
const STRING = /"(?:[^"\\\n\r]|\\.)*"/y;
/** A name without quotation marks may hold anything else, blanks between its words too. */
const BARE_NAME = /[^\s:,{}<>="#?()][^:,{}<>="#?()\n\r]*/y;

export function parseSyntax(text: string): TypeSyntax {
  if (text.length > MAX_LENGTH)
    throw new TypeTextError(`The text of a type has at most ${MAX_LENGTH} characters.`, text, 0, 0);
  const parser = new Parser(text);
  const type = parser.type(0);
  parser.end();
  return type;
}

class Parser {
  private at = 0;
  /** Index behind the last token, where a type ends. */
  private last = 0;

  constructor(private readonly text: string) {
    this.space();
  }

  type(depth: number): TypeSyntax {
    if (depth > MAX_NESTING) throw this.wanted(`at most ${MAX_NESTING} types inside each other`);
    const from = this.at;
    const parts = this.parts();
    if (parts.length === 0) throw this.wanted('a type');
    const inner = this.enclosed('<', '>', () => this.type(depth + 1));
    const items = this.enclosed('{', '}', () => this.item(depth + 1));
    const mark = this.at;
    const nullable = this.take('?') ? { text: '?', from: mark, to: mark + 1 } : null;
    const behind: Token[] = [];
    for (let word = this.token(WORD); word !== null; word = this.token(WORD)) behind.push(word);
    return { parts, arguments: inner, items, nullable, behind, from, to: this.last };
  }

  end(): void {
    if (this.at < this.text.length) throw this.wanted('the end of the type');
  }

  private parts(): Part[] {
    const parts: Part[] = [];
    for (;;) {
      const from = this.at;
      const word = this.token(WORD);
      const string = word === null ? this.string() : null;
      if (word !== null) parts.push({ kind: 'word', ...word });
      else if (string !== null) parts.push({ kind: 'string', ...string });
      else {
        const values = this.enclosed('(', ')', () => this.value());
        if (values === null) return parts;
        parts.push({ kind: 'values', values, from, to: this.last });
      }
    }
  }

  private value(): Token {
    const value = this.token(INTEGER) ?? this.token(WORD);
    if (value === null) throw this.wanted('a number');
    return value;
  }

  private item(depth: number): Item {
    const first = this.name();
    const declared = this.take('#');
    const name = declared ? this.name() : first;
    const declaredIn = declared ? first.text : null;
    const from = first.from;
    if (this.take(':')) return { ...name, from, declaredIn, type: this.type(depth), id: null };
    if (!this.take('=')) return { ...name, from, declaredIn, type: null, id: null };
    const id = this.token(INTEGER);
    if (id === null) throw this.wanted('a number');
    return { ...name, from, declaredIn, type: null, id: Number(id.text) };
  }

  private name(): Token {
    const quoted = this.string();
    if (quoted !== null) return quoted;
    const name = this.token(BARE_NAME);
    if (name === null) throw this.wanted('a name');
    return { ...name, text: name.text.trimEnd() };
  }

  private string(): Token | null {
    const token = this.token(STRING);
    if (token === null) return null;
    try {
      return { ...token, text: String(JSON.parse(token.text)) };
    } catch {
      throw new TypeTextError('This is not a string of JSON.', this.text, token.from, token.to);
    }
  }

  /** What stands between two brackets, separated by commas; null if the opening one is not there. */
  private enclosed<T>(open: string, close: string, read: () => T): T[] | null {
    if (!this.take(open)) return null;
    const items: T[] = [];
    if (this.take(close)) return items;
    do items.push(read());
    while (this.take(','));
    if (!this.take(close)) throw this.wanted(`"," or "${close}"`);
    return items;
  }

  private take(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    this.last = this.at;
    this.space();
    return true;
  }

  private token(pattern: RegExp): Token | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    const from = this.at;
    this.at += found[0].length;
    this.last = this.at;
    this.space();
    return { text: found[0], from, to: from + found[0].length };
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  private wanted(what: string): TypeTextError {
    const here = this.at < this.text.length ? JSON.stringify(this.text.slice(this.at, this.at + 20)) : 'the end';
    return new TypeTextError(`Expected ${what}, found ${here}.`, this.text, this.at, this.text.length);
  }
}
