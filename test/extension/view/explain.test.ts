import { describe, expect, it } from 'vitest';
import type { EngineErrorCode } from '../../../src/engine/bytes/engineError';
import { explain, problemDetails } from '../../../src/view/explain';
import { explainPlan } from '../../../src/view/explainPlan';
import { fileStatus, kindTitle, sortFiles } from '../../../src/view/facts';
import { buildStrings } from '../../../src/view/strings';
import { inEnglish } from '../../../src/view/translate';
import { problem, snapshot } from '../../webview/samples';

const codes: Record<EngineErrorCode, true> = {
  TRUNCATED: true,
  CORRUPT: true,
  NOT_A_SNAPSHOT: true,
  UNSUPPORTED_VERSION: true,
  UNSUPPORTED: true,
  UNREADABLE: true,
  CHECKSUM: true,
  LIMIT: true,
  FILE_NOT_FOUND: true,
  NO_PERMISSION: true,
  NOT_A_FILE: true,
  FILE_CHANGED: true,
  IO: true,
  BAD_VALUE: true,
  BAD_ARGUMENT: true,
  REFUSED: true,
  NOT_FOUND: true,
  CANCELLED: true,
  INTERNAL: true,
};

describe('errors in words', () => {
  it.each(Object.keys(codes))('%s says what happened, what to do, and has a button for it', (code) => {
    const text = explain(problem('error', code, 'The message.'), inEnglish);
    expect(text.message).toBe('The message.');
    expect(text.title).not.toBe('');
    expect(text.advice).not.toBe('');
    expect(text.actions.length).toBeGreaterThan(0);
    expect(new Set(text.actions).size).toBe(text.actions.length);
  });

  it.each(Object.keys(codes))('%s of a plan, too', (code) => {
    const text = explainPlan(problem('error', code, 'The message.'), inEnglish);
    expect([text.message, text.title === '', text.advice === '', text.actions.length > 0]).toEqual([
      'The message.',
      false,
      false,
      true,
    ]);
    expect(explainPlan(problem('error', code, 'x', { hint: 'A hint.' }), inEnglish).advice).toBe('A hint.');
  });

  it('does not call a person’s own mistake a defect of the program', () => {
    for (const code of ['BAD_VALUE', 'BAD_ARGUMENT', 'REFUSED']) {
      expect(explain(problem('error', code, 'x'), inEnglish).actions).not.toContain('reportIssue');
    }
  });

  it('has an answer for a code of a newer engine', () => {
    expect(explain(problem('error', 'BRAND_NEW', 'x'), inEnglish).actions).toContain('copyDetails');
  });

  it('prefers the hint that knows the case', () => {
    expect(explain(problem('error', 'IO', 'x', { hint: 'Plug it in.' }), inEnglish).advice).toBe('Plug it in.');
  });

  it('offers another editor first for another program’s file', () => {
    expect(explain(problem('error', 'NOT_A_SNAPSHOT', 'x'), inEnglish).actions[0]).toBe('openWith');
  });

  it('puts everything that helps on the clipboard', () => {
    const whole = problem('error', 'CORRUPT', 'Bad.', { file: '/f', offset: 0, where: 'w', hint: 'h' });
    expect(problemDetails(whole)).toBe('CORRUPT: Bad.\nfile: /f\noffset: 0\nwhere: w\nhint: h');
    expect(problemDetails(problem('error', 'CORRUPT', 'Bad.'))).toBe('CORRUPT: Bad.');
  });
});

describe('facts', () => {
  const strings = buildStrings(inEnglish);
  const kinds = ['savepoint', 'checkpoint', 'unknown'] as const;
  const formats = ['canonical', 'native', 'unknown'] as const;

  it('names each kind of snapshot', () => {
    const titles = kinds.map((kind) => formats.map((format) => kindTitle(snapshot({ kind, format }), strings)));
    expect(titles).toEqual([
      ['Canonical savepoint', 'Native savepoint', 'Savepoint'],
      ['Checkpoint', 'Checkpoint', 'Checkpoint'],
      ['Snapshot', 'Snapshot', 'Snapshot'],
    ]);
    expect(kindTitle(snapshot({ kind: 'checkpoint', incremental: true }), strings)).toBe('Incremental checkpoint');
  });

  it('sorts files by need', () => {
    const file = (path: string, bytes: number, more = {}) => ({
      path,
      location: path,
      bytes,
      found: true,
      moved: false,
      actualBytes: null,
      ...more,
    });
    const files = [
      file('small', 1),
      file('large', 9),
      file('moved', 5, { moved: true }),
      file('cut', 5, { moved: true, actualBytes: 4 }),
      file('same', 3, { actualBytes: 3 }),
      file('gone', 2, { found: false, location: null }),
    ];
    expect(sortFiles(files).map((f) => `${f.path} ${fileStatus(f)}`)).toEqual([
      'gone missing',
      'cut changed',
      'moved moved',
      'large found',
      'same found',
      'small found',
    ]);
  });
});
