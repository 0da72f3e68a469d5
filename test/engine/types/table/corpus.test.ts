import { expect, test } from 'vitest';
import type { RawEntry } from '../../../../src/engine/backends/part';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { Sink } from '../../../../src/engine/bytes/sink';
import { toJson, writeJson } from '../../../../src/engine/json/writeJson';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import type { Codec } from '../../../../src/engine/types/codec';
import { corpusSnapshots, describeCorpus } from '../../../corpus';

const snapshots = corpusSnapshots().filter((snapshot) => snapshot.name.startsWith('sql/'));

function read(codec: Codec, bytes: Uint8Array): unknown {
  const cursor = new Cursor(bytes);
  const value = codec.read(cursor);
  cursor.expectEnd('the value');
  return value;
}

function write(codec: Codec, value: unknown): Uint8Array {
  const sink = new Sink();
  codec.write(sink, value);
  return sink.toBytes();
}

/** Values are written as they were read; keys, which are looked up by their bytes, also when they were given as JSON. */
function checkEntry({ key, value, state }: RawEntry, seen: Set<string>): number {
  if (key !== null && state.key !== null) {
    const decoded = read(state.key, key);
    expect(write(state.key, decoded)).toEqual(key);
    expect(write(state.key, state.key.fromJson(toJson(decoded)))).toEqual(key);
  }
  if (value === null || state.value === null || state.layout !== 'whole') return 0;
  const decoded = read(state.value, value);
  expect(write(state.value, decoded)).toEqual(value);
  const json = writeJson(decoded);
  if (!seen.has(json)) expect(writeJson(state.value.fromJson(toJson(decoded)))).toBe(json);
  seen.add(json);
  return 1;
}

describeCorpus('savepoints of SQL jobs', () => {
  test('every key and value is written as it was read', async () => {
    let checked = 0;
    const seen = new Set<string>();
    for (const stored of snapshots) {
      const snapshot = await openSnapshot(stored.path, nodeFileStore);
      for (const subtask of snapshot.operators.flatMap((operator) => operator.subtasks)) {
        const { parts, failures } = await subtask.open();
        expect(failures, stored.name).toEqual([]);
        for (const part of parts)
          for await (const { entries } of part.entries({})) for (const e of entries) checked += checkEntry(e, seen);
      }
      await snapshot.close();
    }
    expect(checked).toBeGreaterThan(500);
  });
});
