import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceCandidates } from '../../../src/names/find/sourceCandidates';
import { type Language, languageOf } from '../../../src/names/find/sourceTokens';

const found = (source: string, language: Language = 'java') =>
  sourceCandidates(source, language).map(({ text, use }) => `${use}: ${text}`);
const uids = (source: string, language: Language = 'java') =>
  found(source, language).filter((line) => line.startsWith('uid'));

describe('texts in sources that may be uids', () => {
  it('are the arguments of uid() in Java, Scala, Kotlin and Python', () => {
    expect(uids('stream.map(x).uid("users").name("Users");')).toEqual(['uid: users']);
    expect(uids('stream.map(x).uid("users")', 'scala')).toEqual(['uid: users']);
    expect(uids('stream.map(x).uid("users")', 'kotlin')).toEqual(['uid: users']);
    expect(uids("stream.map(x).uid('users').name('Users')", 'python')).toEqual(['uid: users']);
    expect(uids('transform.setUid(\n  "users"\n);')).toEqual(['uid: users']);
    expect(uids('Step(uid = "users")', 'kotlin')).toEqual(['uid: users']);
    expect(uids("step(uid='users')", 'python')).toEqual(['uid: users']);
    expect(uids('OperatorIdentifier.forUid("users")')).toEqual(['uid: users']);
  });

  it('are hashes given as such', () => {
    expect(uids('stream.setUidHash("0123456789abcdef0123456789abcdef")')).toEqual([
      'uidHash: 0123456789abcdef0123456789abcdef',
    ]);
  });

  it('are constants of the file, also in sums and in the constants of others', () => {
    const java = `class Uids {
      private static final String PREFIX = "acme-";
      static final String USERS = PREFIX + "users";
      void build() { s.uid(USERS); t.uid(Uids.PREFIX + "orders" + '-' ); u.uid(this.PREFIX + "late"); }
    }`;
    expect(uids(java)).toEqual(['uid: acme-users', 'uid: acme-late']);
    expect(uids('val Users: String = "users"\ns.uid(Users)', 'scala')).toEqual(['uid: users']);
    expect(uids('const val USERS: String = "users"\ns.uid(USERS)', 'kotlin')).toEqual(['uid: users']);
    expect(uids("USERS = 'users'\ns.uid(USERS)", 'python')).toEqual(['uid: users']);
  });

  it('are not what only the running program knows', () => {
    expect(uids('s.uid(prefix() + "users"); t.uid("a" + name); u.uid(name)')).toEqual([]);
    expect(uids('String name = a ? "x" : "y"; s.uid(name); name = "z";')).toEqual([]);
    expect(uids('s.uid(s"users-$n")', 'scala')).toEqual([]);
    expect(uids('s.uid("users-$n")', 'kotlin')).toEqual([]);
    expect(uids("s.uid(f'users-{n}')", 'python')).toEqual([]);
    expect(uids('A = B;\nB = A;\ns.uid(A)')).toEqual([]);
  });

  it('are literals without a dollar or brace all the same', () => {
    expect(uids('s.uid(s"users")', 'scala')).toEqual(['uid: users']);
    expect(uids('s.uid("costs \\$5")', 'kotlin')).toEqual(['uid: costs $5']);
    expect(uids("s.uid(f'users')", 'python')).toEqual(['uid: users']);
    expect(uids("s.uid(r'a\\b')", 'python')).toEqual(['uid: a\\b']);
  });

  it('are not in comments, and quotes in comments and characters open nothing', () => {
    expect(found('// s.uid("a")\n/* s.uid("b") " */ s.uid("c"); // "')).toEqual(['uid: c']);
    expect(found('# s.uid("a")\ns.uid("b")', 'python')).toEqual(['uid: b']);
    expect(found(`char q = '"'; s.uid("c"); char e = '\\''; s.uid("d");`)).toEqual(['uid: c', 'uid: d']);
    expect(found(`f('symbol); s.uid("it's")`, 'scala')).toEqual(["uid: it's"]);
    expect(found("SELECT 'a' -- 'b'\n/* 'c' */ FROM t WHERE x = 'd'", 'sql')).toEqual(['text: a', 'text: d']);
  });

  it('take literals of several lines, and end with the line where a quote is missing', () => {
    expect(uids('s.uid("""\n    users""");')).toEqual(['uid: users']);
    expect(uids('s.uid("""users""")', 'kotlin')).toEqual(['uid: users']);
    expect(uids("s.uid('''users''')", 'python')).toEqual(['uid: users']);
    expect(found('x = "open;\ns.uid("users");')).toEqual(['uid: users']);
  });

  it('read escapes', () => {
    expect(uids('s.uid("a\\"b\\\\c\\u00e9\\t");')).toEqual(['uid: a"b\\cé\t']);
    expect(uids('s.uid("\\q")')).toEqual([]);
  });

  it('are all other literals too: a job may have a function of its own that sets uids', () => {
    expect(found('named(stream, "users");')).toEqual(['text: users']);
    const [candidate] = sourceCandidates('  named(stream, "users");', 'java');
    expect(candidate.at).toBe(16);
  });

  it('come from any text, quickly and without a fault', () => {
    const piece = fc.constantFrom(
      '"',
      "'",
      '"""',
      '\\',
      '\n',
      '/*',
      '*/',
      '//',
      '#',
      '+',
      '=',
      '(',
      ')',
      '.',
      '$',
      '{',
      'uid',
      'a',
      ' ',
    );
    const language = fc.constantFrom<Language>('java', 'scala', 'kotlin', 'python', 'sql');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), language, (pieces, of) => {
        const source = pieces.join('');
        for (const { at, text } of sourceCandidates(source, of)) {
          expect(at).toBeLessThan(source.length);
          expect(text).not.toBe('');
        }
      }),
    );
    expect(sourceCandidates('"a"+'.repeat(200_000), 'java').length).toBeGreaterThan(0);
    expect(found(`A = ${'A + '.repeat(30)}A; s.uid(A)`)).toEqual([]);
  });
});

describe('languages', () => {
  it('are told by the end of the name', () => {
    expect(['a/Job.java', 'Job.SCALA', 'b.kts', 'j.py', 'q.sql', 'x.json', 'noend'].map(languageOf)).toEqual([
      'java',
      'scala',
      'kotlin',
      'python',
      'sql',
      null,
      null,
    ]);
  });
});
