import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { writeJson } from '../../../src/engine/json/writeJson';
import { anyType, COMPOSITES, LEAVES, typeAndValue } from './arbitraryTypes';
import { checkLaws, checkMutation, checkPrefixes, mutation } from './codecLaws';
import { codecFrom, codecOf, envelope, readValue, writeValue } from './snapshotBytes';

describe('codecs', () => {
  it.each(LEAVES.map((type) => [codecOf(type.snapshot).type.serializer.replace(/.*\./, ''), type] as const))(
    '%s writes and reads its values',
    (_name, type) => {
      const codec = codecOf(type.snapshot);
      fc.assert(
        fc.property(type.values, (value) => {
          const bytes = writeValue(codec, value);
          expect(writeJson(readValue(codec, bytes))).toBe(writeJson(value));
          checkLaws(codec, bytes);
          checkPrefixes(codec, bytes);
        }),
      );
    },
  );

  it.each(Object.entries(COMPOSITES))('%s of all types writes and reads its values', (_name, compose) => {
    const composed = fc
      .array(fc.constantFrom(...LEAVES), { minLength: 2, maxLength: 9 })
      .map(compose)
      .chain((type) => type.values.map((value) => ({ type, value })));
    fc.assert(
      fc.property(composed, ({ type, value }) => {
        const codec = codecOf(type.snapshot);
        const bytes = writeValue(codec, value);
        expect(writeJson(readValue(codec, bytes))).toBe(writeJson(value));
        checkLaws(codec, bytes);
        checkPrefixes(codec, bytes);
      }),
    );
  });

  it('read, skip, write and JSON agree for types of any depth', () => {
    fc.assert(
      fc.property(typeAndValue, ({ type, value }) => {
        const codec = codecOf(type.snapshot);
        checkLaws(codec, writeValue(codec, value));
      }),
      { numRuns: 300 },
    );
  });

  it('refuse changed bytes, or give back the same bytes', () => {
    fc.assert(
      fc.property(typeAndValue, mutation, ({ type, value }, [at, to]) => {
        const codec = codecOf(type.snapshot);
        checkMutation(codec, writeValue(codec, value), at, to);
      }),
      { numRuns: 500 },
    );
  });

  it('fail with an EngineError for a changed or cut snapshot', () => {
    fc.assert(
      fc.property(anyType, mutation, fc.boolean(), (type, [at, to], cut) => {
        const bytes = envelope(type.snapshot);
        const place = at % bytes.length;
        const bad = cut ? bytes.slice(0, place) : bytes.slice();
        if (!cut) bad[place] = to;
        try {
          codecFrom(bad);
        } catch (e) {
          expect(e).toBeInstanceOf(EngineError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
