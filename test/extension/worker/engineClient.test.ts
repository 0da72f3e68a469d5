import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineError } from '../../../src/engine/bytes/engineError';
import { EngineClient, type EngineThread } from '../../../src/worker/engineClient';
import { startEngine } from '../../../src/worker/startEngine';
import { fixtureSnapshots, fixturesRoot } from '../../corpus';
import { tick } from '../channel';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'savepoint-engine-'));
const script = path.join(folder, 'engineWorker.js');

beforeAll(async () => {
  await build({
    entryPoints: [path.join(root, 'src/worker/engineWorker.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // As the build does: its main file asks for its parts in a way that cannot be bundled.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => expect.fail('It should have failed.'),
    (e: unknown) => e as EngineError,
  );

/** A thread that a test plays itself. */
class FakeThread implements EngineThread {
  readonly received: { tag: string; id: number; method?: string }[] = [];
  terminated = false;
  private readonly listeners = new Map<string, ((value: never) => void)[]>();

  postMessage(message: unknown): void {
    this.received.push(message as FakeThread['received'][number]);
  }
  on(event: string, listener: (value: never) => void): unknown {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return this;
  }
  emit(event: 'message' | 'error' | 'exit', value: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(value as never);
  }
  async terminate(): Promise<number> {
    this.terminated = true;
    this.emit('exit', 1);
    return 1;
  }
}

function fake(patience = 3000) {
  const threads: FakeThread[] = [];
  const deaths: EngineError[] = [];
  const client = new EngineClient(
    () => {
      const thread = new FakeThread();
      threads.push(thread);
      return thread;
    },
    (error) => deaths.push(error),
    patience,
  );
  return { client, threads, deaths };
}

describe('the engine behind a thread', () => {
  it('starts with the first call and not before, once', async () => {
    const { client, threads } = fake();
    expect(threads).toHaveLength(0);
    const calls = [client.call('classify', { paths: [] }), client.call('classify', { paths: [] })];
    expect(threads).toHaveLength(1);
    for (const { id } of threads[0]?.received ?? []) threads[0]?.emit('message', { tag: 'response', id, body: [] });
    expect(await Promise.all(calls)).toEqual([[], []]);
  });

  it('tells everybody who waits when it dies, one person once, and starts again', async () => {
    const { client, threads, deaths } = fake();
    const open = [client.call('describe', { path: '/a' }), client.call('describe', { path: '/b' })].map(failure);
    threads[0]?.emit('error', Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
    threads[0]?.emit('exit', 1);
    expect((await Promise.all(open)).map((e) => e.code)).toEqual(['LIMIT', 'LIMIT']);
    expect(deaths.map((e) => e.code)).toEqual(['LIMIT']);
    const again = client.call('classify', { paths: [] });
    expect(threads).toHaveLength(2);
    threads[1]?.emit('message', { tag: 'response', id: 1, body: [] });
    expect(await again).toEqual([]);
  });

  it('ends a thread that does not heed a cancellation, and asks the next one for what others want', async () => {
    const { client, threads, deaths } = fake(20);
    const controller = new AbortController();
    const stuck = failure(client.call('describe', { path: '/stuck' }, { signal: controller.signal }));
    const innocent = client.call('classify', { paths: ['/x'] });
    controller.abort();
    expect((await stuck).code).toBe('CANCELLED');
    expect(threads[0]?.terminated).toBe(true);
    await tick();
    expect(threads[1]?.received.map((m) => m.method)).toEqual(['classify']);
    threads[1]?.emit('message', { tag: 'response', id: 1, body: [{ is: 'other', what: 'empty' }] });
    expect(await innocent).toEqual([{ is: 'other', what: 'empty' }]);
    expect(deaths).toEqual([]);
  });

  it('leaves a thread alone that heeds a cancellation in time', async () => {
    const { client, threads } = fake(50);
    const controller = new AbortController();
    const call = failure(client.call('describe', { path: '/a' }, { signal: controller.signal }));
    controller.abort();
    threads[0]?.emit('message', {
      tag: 'failure',
      id: 1,
      body: {
        severity: 'error',
        code: 'CANCELLED',
        message: 'Cancelled.',
        file: null,
        offset: null,
        where: null,
        hint: null,
      },
    });
    expect((await call).code).toBe('CANCELLED');
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(threads[0]?.terminated).toBe(false);
  });

  it('ends its thread when the window closes and starts no other', async () => {
    const { client, threads, deaths } = fake();
    const open = failure(client.call('describe', { path: '/a' }));
    client.dispose();
    expect((await open).code).toBe('CANCELLED');
    expect(threads[0]?.terminated).toBe(true);
    expect((await failure(client.call('classify', { paths: [] }))).code).toBe('CANCELLED');
    expect(deaths).toEqual([]);
  });
});

describe('the real thread', () => {
  const deaths: EngineError[] = [];
  const real = () =>
    new EngineClient(
      () => startEngine(script, null, null),
      (error) => deaths.push(error),
      500,
    );

  it('describes snapshots of real Flink and says what it read', async () => {
    const snapshots = fixtureSnapshots();
    expect(snapshots.length).toBeGreaterThan(0);
    const client = real();
    try {
      for (const { path: folderPath } of snapshots.slice(0, 5)) {
        const { snapshot, bytesRead } = await client.call('describe', { path: folderPath });
        expect(typeof snapshot.checkpointId).toBe('bigint');
        expect(snapshot.operators.length).toBeGreaterThan(0);
        expect(bytesRead).toBeGreaterThan(0);
      }
    } finally {
      client.dispose();
    }
  });

  it('answers with the place of an error', async () => {
    const file = path.join(folder, '_metadata');
    writeFileSync(file, Buffer.from('4960672d00000003', 'hex'));
    const client = real();
    try {
      const error = await failure(client.call('describe', { path: file }));
      expect(error.code).toBe('TRUNCATED');
      expect(error.file).toBe(file);
      const missing = await failure(client.call('describe', { path: path.join(folder, 'nowhere') }));
      expect(missing.code).toBe('FILE_NOT_FOUND');
    } finally {
      client.dispose();
    }
  });

  it('reads rows; a thread that was started anew answers the same', async () => {
    const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'counters', backend: 'canonical' as const };
    const of = { path: path.join(root, 'media/sample'), version: 1, target };
    const query = {
      ...of,
      key: null,
      namespace: null,
      mapKey: null,
      filter: null,
      sort: null,
      expand: [],
      zone: 'UTC',
    };
    const first = real();
    const window = await first.call('rows', { ...query, at: { row: 120 }, before: 20, count: 50 });
    expect(window.rows).toHaveLength(70);
    first.dispose();
    const second = real();
    try {
      const place = window.rows[20]?.place ?? { block: 0, index: 0 };
      const again = await second.call('rows', { ...query, at: { place }, before: 20, count: 50 });
      expect(again.rows).toEqual(window.rows);
      const scans: number[] = [];
      const scan = await second.call('scanRows', query, { onProgress: ({ rows }) => scans.push(rows) });
      expect(scan).toMatchObject({ ended: true, exact: true, problems: [] });
      const detail = await second.call('rowDetail', { ...of, key: null, place, zone: 'UTC' });
      expect(detail.parts.map(({ part }) => part)).toEqual(['value', 'key', 'mapKey']);
      expect(detail.parts[0]?.bytes.head).toBeInstanceOf(Uint8Array);
      const line = await second.call('rowLine', { ...of, key: null, place });
      expect(JSON.parse(line)).toMatchObject({ op: target.operator, state: 'counters', kind: 'map' });
      const ranges = [{ from: place, to: place }];
      const copied = await second.call('rowsText', { ...query, ranges, columns: null, format: 'json' });
      expect(copied).toEqual({ text: line, rows: 1, cut: false });
      expect(await second.call('closeEntries', { path: of.path })).toBeNull();
      expect((await failure(second.call('scanRows', { ...query, filter: 'value.' }))).code).toBe('BAD_ARGUMENT');
    } finally {
      second.dispose();
    }
  });

  it('reads everything in threads of their own, and says how much it was', async () => {
    const client = real();
    try {
      const accounts = path.join(fixturesRoot, '1.20-accounts-heap-canonical');
      const { entries, findings } = await client.call('verify', { path: accounts });
      expect(entries).toBe(137);
      expect(findings).toMatchObject([{ code: 'VERIFIED', severity: 'ok' }]);
    } finally {
      client.dispose();
    }
  });

  it('can be stopped in an endless loop, and lives on with the next call', async () => {
    const endless = path.join(folder, 'endless.js');
    writeFileSync(endless, "require('node:worker_threads').parentPort.on('message', () => { for (;;) {} });");
    let starts = 0;
    const client = new EngineClient(
      () => (starts++ === 0 ? new Worker(endless) : startEngine(script, null, null)),
      (e) => deaths.push(e),
      100,
    );
    try {
      const controller = new AbortController();
      const stuck = failure(client.call('classify', { paths: [] }, { signal: controller.signal }));
      setTimeout(() => controller.abort(), 50);
      expect((await stuck).code).toBe('CANCELLED');
      expect(await client.call('classify', { paths: [path.join(folder, '_metadata')] })).toEqual([
        { is: 'snapshot', metadataVersion: 3 },
      ]);
      expect(deaths).toEqual([]);
    } finally {
      client.dispose();
    }
  });

  it('ends with a message where it may take less memory than it needs, and the next one is tried', async () => {
    const greedy = path.join(folder, 'greedy.js');
    writeFileSync(
      greedy,
      "require('node:worker_threads').parentPort.on('message', () => { const all = []; for (;;) all.push({ n: all.length }); });",
    );
    let starts = 0;
    const told: EngineError[] = [];
    const client = new EngineClient(
      () => startEngine(starts++ === 0 ? greedy : script, null, 64),
      (error) => told.push(error),
    );
    try {
      expect((await failure(client.call('classify', { paths: [] }))).code).toBe('LIMIT');
      expect(told).toHaveLength(1);
      expect(await client.call('classify', { paths: [path.join(folder, '_metadata')] })).toMatchObject([
        { is: 'snapshot' },
      ]);
    } finally {
      client.dispose();
    }
  });

  it('is told of when it crashes', async () => {
    const crash = path.join(folder, 'crash.js');
    writeFileSync(
      crash,
      "require('node:worker_threads').parentPort.on('message', () => { throw new Error('boom'); });",
    );
    const told: EngineError[] = [];
    const client = new EngineClient(
      () => new Worker(crash, { stderr: true }),
      (error) => told.push(error),
    );
    try {
      const error = await failure(client.call('classify', { paths: [] }));
      expect(error.code).toBe('INTERNAL');
      expect(error.message).toContain('boom');
      await tick();
      expect(told).toEqual([error]);
    } finally {
      client.dispose();
    }
  });
});
