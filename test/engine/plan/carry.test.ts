import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import type { ByteSink, OutputFolder } from '../../../src/engine/storage/outputFolder';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, planOf } from './harness';

const temporary = useTemporaryFolder();
const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';

describe('steps that carry state over', () => {
  test('an operator is left out, another gets a uid, a third comes from another snapshot', async () => {
    const source = fixture('2.3-accounts-rocksdb-native');
    const other = fixture('1.20-accounts-heap-native');
    const out = temporary.at('out');
    const proof = await applied(
      planOf(
        source,
        { kind: 'removeOperator', operator: 'accounts-sink' },
        { kind: 'changeUid', operator: 'accounts', to: { uid: 'books' } },
        { kind: 'copyOperator', from: other, operator: ACCOUNTS, to: null },
        { kind: 'setCheckpointId', checkpointId: 77n },
      ),
      out,
    );
    const snapshot = await openSnapshot(out, nodeFileStore);
    expect(snapshot.metadata.checkpointId).toBe(77n);
    expect(snapshot.operators.map(({ id }) => id)).toContain(operatorIdOfUid('books'));
    expect(snapshot.operators.map(({ uid }) => uid)).not.toContain('accounts-sink');
    await snapshot.close();
    expect(proof.entries).toBe(0);
    expect(proof.carriedBytes).toBeGreaterThan(0);
    const [before, copied, after] = [await contentOf(source), await contentOf(other), await contentOf(out)];
    const expected = new Map(copied.keyed);
    for (const [id, value] of before.keyed) expected.set(id.replace(ACCOUNTS, operatorIdOfUid('books')), value);
    const own = [...after.keyed].filter(([id]) => expected.has(id));
    expect(new Map(own)).toEqual(expected);
    expect(after.keyed.size).toBe(expected.size);
  });

  test('files that nobody changes are shared with the source on the same disk', async () => {
    const first = temporary.at('first');
    await applied(planOf(fixture('2.3-accounts-rocksdb-native'), { kind: 'setCheckpointId', checkpointId: 1n }), first);
    const second = temporary.at('second');
    await applied(planOf(first, { kind: 'setCheckpointId', checkpointId: 2n }), second);
    const files = readdirSync(second).filter((name) => name !== '_metadata');
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(statSync(path.join(second, name)).nlink).toBeGreaterThan(1);
  });

  test('the source keeps every byte', async () => {
    const source = temporary.at('source');
    await applied(planOf(fixture('2.3-accounts-heap-canonical')), source);
    const bytesOf = () =>
      readdirSync(source).map((name) => [name, readFileSync(path.join(source, name)).toString('base64')]);
    const before = bytesOf();
    await applied(
      planOf(source, { kind: 'rescale', parallelism: 3, maxParallelism: 99, operators: null }),
      temporary.at('out'),
    );
    expect(bytesOf()).toEqual(before);
  });
});

describe('a write that ends early', () => {
  /** Fails at the given call that writes something. */
  function failing(folder: OutputFolder, at: number, failure: Error): OutputFolder {
    let calls = 0;
    const step = (): void => {
      if (++calls === at) throw failure;
    };
    const stepping = (sink: ByteSink): ByteSink => ({
      write: async (bytes) => {
        step();
        await sink.write(bytes);
      },
      close: () => sink.close(),
    });
    return {
      path: folder.path,
      freeBytes: () => folder.freeBytes(),
      create: async (name) => {
        step();
        return stepping(await folder.create(name));
      },
      createTemporary: async (name) => {
        step();
        return stepping(await folder.createTemporary(name));
      },
      createPlaced: async (name) => {
        step();
        const sink = await folder.createPlaced(name);
        return {
          writeAt: (bytes, position) => {
            step();
            sink.writeAt(bytes, position);
          },
          syncAhead: () => sink.syncAhead(),
          close: () => sink.close(),
        };
      },
      createCarry: async (name) => {
        step();
        const sink = await folder.createCarry(name);
        return {
          writeAt: async (bytes, position) => {
            step();
            await sink.writeAt(bytes, position);
          },
          holds: (...args) => sink.holds(...args),
          close: () => sink.close(),
        };
      },
      takeOver: async (...args) => {
        step();
        return folder.takeOver(...args);
      },
      remove: async (name) => {
        step();
        await folder.remove(name);
      },
      publish: async (...args) => {
        step();
        await folder.publish(...args);
      },
      abandon: () => folder.abandon(),
    };
  }

  test('leaves nothing behind, whenever that is', async () => {
    const plan = planOf(
      fixture('2.3-accounts-rocksdb-native'),
      { kind: 'put', operator: 'accounts', state: 'total', key: 'x'.repeat(50_000), value: 1n },
      { kind: 'rescale', parallelism: 2, maxParallelism: 200, operators: ['accounts'] },
    );
    let failures = 0;
    for (let at = 1; ; at++) {
      const prepared = await preparePlan(plan, nodeFileStore);
      const out = temporary.at('out');
      try {
        await applyPlan(
          prepared,
          failing(await createOutputFolder(out), at, new Error('The power is gone.')),
          nodeFileStore,
        );
        break;
      } catch (e) {
        expect(e).toMatchObject({ message: 'The power is gone.' });
        expect(existsSync(out), `after call ${at}`).toBe(false);
        failures++;
      } finally {
        await prepared.close();
      }
    }
    expect(failures).toBeGreaterThan(3);
  });

  test('a cancelled plan leaves nothing behind', async () => {
    const plan = planOf(fixture('2.3-accounts-rocksdb-native'), {
      kind: 'rescale',
      parallelism: 2,
      maxParallelism: 200,
      operators: null,
    });
    for (let after = 0; after < 20; after++) {
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(), after);
      await applied(plan, temporary.at('out', String(after)), cancel.signal).then(
        () => expect(existsSync(temporary.at('out', String(after), '_metadata'))).toBe(true),
        (e) => {
          expect(e).toMatchObject({ code: 'CANCELLED' });
          expect(existsSync(temporary.at('out', String(after), '_metadata'))).toBe(false);
        },
      );
    }
  });
});
