import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/engine/json/jsonValue';
import { printJson } from '../../../src/engine/json/printJson';
import { readMetadata, writeMetadata } from '../../../src/engine/metadata/metadataFile';
import type { SubtaskState } from '../../../src/engine/metadata/model';
import { readStreamElements } from '../../../src/engine/raw/channelState';
import type { RawFailure, RawKind, RawPiece } from '../../../src/engine/raw/rawPiece';
import { type RawQuery, rawPieces } from '../../../src/engine/raw/rawPieces';
import { openSnapshot } from '../../../src/engine/snapshot';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import {
  corpusRoot,
  corpusSnapshots,
  describeCorpus,
  fixtureSnapshots,
  metadataBytes,
  type StoredSnapshot,
} from '../../corpus';
import { field, fixtureLines } from '../../expectedLines';
import { MemoryStore } from '../../memoryStore';

interface Read {
  piece: RawPiece;
  bytes: Buffer;
  decoded: Json | undefined;
}

async function readAll(snapshot: string, query: RawQuery = {}): Promise<Read[]> {
  const opened = await openSnapshot(snapshot, nodeFileStore);
  const failures: RawFailure[] = [];
  const all: Read[] = [];
  for await (const piece of rawPieces(opened, query, (failure) => failures.push(failure))) {
    const parts: Uint8Array[] = [];
    for await (const part of piece.read()) parts.push(part);
    all.push({ piece, bytes: Buffer.concat(parts), decoded: await piece.decode?.() });
  }
  await opened.close();
  expect(failures).toEqual([]);
  return all;
}

const parsed = (json: Json | undefined): unknown => JSON.parse(printJson(json ?? null));
const fixture = (name: string): StoredSnapshot => {
  const found = fixtureSnapshots().find((s) => s.name.startsWith(name));
  if (found === undefined) throw new Error(`There is no fixture ${name}.`);
  return found;
};

describe.each(fixtureSnapshots().map((s) => [s.name, s] as const))('%s', (_, snapshot) => {
  test('every piece has the bytes that it says, and every payload is decoded', async () => {
    const all = await readAll(snapshot.path);
    for (const { piece, bytes } of all) expect(bytes).toHaveLength(piece.bytes);
    const splits = all.filter(({ piece }) => piece.what === 'payload').map(({ decoded }) => printJson(decoded ?? null));
    expect(splits.length).toBeGreaterThan(0);
    for (const split of splits) expect(split).toContain('"format":"NumberSequenceSource split"');
    const coordinators = all.filter(({ piece }) => piece.what === 'coordinator');
    expect(coordinators.length).toBeGreaterThan(0);
    for (const { decoded } of coordinators) expect(parsed(decoded)).toMatchObject({ coordinatorVersion: 1 });
  });
});

/** Of the fixtures' first event, and between two of them, in milliseconds. */
const START = BigInt(Date.parse('2026-01-05T08:00:00Z'));
const STEP = 60_000n;
const EVENTS = 400n;

describe.each(['1.20-in-flight', '2.3-in-flight'])('%s', (name) => {
  test('the channels hold every event that the operator has not taken, and no other', async () => {
    const snapshot = fixture(name);
    const all = await readAll(snapshot.path, { kinds: new Set(['channel']) });
    const of = (direction: string, place: string, position: number, subtask?: number) => {
      const found = all.filter(
        ({ piece }) =>
          piece.name === direction &&
          piece.place[place] === position &&
          (subtask === undefined || piece.subtask === subtask),
      );
      expect(found).toHaveLength(1);
      return found[0];
    };
    let inFlight = 0n;
    const watermarks: bigint[] = [];
    for (const subtask of [0, 1]) {
      // What the input channel kept goes on in what the result subpartition at its other end kept.
      const [input, result] = [of('input', 'channel', 0, subtask), of('result', 'subpartition', subtask)];
      expect(field(input.decoded ?? null, 'trailingBytes')).not.toBe(0n);
      expect(field(result.decoded ?? null, 'leadingBytes')).not.toBe(0n);
      const joined = readStreamElements(Buffer.concat([input.bytes, result.bytes]), true);
      expect([field(joined, 'leadingBytes'), field(joined, 'trailingBytes')]).toEqual([0n, 0n]);
      for (const element of field(joined, 'elements') as Json[]) {
        const sequence = ((field(element, 'timestamp') as bigint) - START) / STEP;
        if (field(element, 'tag') === 'record') inFlight += sequence;
        else watermarks.push(sequence);
      }
    }
    const taken = fixtureLines(snapshot)
      .filter((line) => field(line, 'state') === 'sum')
      .map((line) => field(line, 'value') as bigint)
      .reduce((sum, value) => sum + value, 0n);
    expect(inFlight + taken).toBe((EVENTS * (EVENTS - 1n)) / 2n);
    expect(watermarks.filter((sequence) => sequence === EVENTS - 1n)).toHaveLength(2);
  });
});

test('one operator alone has no master state, and one kind alone no other', async () => {
  const snapshot = fixture('2.3-in-flight');
  const operator = await readAll(snapshot.path, { operator: ({ uid }) => uid === 'counts' });
  expect(operator.map(({ piece }) => [piece.what, piece.subtask, piece.name])).toEqual([
    ['channel', 0, 'input'],
    ['channel', 1, 'input'],
  ]);
  const kinds = await readAll(snapshot.path, { kinds: new Set(['coordinator']) });
  expect(kinds.map(({ piece }) => piece.what)).toEqual(['coordinator']);
});

describe('raw state of an operator of its own', () => {
  /** The fixture with other raw state in its metadata, in memory. */
  function changed(change: (subtask: SubtaskState) => void): { store: MemoryStore; folder: string } {
    const { path: folder, metadataPath } = fixture('2.3-accounts-heap-canonical');
    const store = MemoryStore.ofFolder(folder);
    const metadata = readMetadata(metadataBytes(fixture('2.3-accounts-heap-canonical')), metadataPath);
    const [subtask] = metadata.operators.flatMap(({ subtasks }) => subtasks);
    change(subtask);
    store.files.set(metadataPath, writeMetadata(metadata));
    return { store, folder };
  }
  const inlined = (data: Uint8Array) => ({ type: 'bytes', name: 'inlined', data, offset: 0 }) as const;

  async function pieces({ store, folder }: { store: MemoryStore; folder: string }, kind: RawKind) {
    const opened = await openSnapshot(folder, store);
    const failures: RawFailure[] = [];
    const found: [Readonly<Record<string, number>>, number[]][] = [];
    for await (const piece of rawPieces(opened, { kinds: new Set([kind]) }, (failure) => failures.push(failure))) {
      const bytes: number[] = [];
      for await (const part of piece.read()) bytes.push(...part);
      found.push([piece.place, bytes]);
    }
    return { found, codes: failures.map(({ error }) => error.code) };
  }

  test('operator state is one piece for each partition', async () => {
    const rawOperator = (offsets: number[]) =>
      changed((subtask) => {
        const states = [{ name: '_default_', mode: 'splitDistribute', offsets } as const];
        const stream = inlined(Uint8Array.of(1, 2, 3, 4, 5));
        subtask.rawOperatorState = [{ type: 'partitionable', states, segment: null, stream }];
      });
    expect(await pieces(rawOperator([0, 2]), 'raw-operator')).toEqual({
      found: [
        [{ partition: 0 }, [1, 2]],
        [{ partition: 1 }, [3, 4, 5]],
      ],
      codes: [],
    });
    expect(await pieces(rawOperator([0, 9]), 'raw-operator')).toEqual({ found: [], codes: ['CORRUPT'] });
  });

  test('keyed state that is no timers is one piece for each key group that has some', async () => {
    const keyed = changed((subtask) => {
      const stream = inlined(Uint8Array.of(0xff, 2, 3, 4, 5));
      const handle = { type: 'keyGroups', startKeyGroup: 7, offsets: [0, -1, 3], stream, stateHandleId: null } as const;
      subtask.rawKeyedState = { ...handle, offsets: [...handle.offsets] };
    });
    expect(await pieces(keyed, 'raw-keyed')).toEqual({
      found: [
        [{ keyGroup: 7 }, [0xff, 2, 3]],
        [{ keyGroup: 9 }, [4, 5]],
      ],
      codes: [],
    });
  });

  test('timers are entries, and not listed', async () => {
    const all = await readAll(fixture('2.3-async-forst').path, { kinds: new Set(['raw-keyed']) });
    expect(all).toEqual([]);
  });
});

describeCorpus('raw state of the corpus', () => {
  const at = (...parts: string[]) => path.join(corpusRoot ?? '', 'savepoints', ...parts);

  test('master hooks and coordinators', async () => {
    const all = await readAll(at('jobs/table-state'), { kinds: new Set(['master', 'coordinator']) });
    expect(all.map(({ piece, bytes }) => [piece.what, piece.place, bytes.toString('hex')])).toEqual([
      ['master', { version: 1 }, '000000000000002a'],
      ['coordinator', {}, '00000001000000010000000400000000'],
    ]);
  });

  test('committables of Flink 1.14', async () => {
    const [{ path: folder }] = corpusSnapshots().filter((s) => s.name.includes('unified-sink-migration-test'));
    const all = await readAll(folder, { kinds: new Set(['payload']) });
    const states = all
      .filter(({ piece }) => piece.name === 'streaming_committer_raw_states')
      .map(({ decoded }) => parsed(decoded));
    const collector = (bytes: string) => ({
      version: 1,
      is: [{ format: 'committable collector', value: { committables: [{ version: 0, bytes }] } }],
    });
    expect(states).toEqual([collector('AAEz'), collector('AAAAAg==')]);
  });

  test('legacy state of Flink 1.2', async () => {
    const all = await readAll(at('older/stateful-udf-migration-itcase-flink1.2-savepoint'), {
      kinds: new Set(['legacy']),
    });
    expect(all).toHaveLength(13);
    const [first] = all;
    expect(parsed(first.decoded)).toEqual({ functionState: ['hello', 42] });
  });

  test('channel state of Flink 1.17', async () => {
    const all = await readAll(at('jobs/new-stateful-udf-migration-itcase-flink1.17-rocksdb-checkpoint'), {
      kinds: new Set(['channel']),
    });
    expect(all).toHaveLength(40);
  });

  test.each(corpusSnapshots().map((s) => [s.name, s] as const))('%s', async (_, snapshot) => {
    for (const { piece, bytes } of await readAll(snapshot.path)) expect(bytes).toHaveLength(piece.bytes);
  });
});
