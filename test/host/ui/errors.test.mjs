// What the window says about each bad file.
import { after, before, describe, test } from 'node:test';
import { quickOpen, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

/** Folder below `bad`, the title of the error, and what else must be said. */
const CASES = [
  ['empty', 'This is not a Flink snapshot', 'the file is empty'],
  ['truncated', 'This file was cut off', 'bytes wanted'],
  ['parquet', 'This is not a Flink snapshot', 'Parquet'],
  ['text', 'This is not a Flink snapshot', 'Open With'],
  ['newer', 'This version is not known', '99'],
  ['locked', 'You may not read this file', 'bad/locked/_metadata'],
];

describe('errors in the window', { timeout: 300_000 }, () => {
  let session;
  before(async () => {
    session = await openSource();
  });
  after(() => session?.stop());

  for (const [folder, title, detail] of CASES) {
    test(`${folder}: ${title}`, async () => {
      await quickOpen(session.page, `bad/${folder}/_metadata`);
      const frame = await webviewFrame(session.page, 'body', { hasText: `/bad/${folder}/_metadata` });
      await frame.getByText(title).first().waitFor();
      await frame.locator('body', { hasText: detail }).waitFor();
      await frame.getByText('What to do').waitFor();
      await session.shot(`error-${folder}`);
    });
  }

  test('missing files: the snapshot is shown all the same, and says what is missing', async () => {
    await quickOpen(session.page, 'bad/missing-files/_metadata');
    const frame = await webviewFrame(session.page, 'body', { hasText: /\d+ files missing/ });
    await frame
      .getByText(/\d+ files missing/)
      .first()
      .waitFor();
    await session.shot('error-missing-files');
  });
});
