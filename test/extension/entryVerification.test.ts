import { expect, test } from 'vitest';
import { type AskToVerify, EntryVerification } from '../../src/editor/entryVerification';
import { EngineError } from '../../src/engine/bytes/engineError';
import type { VerificationResult } from '../../src/view/shownHealth';

interface Asked {
  options: Parameters<AskToVerify>[0];
  answer(result: VerificationResult): void;
  fail(error: unknown): void;
}

function fake() {
  const asked: Asked[] = [];
  const phases: string[] = [];
  const verification = new EntryVerification(
    (options) =>
      new Promise((answer, fail) => {
        options.signal?.addEventListener('abort', () => fail(new EngineError('CANCELLED', 'Cancelled.')));
        asked.push({ options, answer, fail });
      }),
    () => phases.push(`${verification.news.phase} ${verification.news.entries}`),
  );
  return { asked, phases, verification };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const RESULT: VerificationResult = { entries: 9, bytesRead: 5, findings: [] };

test('reading everything is told as it goes on, once at a time, and its end is kept', async () => {
  const { asked, phases, verification } = fake();
  verification.start();
  verification.start();
  expect(asked).toHaveLength(1);
  asked[0]?.options.onProgress?.({ entries: 4, bytesRead: 2 });
  asked[0]?.answer(RESULT);
  await settled();
  expect(phases).toEqual(['running 0', 'running 4', 'done 9']);
  expect(verification.news).toMatchObject({ phase: 'done', bytesRead: 5 });
  verification.start();
  expect(asked).toHaveLength(2);
});

test('it stops, and may be started again', async () => {
  const { asked, phases, verification } = fake();
  verification.start();
  verification.stop();
  await settled();
  expect(verification.news.phase).toBe('stopped');
  verification.start();
  asked[1]?.answer(RESULT);
  await settled();
  expect(phases).toEqual(['running 0', 'stopped 0', 'running 0', 'done 9']);
});

test('a failure is told, and what comes of a snapshot that changed meanwhile is not', async () => {
  const { asked, verification } = fake();
  verification.start();
  asked[0]?.fail(new EngineError('IO', 'The disk is gone.'));
  await settled();
  expect(verification.news).toMatchObject({ phase: 'failed', problem: { code: 'IO' } });
  verification.start();
  verification.reset();
  await settled();
  asked[1]?.options.onProgress?.({ entries: 7, bytesRead: 7 });
  expect(verification.news).toMatchObject({ phase: 'none', entries: 0 });
});
