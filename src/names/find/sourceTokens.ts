/** Languages whose string literals differ. */
export type Language = 'java' | 'scala' | 'kotlin' | 'python' | 'sql';

/** What a source file is made of, as far as names are concerned. */
export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  /** A string literal by its value; null where only the running program knows it (interpolation). */
  | { readonly kind: 'text'; readonly value: string | null; readonly at: number }
  /** Any other character. */
  | { readonly kind: 'mark'; readonly text: string; readonly at: number };

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
/** A character of Java's family; a lone quote is a symbol of Scala's. */
const CHARACTER = /'(?:\\[^\n']+|[^'\\\n])'/uy;
const PYTHON_PREFIX = /^[rbuft]{1,2}$/i;

const EXTENSIONS: Readonly<Record<string, Language>> = {
  java: 'java',
  scala: 'scala',
  sc: 'scala',
  kt: 'kotlin',
  kts: 'kotlin',
  py: 'python',
  sql: 'sql',
};

/** By the end of a file's name; null for what is no source file. */
export function languageOf(path: string): Language | null {
  return EXTENSIONS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? null;
}

/**
 * Tokens of a source file, without comments and white space. It takes any text: a literal that is not closed ends with its line
 * (one of several lines with the file). Linear in the length of the text.
 */
export function* sourceTokens(source: string, language: Language): Generator<Token> {
  const reader = new SourceReader(source, language);
  for (let token = reader.next(); token !== null; token = reader.next()) yield token;
}

class SourceReader {
  private readonly hasCharacters: boolean;
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly language: Language,
  ) {
    this.hasCharacters = language === 'java' || language === 'scala' || language === 'kotlin';
  }

  next(): Token | null {
    const { source } = this;
    while (this.at < source.length) {
      const at = this.at;
      const c = source[at];
      if (isSpace(c)) this.at++;
      else if (this.skipComment()) continue;
      else if (this.isQuote(c)) return this.quoted(at, '');
      else {
        const character = this.hasCharacters ? matchAt(CHARACTER, source, at) : null;
        if (character !== null) {
          this.at = at + character.length;
          return { kind: 'text', value: null, at };
        }
        const name = matchAt(NAME, source, at);
        if (name === null) {
          this.at++;
          return { kind: 'mark', text: c, at };
        }
        this.at = at + name.length;
        return this.isPrefix(name) ? this.quoted(at, name) : { kind: 'name', text: name, at };
      }
    }
    return null;
  }

  private isQuote(c: string): boolean {
    return c === '"' || c === '`' || (c === "'" && (this.language === 'python' || this.language === 'sql'));
  }

  /** Letters in front of a literal that say how to read it: `f"…"`, `s"…"`. */
  private isPrefix(name: string): boolean {
    const quote = this.source[this.at];
    if (this.language === 'scala') return quote === '"';
    return this.language === 'python' && (quote === '"' || quote === "'") && PYTHON_PREFIX.test(name);
  }

  private skipComment(): boolean {
    const { source, at, language } = this;
    const two = source.slice(at, at + 2);
    if (language === 'python' ? source[at] === '#' : two === (language === 'sql' ? '--' : '//')) {
      const end = source.indexOf('\n', at);
      this.at = end < 0 ? source.length : end;
      return true;
    }
    if (language === 'python' || two !== '/*') return false;
    const end = source.indexOf('*/', at + 2);
    this.at = end < 0 ? source.length : end + 2;
    return true;
  }

  private quoted(at: number, prefix: string): Token {
    const { source, language } = this;
    const quote = source[this.at];
    const triple = quote.repeat(3);
    const isLong = language !== 'sql' && quote !== '`' && source.startsWith(triple, this.at);
    const end = isLong ? triple : quote;
    const from = this.at + end.length;
    const isRaw =
      /r/i.test(prefix) || (isLong && (language === 'scala' || language === 'kotlin')) || language === 'sql';
    const close = this.closing(from, end, isRaw);
    this.at = close === null ? this.endOfLiteral(from, isLong) : close + end.length;
    const body = source.slice(from, close ?? this.at);
    const value =
      close === null || quote === '`' || this.isInterpolated(body, prefix, isRaw)
        ? null
        : this.valueOf(body, isLong, isRaw);
    return { kind: 'text', value, at };
  }

  /** Index of the closing quote; null where there is none on this line (in this file, for a literal of several lines). */
  private closing(from: number, end: string, isRaw: boolean): number | null {
    const { source } = this;
    for (let i = from; i < source.length; i++) {
      if (source[i] === '\\' && !isRaw) i++;
      else if (source[i] === '\n' && end.length === 1) return null;
      else if (source.startsWith(end, i)) return i;
    }
    return null;
  }

  private endOfLiteral(from: number, isLong: boolean): number {
    if (isLong) return this.source.length;
    const end = this.source.indexOf('\n', from);
    return end < 0 ? this.source.length : end;
  }

  private isInterpolated(body: string, prefix: string, isRaw: boolean): boolean {
    if (this.language === 'kotlin') return (isRaw ? body : body.replace(/\\./gs, '')).includes('$');
    if (this.language === 'scala') return prefix !== '' && body.includes('$');
    return this.language === 'python' && /[ft]/i.test(prefix) && /[{}]/.test(body);
  }

  private valueOf(body: string, isLong: boolean, isRaw: boolean): string | null {
    if (this.language === 'sql') return body;
    const text = isLong && this.language === 'java' ? textBlock(body) : body;
    return isRaw ? text : withoutEscapes(text, this.language);
  }
}

/** What a sticky pattern finds at this very place; null for nothing. */
function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

const isSpace = (c: string): boolean => c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f';

/** A text block of Java 15 and later: the first line break, the common indent and spaces at the ends of lines do not count. */
function textBlock(body: string): string {
  const start = body.indexOf('\n');
  if (start < 0) return body;
  const lines = body
    .slice(start + 1)
    .replaceAll('\r', '')
    .split('\n');
  const counted = lines.filter((line, i) => line.trim() !== '' || i === lines.length - 1);
  const indent = Math.min(...counted.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent).trimEnd()).join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ', '0': '\0' };

/** Null for an escape that is none of those that all of these languages have. */
function withoutEscapes(body: string, language: Language): string | null {
  if (!body.includes('\\')) return body;
  let isKnown = true;
  const text = body.replace(/\\(?:u+([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))/gs, (_, u, x, line, c: string) => {
    if (u !== undefined) return String.fromCharCode(Number.parseInt(u, 16));
    if (x !== undefined && language === 'python') return String.fromCharCode(Number.parseInt(x, 16));
    if (line !== undefined) return '';
    if (c === '"' || c === "'" || c === '\\' || c === '$') return c;
    const known = c === undefined ? undefined : ESCAPES[c];
    if (known === undefined) isKnown = false;
    return known ?? '';
  });
  return isKnown ? text : null;
}
