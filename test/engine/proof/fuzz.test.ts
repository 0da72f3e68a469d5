import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureSnapshots, fixturesRoot } from '../../corpus';
import { codecOfSample, serializerSamples } from './serializerSamples';
import { complaintAbout, SnapshotFuzz } from './snapshotFuzz';
import { complaintAboutValue, typeSamples, valueCase } from './valueFuzz';

/** The same cases every time. `npm run fuzz -- --minutes N --seed S` looks at many more of others. */
const SEED = 20_260_101;
const SNAPSHOT_CASES = 120;
const VALUE_CASES = 40_000;

describe('damaged snapshots', () => {
  const targets = fixtureSnapshots().map((snapshot) => ({
    ...snapshot,
    folder: path.join(fixturesRoot, snapshot.name.split(path.sep)[0]),
  }));
  const fuzz = new SnapshotFuzz(targets, SEED);

  test.each(Array.from({ length: 6 }, (_, sixth) => sixth))('end in errors of the engine, %i', async (sixth) => {
    for (let run = sixth; run < SNAPSHOT_CASES; run += 6) {
      const fuzzed = fuzz.case(run);
      const complaint = await complaintAbout(fuzzed);
      expect(complaint, `case ${run}: ${fuzzed.file}, ${fuzzed.mutated.done.join(', ')}`).toBeNull();
    }
  });

  test('the same number is the same case', () => {
    expect(fuzz.case(17).mutated).toEqual(new SnapshotFuzz(targets, SEED).case(17).mutated);
    expect(fuzz.case(17).mutated).not.toEqual(new SnapshotFuzz(targets, SEED + 1).case(17).mutated);
  });
});

describe('damaged values', () => {
  test('are refused, or read and written as they are', async () => {
    const values = serializerSamples().map((sample) => ({ codec: codecOfSample(sample), bytes: sample.data }));
    const paths = fixtureSnapshots().map((snapshot) => snapshot.path);
    const samples = await typeSamples(paths, values);
    expect(samples.length).toBeGreaterThan(60);
    for (let run = 0; run < VALUE_CASES; run++) {
      const fuzzed = valueCase(samples, SEED, run);
      const complaint = complaintAboutValue(fuzzed);
      if (complaint !== null) expect.fail(`case ${run} of ${fuzzed.type}, ${fuzzed.done.join(', ')}: ${complaint}`);
    }
  });
});
