import { rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { changedSince } from '../../../src/editor/changedSince';
import { useTemporaryFolder } from '../../temporaryFolder';

const temporary = useTemporaryFolder();
const pause = () => new Promise((done) => setTimeout(done, 60));

test('a file is told from one that was there before, however it came to its place', async () => {
  const file = temporary.at('_metadata');
  await writeFile(file, 'one');
  await pause();
  const opened = Date.now();
  expect(await changedSince(file, opened)).toBe(false);
  await pause();
  await writeFile(file, 'two');
  expect(await changedSince(file, opened)).toBe(true);
  // Older by its time, but put there just now.
  const other = temporary.at('other');
  await writeFile(other, 'three');
  await utimes(other, 1, 1);
  await pause();
  const again = Date.now();
  expect(await changedSince(other, again)).toBe(false);
  await rename(other, file);
  expect(await changedSince(file, again)).toBe(true);
  await unlink(file);
  expect(await changedSince(file, again)).toBe(true);
});
