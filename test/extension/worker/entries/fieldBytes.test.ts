import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeSnapshot } from '../../../../src/engine/inspect';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { ValueNode } from '../../../../src/view/shownEntries';
import type { RowQuery } from '../../../../src/view/shownRows';
import { StateSession } from '../../../../src/worker/entries/stateSession';
import { fixture } from '../../../engine/plan/harness';

const sample = path.resolve(import.meta.dirname, '../../../../media/sample');
const never = (): AbortSignal => new AbortController().signal;
const nothing = { key: null, namespace: null, mapKey: null, filter: null, sort: null, expand: [] };

async function details(where: string, target: RowQuery['target']) {
  const session = new StateSession(nodeFileStore, where, target);
  const window = await session.rows({ ...nothing, target, at: { row: 0 }, before: 0, count: 30, zone: 'UTC' }, never());
  const found = [];
  for (const { place } of window.rows) found.push(await session.detail({ key: null, place, zone: 'UTC' }, never()));
  await session.close();
  return found;
}

/** What the bytes of a number say, for types whose bytes are the number. */
const NUMBERS: Readonly<Record<string, (view: DataView) => string>> = {
  long: (view) => String(view.getBigInt64(0)),
  int: (view) => String(view.getInt32(0)),
  short: (view) => String(view.getInt16(0)),
  byte: (view) => String(view.getInt8(0)),
  double: (view) => String(view.getFloat64(0)),
};

function* nodesOf(node: ValueNode): Generator<ValueNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

describe('the bytes of a field', () => {
  it('are where its serializer put them', async () => {
    const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'balance', backend: 'canonical' as const };
    const [first] = await details(sample, target);
    const value = first?.parts.find(({ part }) => part === 'value');
    // A POJO: its flags, and in front of each field whether it is null.
    expect(value?.node.bytes).toEqual({ from: 0, to: 19 });
    expect(value?.node.children.map(({ label, bytes }) => [label, bytes])).toEqual([
      ['amount', { from: 2, to: 10 }],
      ['updatedAt', { from: 11, to: 19 }],
    ]);
    expect(value?.serializer).toContain('PojoSerializerSnapshot');
    expect(first?.parts.find(({ part }) => part === 'key')?.node.bytes).toEqual({ from: 0, to: 10 });
  });

  it.each(['types-heap-native', 'types-heap-canonical', 'accounts-rocksdb-canonical', 'sql-heap-canonical'])(
    'say what the field shows, wherever they are known: 2.3, %s',
    async (job) => {
      const where = fixture(`2.3-${job}`);
      const { operators } = await describeSnapshot(where, nodeFileStore);
      let compared = 0;
      let known = 0;
      for (const { id: operator, states } of operators) {
        for (const { name: state, backend } of states) {
          for (const { parts } of await details(where, { operator, state, backend })) {
            for (const { node, bytes } of parts) {
              for (const { bytes: range, type, text, look } of nodesOf(node)) {
                if (range === null) continue;
                known++;
                expect(range.from).toBeGreaterThanOrEqual(0);
                expect(range.to).toBeLessThanOrEqual(bytes.length);
                const number = look === 'number' && type !== null ? NUMBERS[type] : undefined;
                const width = { long: 8, double: 8, int: 4, short: 2, byte: 1 }[type ?? ''] ?? 0;
                if (number === undefined || range.to - range.from !== width || text === '-0.0') continue;
                const view = new DataView(bytes.head.buffer, bytes.head.byteOffset + range.from, width);
                if (bytes.head.length < range.to) continue;
                expect(number(view), `${state} ${type}`).toBe(text);
                compared++;
              }
            }
          }
        }
      }
      expect(known).toBeGreaterThan(10);
      expect(compared).toBeGreaterThan(3);
    },
  );
});
