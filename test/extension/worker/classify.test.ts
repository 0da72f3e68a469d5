import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { CountingStore } from '../../../src/engine/storage/countingStore';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { classify } from '../../../src/worker/classify';

const folder = mkdtempSync(path.join(tmpdir(), 'savepoint-classify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, hex: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, Buffer.from(hex, 'hex'));
  return at;
}
const kindOf = (at: string) => classify(nodeFileStore, at, new AbortController().signal);

describe('what a file named _metadata is', () => {
  it.each([
    ['flink', '4960672d00000006ffffffff', { is: 'snapshot', metadataVersion: 6 }],
    ['cut', '4960672d00', { is: 'snapshot', metadataVersion: 0 }],
    ['parquet', '50415231150415', { is: 'other', what: 'parquet' }],
    ['empty', '', { is: 'other', what: 'empty' }],
    ['short', '4960', { is: 'other', what: 'unknown' }],
    ['json', '7b2261223a317d', { is: 'other', what: 'unknown' }],
  ])('%s', async (name, hex, expected) => {
    expect(await kindOf(file(name, hex))).toEqual(expected);
  });

  it('cannot be told of what is not there, and of a folder', async () => {
    expect(await kindOf(path.join(folder, 'nowhere'))).toMatchObject({ is: 'unreadable', code: 'FILE_NOT_FOUND' });
    expect(await kindOf(folder)).toMatchObject({ is: 'unreadable' });
  });

  it('takes eight bytes to tell, whatever the size', async () => {
    const store = new CountingStore(nodeFileStore);
    await classify(store, file('large', `4960672d00000003${'00'.repeat(100_000)}`), new AbortController().signal);
    expect(store.bytesRead).toBe(8);
  });

  it('stops when it is cancelled', async () => {
    await expect(classify(nodeFileStore, folder, AbortSignal.abort())).rejects.toThrow(EngineError);
  });
});
