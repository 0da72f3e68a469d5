import { describe, expect, it } from 'vitest';
import { restoreFiles } from '../../../src/compare/comparedFiles';
import { type Candidate, candidatesFor, inOrder } from '../../../src/compare/otherSnapshots';

const at = (name: string, modified = 0): Candidate => ({ file: `/jobs/${name}/_metadata`, modified });
const none = { neighbours: [], open: [], workspace: [], recent: [] };

describe('snapshots to compare with', () => {
  it('are neighbours first, the newest first, each once, and never the snapshot itself', () => {
    const groups = candidatesFor('/jobs/chk-2/_metadata', {
      neighbours: [at('chk-1', 1), at('chk-2', 2), at('chk-3', 3)],
      open: [at('chk-3', 3), at('other', 9)],
      workspace: [at('far', 4), at('chk-1', 1)],
      recent: [at('old', 1), at('older', 2), at('other', 9)],
    });
    expect(groups.map(({ where, candidates }) => [where, ...candidates.map(({ file }) => file.split('/')[2])])).toEqual(
      [
        ['neighbours', 'chk-3', 'chk-1'],
        ['open', 'other'],
        ['workspace', 'far'],
        ['recent', 'old', 'older'],
      ],
    );
  });

  it('are one file, however it is written', () => {
    const other = { file: '/jobs/x/../chk-2/_metadata', modified: 1 };
    expect(candidatesFor('/jobs/chk-2/_metadata', { ...none, open: [other] })).toEqual([]);
  });

  it('stand in the order of their times, where these are known', () => {
    expect(inOrder(at('new', 2), at('old', 1))).toEqual({ before: at('old').file, after: at('new').file });
    expect(inOrder(at('old', 1), at('new', 2))).toEqual({ before: at('old').file, after: at('new').file });
    expect(inOrder(at('this', 5), at('unknown', 0))).toEqual({ before: at('this').file, after: at('unknown').file });
  });
});

describe('the sides that a page kept', () => {
  it('are two paths, or nothing', () => {
    expect(restoreFiles({ before: '/a', after: '/b', row: 3 })).toEqual({ before: '/a', after: '/b' });
    for (const kept of [null, 7, {}, { before: '/a' }, { before: 1, after: '/b' }])
      expect(restoreFiles(kept)).toBe(null);
  });
});
