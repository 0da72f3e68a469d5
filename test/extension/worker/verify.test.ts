import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import type { VerificationProgress } from '../../../src/view/shownHealth';
import { checkHere, verifySnapshot } from '../../../src/worker/health/verifySnapshot';
import { fixturesRoot } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';

const folder = useTemporaryFolder();
const ACCOUNTS = path.join(fixturesRoot, '1.20-accounts-heap-canonical');
const never = new AbortController().signal;
const silent = (_: VerificationProgress): void => undefined;

test('reading everything counts it, and finds nothing in a sound snapshot', async () => {
  const { entries, bytesRead, findings } = await verifySnapshot(ACCOUNTS, nodeFileStore, checkHere, never, silent);
  expect(entries).toBe(137);
  expect(bytesRead).toBeGreaterThan(19_000);
  expect(findings).toMatchObject([{ code: 'VERIFIED', severity: 'ok', values: [137, 128] }]);
});

test('what is broken is found, with its place', async () => {
  const copy = folder.at('copy');
  cpSync(ACCOUNTS, copy, { recursive: true });
  for (const name of readdirSync(copy).filter((file) => file !== '_metadata')) {
    const file = path.join(copy, name);
    const bytes = readFileSync(file);
    // Behind the header, so that only reading everything finds it.
    bytes.fill(0xff, Math.floor(bytes.length * 0.9));
    writeFileSync(file, bytes);
  }
  const { findings } = await verifySnapshot(copy, nodeFileStore, checkHere, never, silent);
  expect(findings[0]).toMatchObject({ code: 'VERIFIED', severity: 'error' });
  expect(findings.slice(1).every(({ problem }) => problem?.file?.startsWith(copy))).toBe(true);
  expect(findings.length).toBeGreaterThan(1);
});

test('it stops when it is told to', async () => {
  const stopped = verifySnapshot(ACCOUNTS, nodeFileStore, checkHere, AbortSignal.abort(), silent);
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('entries in a key group that is not their key’s are found, each kind once', async () => {
  const copy = folder.at('copy');
  cpSync(ACCOUNTS, copy, { recursive: true });
  const file = path.join(copy, '_metadata');
  const metadata = readMetadata(readFileSync(file), file);
  // As if the keys had been dealt out for another max parallelism.
  const operators = metadata.operators.map((operator) => ({ ...operator, maxParallelism: 127 }));
  writeFileSync(file, writeMetadata({ ...metadata, operators }));
  const { findings } = await verifySnapshot(copy, nodeFileStore, checkHere, never, silent);
  expect(findings[0]).toMatchObject({ code: 'VERIFIED', severity: 'error' });
  const wrong = findings.filter(({ code }) => code === 'WRONG_KEY_GROUP');
  expect(wrong.length).toBeGreaterThan(0);
  expect(wrong[0]?.problem?.message).toMatch(/^An entry lies in key group \d+, but its key belongs to \d+\.$/);
});
