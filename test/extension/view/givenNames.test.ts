import { describe, expect, it } from 'vitest';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { handNames } from '../../../src/names/handNames';
import { type GivenName, givenText, isNameable, namelessIds, withNames } from '../../../src/view/givenNames';
import { operatorTitle } from '../../../src/view/naming';
import { buildStrings } from '../../../src/view/strings';
import { inEnglish } from '../../../src/view/translate';
import { operator, snapshot } from '../../webview/samples';

const ID = operatorIdOfUid('users');
const OTHER = operatorIdOfUid('other');
const strings = buildStrings(inEnglish);
const inSource: GivenName = {
  uid: 'users',
  given: { label: null, by: 'source', place: { path: '/w/src/Jobs.java', line: 42, column: 7 } },
};
const hashOnly = snapshot({ metadataVersion: 4, operators: [operator(ID), operator(OTHER, { uid: 'other' })] });

describe('names that the workspace gives', () => {
  it('become the uid of an operator that has none, and its title', () => {
    const [named, other] = withNames(
      hashOnly,
      new Map([
        [ID, inSource],
        [OTHER, inSource],
      ]),
    ).operators;
    expect(named).toMatchObject({ uid: 'users', given: inSource.given });
    expect(operatorTitle(named ?? operator(ID))).toBe('users');
    expect(other).toEqual(hashOnly.operators[1]);
  });

  it('are a title alone where the hash is another', () => {
    const names = handNames({ [ID]: 'My users' });
    const [named] = withNames(hashOnly, names).operators;
    expect(named).toMatchObject({ uid: null, given: { label: 'My users', by: 'settings' } });
    expect(operatorTitle(named ?? operator(ID))).toBe('My users');
  });

  it('go when they are taken away; a snapshot that they do not change stays the same object', () => {
    const named = withNames(hashOnly, new Map([[ID, inSource]]));
    expect(withNames(named, new Map([[ID, inSource]]))).toBe(named);
    expect(withNames(named, new Map()).operators).toEqual(hashOnly.operators);
    expect(withNames(hashOnly, new Map())).toBe(hashOnly);
  });

  it('are wanted for what the snapshot does not name, also once it is named; not in Flink 1.2', () => {
    expect(namelessIds(hashOnly)).toEqual([ID]);
    expect(namelessIds(withNames(hashOnly, new Map([[ID, inSource]])))).toEqual([ID]);
    expect(namelessIds({ ...hashOnly, metadataVersion: 1 })).toEqual([]);
  });

  it('say where they stand', () => {
    const text = (name: GivenName) => givenText(operator(ID, { uid: name.uid, given: name.given }), strings);
    expect(text(inSource)).toBe('uid("users") at Jobs.java:42');
    expect(text({ ...inSource, given: { ...inSource.given, by: 'plan' } })).toBe(
      'uid "users" in the compiled plan Jobs.java:42',
    );
    expect(text({ ...inSource, uid: null })).toBe('this ID at Jobs.java:42');
    expect(text({ uid: null, given: { label: 'x', by: 'settings', place: null } })).toBe('named by you');
    expect(givenText(operator(ID), strings)).toBeNull();
  });

  it('may be given to hashes alone', () => {
    expect(isNameable(operator(ID))).toBe(true);
    expect(isNameable(operator(ID, { uid: 'users', given: inSource.given }))).toBe(true);
    expect(isNameable(operator(ID, { uid: 'users' }))).toBe(false);
    expect(isNameable(operator(`${ID}/1`))).toBe(false);
  });
});

describe('names in the settings', () => {
  it('are uids where the hash says so, names otherwise', () => {
    const names = handNames({ [ID.toUpperCase()]: 'users', [OTHER]: 'Something else' });
    expect(names.get(ID)).toMatchObject({ uid: 'users', given: { label: null } });
    expect(names.get(OTHER)).toMatchObject({ uid: null, given: { label: 'Something else' } });
  });

  it('may be nonsense', () => {
    for (const nonsense of [null, undefined, 3, 'x', [], { x: 'y' }, { [ID]: 3 }, { [ID]: '' }])
      expect(handNames(nonsense).size).toBe(0);
  });
});
