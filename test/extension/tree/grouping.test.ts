import { describe, expect, it } from 'vitest';
import { type FoundFile, groupSnapshots, isJob } from '../../../src/tree/grouping';
import type { Classified } from '../../../src/worker/workerProtocol';

const flink: Classified = { is: 'snapshot', metadataVersion: 4 };
const found = (path: string, modified = 0, is: Classified = flink): FoundFile => ({ path, modified, is });
const JOB = '3f2504e04f8941d39a0c0305e82c3301';

const spelled = (files: FoundFile[]) =>
  groupSnapshots(files).entries.map((e) =>
    isJob(e) ? [e.jobId, ...e.checkpoints.map((c) => c.path.split(/[\\/]/).at(-2))] : e.path,
  );

describe('snapshots of a workspace', () => {
  it('puts checkpoints below their job, by number', () => {
    expect(
      spelled([
        found(`/w/cp/${JOB}/chk-9/_metadata`, 9),
        found(`/w/cp/${JOB}/chk-100/_metadata`, 3),
        found(`/w/cp/${JOB}/chk-17/_metadata`, 5),
      ]),
    ).toEqual([[JOB, 'chk-100', 'chk-17', 'chk-9']]);
  });

  it('orders by what is newest, a job by its newest checkpoint', () => {
    expect(
      spelled([
        found('/w/savepoint-old/_metadata', 1),
        found(`/w/cp/${JOB}/chk-1/_metadata`, 2),
        found(`/w/cp/${JOB}/chk-2/_metadata`, 8),
        found('/w/savepoint-new/_metadata', 9),
        found('/w/savepoint-mid/_metadata', 5),
      ]),
    ).toEqual([
      '/w/savepoint-new/_metadata',
      [JOB, 'chk-2', 'chk-1'],
      '/w/savepoint-mid/_metadata',
      '/w/savepoint-old/_metadata',
    ]);
  });

  it('keeps jobs of the same id in different places apart', () => {
    expect(spelled([found(`/a/${JOB}/chk-1/_metadata`), found(`/b/${JOB}/chk-1/_metadata`)])).toHaveLength(2);
  });

  it('leaves a checkpoint alone whose folder is no job', () => {
    expect(spelled([found('/w/copied/chk-3/_metadata'), found(`/w/${JOB}/savepoint-1/_metadata`)])).toEqual([
      `/w/${JOB}/savepoint-1/_metadata`,
      '/w/copied/chk-3/_metadata',
    ]);
  });

  it('lists nothing of the shared folders', () => {
    expect(spelled([found(`/w/${JOB}/shared/_metadata`), found(`/w/${JOB}/taskowned/_metadata`)])).toEqual([]);
  });

  it('keeps other programs’ files apart, and an unfinished or unreadable snapshot in its place', () => {
    const { entries, others } = groupSnapshots([
      found('/w/b/_metadata', 0, { is: 'other', what: 'parquet' }),
      found('/w/a/_metadata', 0, { is: 'other', what: 'unknown' }),
      found('/w/empty/_metadata', 0, { is: 'other', what: 'empty' }),
      found('/w/locked/_metadata', 0, { is: 'unreadable', code: 'NO_PERMISSION', message: 'no' }),
    ]);
    expect(others.map((o) => o.path)).toEqual(['/w/a/_metadata', '/w/b/_metadata']);
    expect(entries.map((e) => (isJob(e) ? e.folder : e.path))).toEqual(['/w/empty/_metadata', '/w/locked/_metadata']);
  });

  it('reads paths of Windows', () => {
    const { entries } = groupSnapshots([found(`C:\\cp\\${JOB}\\chk-1\\_metadata`)]);
    expect(entries[0]).toMatchObject({ jobId: JOB, folder: `C:\\cp\\${JOB}` });
  });
});
