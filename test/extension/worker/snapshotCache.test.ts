import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import type { EngineClient } from '../../../src/worker/engineClient';
import { SnapshotCache } from '../../../src/worker/snapshotCache';
import type { DescribedSnapshot } from '../../../src/worker/workerProtocol';
import { snapshot } from '../../webview/samples';
import { tick } from '../channel';

interface Call {
  path: string;
  signal: AbortSignal | undefined;
  progress(millis: number): void;
  resolve(described: DescribedSnapshot): void;
  reject(error: Error): void;
}

function fake() {
  const calls: Call[] = [];
  const engine = {
    call: (
      _: string,
      { path }: { path: string },
      options: { signal?: AbortSignal; onProgress?(p: { millis: number }): void },
    ) =>
      new Promise<DescribedSnapshot>((resolve, reject) => {
        calls.push({
          path,
          signal: options.signal,
          resolve,
          reject,
          progress: (millis) => options.onProgress?.({ millis }),
        });
      }),
  } as unknown as Pick<EngineClient, 'call'>;
  return { cache: new SnapshotCache(engine), calls };
}
const described = (): DescribedSnapshot => ({
  snapshot: snapshot(),
  millis: 1,
  bytesRead: 1,
  record: null,
  health: [],
});

describe('descriptions, each read once', () => {
  it('serves two who ask from one reading, with progress for both', async () => {
    const { cache, calls } = fake();
    const seen: number[] = [];
    const both = [1, 2].map((who) => cache.load('/a', { onProgress: ({ millis }) => seen.push(who * millis) }));
    calls[0]?.progress(10);
    const result = described();
    calls[0]?.resolve(result);
    expect(await Promise.all(both)).toEqual([result, result]);
    expect(calls).toHaveLength(1);
    expect(seen).toEqual([10, 20]);
    expect(await cache.load('/a')).toBe(result);
    expect(cache.peek('/a')).toBe(result);
    expect(calls).toHaveLength(1);
  });

  it('goes on reading while somebody waits, and stops with the last', async () => {
    const { cache, calls } = fake();
    const first = new AbortController();
    const second = new AbortController();
    const a = cache.load('/a', { signal: first.signal }).catch((e: unknown) => (e as Error).name);
    const b = cache.load('/a', { signal: second.signal }).catch((e: unknown) => (e as Error).name);
    first.abort();
    expect(await a).toBe('AbortError');
    expect(calls[0]?.signal?.aborted).toBe(false);
    second.abort();
    expect(await b).toBe('AbortError');
    expect(calls[0]?.signal?.aborted).toBe(true);
    void cache.load('/a');
    expect(calls).toHaveLength(2);
  });

  it('forgets a failure, and what changed', async () => {
    const { cache, calls } = fake();
    const failed = cache.load('/a').catch((e: unknown) => e);
    calls[0]?.reject(new EngineError('IO', 'No.'));
    expect(await failed).toBeInstanceOf(EngineError);
    await tick();
    const second = cache.load('/a');
    calls[1]?.resolve(described());
    await second;
    cache.forget('/a');
    expect(cache.peek('/a')).toBeNull();
    void cache.load('/a');
    expect(calls.map((c) => c.path)).toEqual(['/a', '/a', '/a']);
  });

  it('keeps no more than it should', async () => {
    const { cache, calls } = fake();
    for (let i = 0; i < 70; i++) {
      const loading = cache.load(`/${i}`);
      calls[i]?.resolve(described());
      await loading;
    }
    await tick();
    expect(cache.peek('/0')).toBeNull();
    expect(cache.peek('/69')).not.toBeNull();
  });
});
