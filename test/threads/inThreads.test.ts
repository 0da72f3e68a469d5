import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inThreads, type Reply } from '../../src/threads/inThreads';
import type { EchoTask } from './echoThread';

const folder = mkdtempSync(path.join(tmpdir(), 'threads-'));
const script = path.join(folder, 'echo.cjs');

beforeAll(async () => {
  const entry = path.resolve(__dirname, 'echoThread.ts');
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const items = Array.from({ length: 50 }, (_, i) => i);
const threads = (count: number, data: EchoTask = {}) => ({ script, count, data });

describe('threads', () => {
  it.each([1, 3])('%d of them do all items, each once, and end', async (count) => {
    const results: (number | string)[] = [];
    await inThreads<number, number | string>(threads(count), items, (result) => void results.push(result));
    const doubled = results.filter((result) => typeof result === 'number').sort((a, b) => a - b);
    expect(doubled).toEqual(items.map((n) => 2 * n));
    expect(results.filter((result) => result === 'closed')).toHaveLength(count);
  });

  it('hand over one result at a time', async () => {
    let receiving = 0;
    let most = 0;
    await inThreads<number, number | string>(threads(2), items, async () => {
      most = Math.max(most, ++receiving);
      await new Promise((resolve) => setImmediate(resolve));
      receiving--;
    });
    expect(most).toBe(1);
  });

  it('are told the answer to what they sent', async () => {
    const told: (number | string)[] = [];
    const receive = (result: number | string, reply: Reply<string>): void => {
      if (typeof result === 'number') reply(`so ${result}`);
      else told.push(result);
    };
    await inThreads<number, number | string, string>(threads(1, { asks: true }), [1, 2], receive);
    expect(told).toEqual(['so 2', 'so 4', 'closed']);
  });

  it('end with the error of one of them, which still says where', async () => {
    const running = inThreads<number, number | string>(threads(2, { failAt: 7 }), items, () => {});
    await expect(running).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('It is broken.'),
      file: 'f.sst',
      offset: 17,
      hint: 'Mend it.',
    });
  });

  it('end with the error of who receives', async () => {
    const running = inThreads<number, number | string>(threads(2), items, () => {
      throw new Error('full');
    });
    await expect(running).rejects.toThrow('full');
  });

  it('end when they are cancelled, also before they began', async () => {
    const controller = new AbortController();
    const asking = inThreads<number, number | string>(
      threads(2, { asks: true }),
      items,
      () => controller.abort(),
      controller.signal,
    );
    await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
    const late = inThreads<number, number | string>(threads(2), items, () => {}, AbortSignal.abort());
    await expect(late).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
