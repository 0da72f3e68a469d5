import { cpSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import type { KeyGroupsHandle, OperatorStateHandle } from '../../../src/engine/metadata/model';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { planReport } from '../../../src/engine/plan/reportPlan';
import type { RawKind } from '../../../src/engine/raw/rawPiece';
import { rawPieces } from '../../../src/engine/raw/rawPieces';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots, metadataBytes } from '../../corpus';
import { useTemporaryFolder } from '../../temporaryFolder';
import { applied, contentOf, fixture, planOf, type Step } from './harness';

const temporary = useTemporaryFolder();
const ACCOUNTS = '14cfd403e0929194539014eaed9ae6ed';
const EVENTS = '0c80f7e50ab54b30f6a2580946f9e942';

const inlined = (data: number[]) =>
  ({ type: 'bytes', name: 'inlined', data: Uint8Array.from(data), offset: 0 }) as const;

/** Every piece of raw state: where it lies, and its bytes in hex. */
async function piecesOf(folder: string): Promise<Map<string, string>> {
  const kinds = new Set<RawKind>(['coordinator', 'master', 'raw-operator', 'raw-keyed']);
  const snapshot = await openSnapshot(folder, nodeFileStore);
  const pieces = new Map<string, string>();
  const add = async (query: Parameters<typeof rawPieces>[1]) => {
    const failed = ({ error }: { error: Error }) => {
      throw error;
    };
    for await (const { what, operator, subtask, name, place, read } of rawPieces(snapshot, query, failed)) {
      const parts: Uint8Array[] = [];
      for await (const part of read()) parts.push(part);
      const where = what === 'master' ? name : `${operator?.id} ${subtask} ${JSON.stringify(place)}`;
      pieces.set(`${what} ${where}`, Buffer.concat(parts).toString('hex'));
    }
  };
  await add({ kinds });
  await snapshot.close();
  return pieces;
}

describe('bytes that are no entries', () => {
  let source: string;

  /** A snapshot that has some of each kind: raw state in both subtasks of `accounts`, whose keyed state it has too. */
  beforeEach(() => {
    source = temporary.at('source');
    cpSync(fixture('2.3-accounts-heap-canonical'), source, { recursive: true });
    const stored = fixtureSnapshots().find(({ name }) => name === '2.3-accounts-heap-canonical');
    if (stored === undefined) throw new Error('There is no such fixture.');
    const metadata = readMetadata(metadataBytes(stored), stored.metadataPath);
    metadata.masterStates.push({ name: 'a hook', version: 3, payload: Uint8Array.of(1, 2, 3) });
    const accounts = metadata.operators.find(({ id }) => id === ACCOUNTS);
    for (const subtask of accounts?.subtasks ?? []) {
      const rawOperator: OperatorStateHandle = {
        type: 'partitionable',
        states: [{ name: 'raw-bytes', mode: 'splitDistribute', offsets: [0, 2] }],
        segment: null,
        stream: inlined([subtask.index, 1, 2, 3, 4]),
      };
      subtask.rawOperatorState = [rawOperator];
      const first = subtask.index * 64;
      const rawKeyed: KeyGroupsHandle = {
        type: 'keyGroups',
        startKeyGroup: first,
        offsets: Array.from({ length: 64 }, (_, i) => (i === 3 ? 0 : i === 60 ? 2 : -1)),
        stream: inlined([subtask.index, 7, 8]),
        stateHandleId: null,
      };
      subtask.rawKeyedState = rawKeyed;
    }
    writeFileSync(path.join(source, '_metadata'), writeMetadata(metadata));
  });

  const raw = (target: Extract<Step, { kind: 'setRawBytes' }>['target'], ...bytes: number[]): Step => ({
    kind: 'setRawBytes',
    target,
    bytes: Uint8Array.from(bytes),
  });
  const partition = (subtask: number, partition: number) =>
    ({ what: 'raw-operator', operator: 'accounts', subtask, partition }) as const;

  test('are replaced one by one, and all others stay', async () => {
    const before = await piecesOf(source);
    const coordinator = Buffer.from(before.get(`coordinator ${EVENTS} null {}`) ?? '', 'hex');
    const out = temporary.at('out');
    await applied(
      planOf(
        source,
        raw({ what: 'master', name: 'a hook' }, 9),
        raw(partition(1, 0), 5, 5, 5),
        raw({ what: 'raw-keyed', operator: 'accounts', keyGroup: 67 }, 6, 6, 6),
        // The same again, which is of a format that is Flink's own.
        raw({ what: 'coordinator', operator: 'events' }, ...coordinator),
      ),
      out,
    );
    const expected = new Map(before);
    expected.set('master a hook', '09');
    expected.set(`raw-operator ${ACCOUNTS} 1 {"partition":0}`, '050505');
    expected.set(`raw-keyed ${ACCOUNTS} 1 {"keyGroup":67}`, '060606');
    expect(await piecesOf(out)).toEqual(expected);
    expect(await contentOf(out)).toEqual(await contentOf(source));
  });

  test('go with another parallelism', async () => {
    const out = temporary.at('out');
    await applied(
      planOf(source, raw(partition(0, 1), 5), raw({ what: 'raw-keyed', operator: 'accounts', keyGroup: 3 }, 6, 6), {
        kind: 'rescale',
        parallelism: 4,
        maxParallelism: null,
        operators: ['accounts'],
      }),
      out,
    );
    const after = await piecesOf(out);
    const partitions = [0, 1, 2, 3].map((subtask) => after.get(`raw-operator ${ACCOUNTS} ${subtask} {"partition":0}`));
    expect(partitions).toEqual(['0001', '05', '0101', '020304']);
    expect(after.get(`raw-keyed ${ACCOUNTS} 0 {"keyGroup":3}`)).toBe('0606');
    expect(after.get(`raw-keyed ${ACCOUNTS} 2 {"keyGroup":67}`)).toBe('0107');
    expect(await contentOf(out)).toEqual(await contentOf(source));
  });

  test('a dry run tells how many', async () => {
    const prepared = await preparePlan(
      planOf(source, raw(partition(1, 0), 5, 5, 5), raw({ what: 'master', name: 'a hook' }, 9)),
      nodeFileStore,
    );
    const report = planReport(prepared);
    await prepared.close();
    expect(report.masterStates).toEqual([{ what: 'a hook', bytes: { before: 3, after: 1 } }]);
    expect(report.operators.flatMap(({ raw }) => raw)).toEqual([
      { what: 'raw-operator, subtask 1, partition 0', bytes: { before: 2, after: 3 } },
    ]);
    expect(report.operators.map(({ carried }) => carried)).toContain(false);
  });

  test.each<[string, Step, string]>([
    [
      'a coordinator state that its source could not read',
      raw({ what: 'coordinator', operator: 'events' }, 1),
      'BAD_VALUE',
    ],
    ['that of an operator without one', raw({ what: 'coordinator', operator: 'accounts' }, 1), 'NOT_FOUND'],
    ['a hook that is not there', raw({ what: 'master', name: 'a hok' }, 1), 'NOT_FOUND'],
    ['a partition that is not there', raw(partition(0, 2), 1), 'NOT_FOUND'],
    ['a subtask that is not there', raw(partition(7, 0), 1), 'NOT_FOUND'],
    ['a key group that is not there', raw({ what: 'raw-keyed', operator: 'accounts', keyGroup: 128 }, 1), 'NOT_FOUND'],
  ])('%s is refused', async (_, step, code) => {
    await expect(applied(planOf(source, step), temporary.at('out'))).rejects.toMatchObject({ code });
  });
});
