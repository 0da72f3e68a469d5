import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/bytes/engineError';
import { writeJson } from '../../../../src/engine/json/writeJson';
import type { FlinkLine } from '../../../../src/engine/types/describe/flinkLine';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { parseTypeText, printType } from '../../../../src/engine/types/describe/typeText';
import { readValue, writeValue } from '../snapshotBytes';
import { anyDescribed } from './arbitraryDescribed';

const lines = fc.constantFrom<FlinkLine>('2.0', '2.1');

describe('any described type', () => {
  it('is printed and parsed back', () => {
    fc.assert(
      fc.property(anyDescribed, ({ type }) => {
        expect(parseTypeText(printType(type))).toEqual(type);
      }),
      { numRuns: 500 },
    );
  });

  it('has a serializer that writes its values and reads them back', () => {
    fc.assert(
      fc.property(
        anyDescribed.chain(({ type, values }) => fc.tuple(fc.constant(type), fc.array(values, { maxLength: 3 }))),
        lines,
        ([type, values], line) => {
          const { codec } = newSerializer(type, line);
          for (const json of values) {
            const value = codec.fromJson(json);
            const bytes = writeValue(codec, value);
            const again = readValue(codec, bytes);
            expect(writeJson(again)).toBe(writeJson(value));
            expect(writeValue(codec, again)).toEqual(bytes);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('has a text whose every change is refused with a place in it, or is another type', () => {
    fc.assert(
      fc.property(
        anyDescribed,
        fc.nat(1000),
        fc.constantFrom('', '<', '}', '"', '?', 'x', ',', '('),
        ({ type }, at, put) => {
          const text = printType(type);
          const cut = at % (text.length + 1);
          const changed = text.slice(0, cut) + put + text.slice(cut + 1);
          try {
            const other = parseTypeText(changed);
            expect(parseTypeText(printType(other))).toEqual(other);
          } catch (e) {
            if (!(e instanceof EngineError)) throw e;
            expect(e.code).toBe('BAD_ARGUMENT');
            expect(e.where).toMatch(/^line \d+, column \d+$/);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
