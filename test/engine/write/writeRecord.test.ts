import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../../src/engine/plan/applyPlan';
import { preparePlan } from '../../../src/engine/plan/preparePlan';
import { readPlan } from '../../../src/engine/plan/readPlan';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { createOutputFolder } from '../../../src/engine/storage/nodeOutputFolder';
import type { OutputFolder } from '../../../src/engine/storage/outputFolder';
import { RECORD_NAME, readRecord, recordBytes, type WriteRecord } from '../../../src/engine/write/writeRecord';
import { useTemporaryFolder } from '../../temporaryFolder';
import { fixture } from '../plan/harness';

const temporary = useTemporaryFolder();
const SOURCE = fixture('2.3-accounts-heap-canonical');
const PLAN = `// why\n{"from": ${JSON.stringify(SOURCE)}, "steps": [{"setCheckpointId": 9}]}`;

async function apply(output: OutputFolder, withRecord = true) {
  const prepared = await preparePlan(readPlan(PLAN, 'a test'), nodeFileStore);
  const record = withRecord ? { program: 'a test 1', plan: PLAN } : undefined;
  try {
    return await applyPlan(prepared, output, nodeFileStore, { record });
  } finally {
    await prepared.close();
  }
}

describe('what is kept beside a written snapshot', () => {
  test('is the plan as it was given, where it came from, and the proof', async () => {
    const out = temporary.at('out');
    const proof = await apply(await createOutputFolder(out));
    expect(await readRecord(out, nodeFileStore)).toEqual({ program: 'a test 1', from: SOURCE, plan: PLAN, proof });
    expect(JSON.parse(readFileSync(path.join(out, RECORD_NAME), 'utf8'))).toMatchObject({
      format: 'savepoint-explorer',
      formatVersion: 1,
    });
  });

  test('is there before the metadata is, without a proof', async () => {
    const folder = await createOutputFolder(temporary.at('out'));
    const published: [string, unknown][] = [];
    const watched: OutputFolder = Object.assign(Object.create(folder), {
      publish: async (name: string, bytes: Uint8Array) => {
        const record = await readRecord(folder.path, nodeFileStore);
        published.push([name, record === null ? 'none' : record.proof]);
        await folder.publish(name, bytes);
      },
    });
    await apply(watched);
    expect(published).toEqual([
      [RECORD_NAME, 'none'],
      ['_metadata', null],
      [RECORD_NAME, null],
    ]);
  });

  test('is nothing where nobody asked for it', async () => {
    const out = temporary.at('out');
    await apply(await createOutputFolder(out), false);
    expect(existsSync(path.join(out, RECORD_NAME))).toBe(false);
    expect(await readRecord(out, nodeFileStore)).toBeNull();
  });

  test('reads back as it was', async () => {
    const text = fc.string({ unit: 'grapheme' });
    const record: fc.Arbitrary<WriteRecord> = fc.record({
      program: text,
      from: fc.option(text),
      plan: text,
      proof: fc.option(fc.constantFrom({}, { operators: 3, entries: 2 ** 53 - 1 })),
    });
    await fc.assert(
      fc.asyncProperty(record, async (written) => {
        writeFileSync(temporary.at(RECORD_NAME), recordBytes(written));
        expect(await readRecord(temporary.root, nodeFileStore)).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps nobody from opening a snapshot, whatever lies there', async () => {
    const good = JSON.parse(new TextDecoder().decode(recordBytes({ program: 'p', from: null, plan: '', proof: null })));
    for (const bad of [
      '',
      'not JSON',
      '[]',
      Buffer.from([0xff, 0xfe]),
      JSON.stringify({ ...good, formatVersion: 2 }),
      JSON.stringify({ ...good, format: 'x' }),
      JSON.stringify({ ...good, plan: 5 }),
      JSON.stringify({ ...good, from: 5 }),
      JSON.stringify({ ...good, proof: { entries: -1 } }),
      JSON.stringify({ ...good, proof: { entries: 1.5 } }),
      JSON.stringify({ ...good, proof: [] }),
    ]) {
      writeFileSync(temporary.at(RECORD_NAME), bad);
      expect(await readRecord(temporary.root, nodeFileStore), String(bad)).toBeNull();
    }
    writeFileSync(temporary.at(RECORD_NAME), JSON.stringify(good));
    expect(await readRecord(temporary.root, nodeFileStore)).not.toBeNull();
  });
});
