import { describe, expect, it } from 'vitest';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { NameFinder } from '../../../src/names/find/nameFinder';
import { MemoryStore } from '../../memoryStore';

const encode = (text: string) => new TextEncoder().encode(text);
const never = new AbortController().signal;

function storeOf(files: Record<string, string>): MemoryStore {
  const store = new MemoryStore();
  for (const [path, text] of Object.entries(files)) store.files.set(path, encode(text));
  return store;
}

const search = (files: Record<string, string>, ids: string[]) =>
  new NameFinder(storeOf(files)).find(
    Object.keys(files).map((path) => ({ path, modified: 1 })),
    ids,
    never,
  );

describe('finding the names of operators', () => {
  it('gives the uid and the place of an id', async () => {
    const [name] = await search({ '/w/Job.java': 'class Job {\n  { s.uid("users"); }\n}' }, [operatorIdOfUid('users')]);
    expect(name).toEqual({
      id: operatorIdOfUid('users'),
      uid: 'users',
      use: 'uid',
      path: '/w/Job.java',
      line: 2,
      column: 11,
    });
  });

  it('prefers a call of uid() to any other place of the text, wherever they stand', async () => {
    const files = {
      '/w/A.java': 'String note = "users";',
      '/w/B.java': 'log("users");\ns.uid("users");',
      '/w/C.java': 's.uid("users");',
    };
    const [name] = await search(files, [operatorIdOfUid('users')]);
    expect(name).toMatchObject({ path: '/w/B.java', line: 2, use: 'uid' });
  });

  it('finds constants of another file', async () => {
    const files = { '/w/Job.java': 's.uid(Uids.USERS);', '/w/Uids.java': 'String USERS = "users";' };
    const [name] = await search(files, [operatorIdOfUid('users')]);
    expect(name).toMatchObject({ uid: 'users', path: '/w/Uids.java', use: 'text' });
  });

  it('finds what Flink makes of the uid of a sink', async () => {
    const ids = [operatorIdOfUid('Sink Committer: out'), operatorIdOfUid('Sink out Global Committer')];
    const names = await search({ '/w/Job.scala': 's.sinkTo(k).uid("out")' }, ids);
    expect(names.map((n) => n.uid)).toEqual(['Sink Committer: out', 'Sink out Global Committer']);
  });

  it('finds a hash that the sources have as such; a uid that looks like one is a uid', async () => {
    const id = '0123456789abcdef0123456789abcdef';
    expect(await search({ '/w/J.java': `s.setUidHash("${id.toUpperCase()}")` }, [id])).toMatchObject([
      { id, uid: null, use: 'uidHash' },
    ]);
    expect(await search({ '/w/J.java': `s.uid("${id}")` }, [id])).toEqual([]);
    expect(await search({ '/w/J.java': `s.uid("${id}")` }, [operatorIdOfUid(id)])).toMatchObject([{ uid: id }]);
  });

  it('finds operators of a compiled plan, and nothing in other JSON', async () => {
    const plan = '{"flinkVersion":"1.20","nodes":[{"id":7,"type":"stream-exec-join_1"}]}';
    const id = operatorIdOfUid('7_join');
    expect(await search({ '/w/plan.json': plan }, [id])).toMatchObject([{ uid: '7_join', use: 'plan', line: 1 }]);
    expect(await search({ '/w/other.json': '{"uid":"7_join"}' }, [id])).toEqual([]);
  });

  it('reads a file once, until it changes', async () => {
    const store = storeOf({ '/w/J.java': 's.uid("a")' });
    const finder = new NameFinder(store);
    const ids = [operatorIdOfUid('a'), operatorIdOfUid('b')];
    const find = (modified: number) => finder.find([{ path: '/w/J.java', modified }], ids, never);
    expect(await find(1)).toMatchObject([{ uid: 'a' }]);
    const { length } = store.reads;
    expect(await find(1)).toMatchObject([{ uid: 'a' }]);
    expect(store.reads).toHaveLength(length);
    store.files.set('/w/J.java', encode('s.uid("b")'));
    expect(await find(2)).toMatchObject([{ uid: 'b' }]);
  });

  it('keeps no more than it should, and finds all the same', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`/w/J${i}.java`, `s.uid("u${i}"); t("v${i}");`]),
    );
    const store = storeOf(files);
    const finder = new NameFinder(store, 12);
    const all = Object.keys(files).map((path) => ({ path, modified: 1 }));
    const ids = Array.from({ length: 20 }, (_, i) => operatorIdOfUid(`v${i}`));
    expect(await finder.find(all, ids, never)).toHaveLength(20);
    const { length } = store.reads;
    expect(await finder.find(all, ids, never)).toHaveLength(20);
    expect(store.reads.length).toBeGreaterThan(length);
  });

  it('says how far it is, stops when it is told to, and does not mind a file that is gone', async () => {
    const finder = new NameFinder(storeOf({ '/w/J.java': 's.uid("a")' }));
    const files = [
      { path: '/w/gone.java', modified: 1 },
      { path: '/w/J.java', modified: 1 },
    ];
    const done: number[] = [];
    expect(await finder.find(files, [operatorIdOfUid('a')], never, (n) => done.push(n))).toHaveLength(1);
    expect(done).toEqual([1, 2]);
    await expect(finder.find(files, [], AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
