import { describe, expect, it } from 'vitest';
import { hexToBytes } from '../../../src/engine/bytes/hex';
import { generatedIds } from '../../../src/engine/metadata/generatedId';
import { operatorIdOfUid } from '../../../src/engine/metadata/operatorId';

/** Ids of a job of Flink's own tests, whose operators have no uid: a source, an operator with one chained to it, and that one. */
const SOURCE = 'bc764cd8ddf7a0cff126f51c16239658';
const MIDDLE = '20ba6b65f97481d5570070de90e4e791';
const LAST = 'c09dc291fad93d575e015871097bfc60';
/** A source with a chained operator. */
const CHAINED_SOURCE = 'cbc357ccb763df2852fee8c4fc7d55f2';

const positions = (...ids: string[]) => Object.fromEntries(generatedIds(ids));

describe('ids that Flink generates', () => {
  it('are known from their place in the graph', () => {
    expect(positions(SOURCE, MIDDLE, LAST)).toMatchObject({
      [SOURCE]: { index: 0, chained: 0 },
      [MIDDLE]: { index: 1, chained: 1 },
      [LAST]: { index: 2, chained: 0 },
    });
    expect(positions(CHAINED_SOURCE)).toMatchObject({ [CHAINED_SOURCE]: { index: 0, chained: 1 } });
  });

  it('are known where the operator in front is not in the snapshot', () => {
    expect(Object.keys(positions(MIDDLE))).toEqual([MIDDLE]);
    expect(Object.keys(positions(SOURCE, LAST))).toEqual([SOURCE, LAST]);
  });

  it('are known behind operators that have a uid, and behind two of them', () => {
    const [a, b] = [operatorIdOfUid('a'), operatorIdOfUid('b')];
    const step = (hash: Uint8Array, input: Uint8Array) => hash.map((byte, i) => (byte * 37) ^ input[i]);
    // A local hash is that of a source.
    const local = hexToBytes(SOURCE);
    const behind = Buffer.from(step(local, hexToBytes(a))).toString('hex');
    const joined = Buffer.from(step(step(local, hexToBytes(b)), hexToBytes(a))).toString('hex');
    expect(positions(a, b, behind, joined)).toMatchObject({ [behind]: { index: 0 }, [joined]: { index: 0 } });
  });

  it('are not those of uids, and not what is no id', () => {
    const ids = Array.from({ length: 30 }, (_, i) => operatorIdOfUid(`operator-${i}`));
    expect(positions(...ids, 'abc', `${SOURCE}/1`, '')).toEqual({});
  });
});
