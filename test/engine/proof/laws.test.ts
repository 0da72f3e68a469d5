import { describe, expect, test } from 'vitest';
import { corpusSnapshots, describeCorpus, fixtureSnapshots, type StoredSnapshot } from '../../corpus';
import { emptyBook, holdLaws, holdLawsOfSnapshot, type LawBook } from './laws';
import { codecOfSample, serializerSamples } from './serializerSamples';
import { withSnapshot } from './withSnapshot';

/**
 * Types whose values cannot be made from JSON, because only a class of the job says how they are written: Java's and Kryo's
 * objects, and Scala's Try, whose failure is one of Kryo's.
 */
const NOT_FROM_JSON = /^(java|kryo .*|try<.*)$/;

async function bookOf(snapshots: readonly StoredSnapshot[]): Promise<LawBook> {
  const book = emptyBook();
  for (const { path } of snapshots) await withSnapshot(path, (opened) => holdLawsOfSnapshot(opened, book));
  return book;
}

/** Nothing is broken, and every value is accounted for. */
function expectLawful(book: LawBook): void {
  expect(book.broken).toEqual([]);
  const withoutJson = [...book.noJson].filter(([type]) => !NOT_FROM_JSON.test(type));
  expect(withoutJson).toEqual([]);
  expect(book.fromJson + [...book.noJson.values()].reduce((sum, n) => sum + n, 0)).toBe(book.checked);
}

describe('read, skip, write and JSON agree on every value', () => {
  test('of the fixtures', async () => {
    const book = await bookOf(fixtureSnapshots());
    expectLawful(book);
    expect(book.lossy).toBe(0);
    expect(book.checked).toBeGreaterThan(18_000);
    expect(book.unreadable).toBeGreaterThan(0);
  });
});

describeCorpus('read, skip, write and JSON agree on every value of the corpus', () => {
  test('in its snapshots', async () => {
    const book = await bookOf(corpusSnapshots());
    expectLawful(book);
    expect(book.checked).toBeGreaterThan(16_000);
  });

  test('in its serializer samples', () => {
    const book = emptyBook();
    for (const sample of serializerSamples()) holdLaws(codecOfSample(sample), sample.data, sample.name, book);
    expectLawful(book);
    expect(book.checked + book.unreadable).toBe(608);
    // One variant for each release that has them.
    expect(book.lossy).toBe(2);
  });
});
