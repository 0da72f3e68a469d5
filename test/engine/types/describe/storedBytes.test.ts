import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../src/engine/bytes/cursor';
import { openSnapshot } from '../../../../src/engine/snapshot';
import { nodeFileStore } from '../../../../src/engine/storage/nodeFileStore';
import { type FlinkLine, flinkLineOf, kryoOfLine } from '../../../../src/engine/types/describe/flinkLine';
import { newSerializer } from '../../../../src/engine/types/describe/newSerializer';
import { codecOfSnapshot } from '../../../../src/engine/types/describe/snapshotCodec';
import { storedType, typeOf } from '../../../../src/engine/types/describe/storedType';
import { parseTypeText, printType } from '../../../../src/engine/types/describe/typeText';
import { spellType } from '../../../../src/engine/types/typeInfo';
import { corpusRoot, corpusSnapshots, describeCorpus, fixtureSnapshots, type StoredSnapshot } from '../../../corpus';
import { describedOf } from './describedOf';

interface Stored {
  readonly where: string;
  readonly line: FlinkLine;
  /** With the version of the envelope in front. */
  readonly envelope: Uint8Array;
}

/** Every different serializer in the headers of snapshots. */
async function serializersOf(snapshots: readonly StoredSnapshot[]): Promise<Stored[]> {
  const found = new Map<string, Stored>();
  for (const { path: at, name } of snapshots) {
    const snapshot = await openSnapshot(at, nodeFileStore);
    const line = flinkLineOf(snapshot.metadata.version);
    for (const subtask of snapshot.operators.flatMap((operator) => operator.subtasks.slice(0, 2))) {
      const { parts } = await subtask.open();
      for (const { states } of parts)
        for (const state of states)
          for (const { key, bytes } of state.meta?.serializers ?? []) {
            if (bytes === undefined || bytes.length < 10) continue;
            const id = `${line} ${Buffer.from(bytes).toString('latin1')}`;
            if (!found.has(id)) found.set(id, { where: `${name} ${state.name} ${key}`, line, envelope: bytes });
          }
    }
    await snapshot.close();
  }
  return [...found.values()];
}

/** What has no word, by what its snapshot holds or by what stands in the way, and why. */
const WITHOUT_WORDS: readonly (readonly [mark: RegExp, why: string])[] = [
  [/ExternalSerializer/, "SQL's serializers of classes outside, which print like rows"],
  [/A POJO with subclasses has no word/, 'a POJO with subclasses'],
  [/KryoSerializerSnapshot.*GenericData\$Array.*SerializableSerializer/s, 'Kryo beside flink-avro'],
  [/ROWTIME|PROCTIME/, 'time attributes, which Flink does not compare'],
  [/StructuredType|RawType/, "SQL's structured and raw types"],
  [/JavaSerializerSnapshot|\.cep\.|Traversable|TestSerializerSnapshot|SortedMapSerializer/, 'no words for these'],
];

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** The type's text makes the same bytes, or the reason why there is no text. */
function provedOrExcused({ where, line, envelope }: Stored): string | null {
  const bytes = envelope.subarray(4);
  let marks = textOf(bytes);
  try {
    const type = describedOf(new Cursor(bytes), kryoOfLine(line));
    const made = newSerializer(parseTypeText(printType(type)), line);
    if (Buffer.compare(made.snapshot, bytes) === 0) return null;
  } catch (e) {
    if (!(e instanceof Error)) throw e;
    marks += e.message;
  }
  const excuse = WITHOUT_WORDS.find(([mark]) => mark.test(marks));
  return excuse?.[1] ?? `UNEXPECTED ${where}: ${spellType(codecOfSnapshot(bytes, line).type)}`;
}

function check(all: readonly Stored[], least: number): void {
  const outcomes = all.map(provedOrExcused);
  expect(outcomes.filter((outcome) => outcome?.startsWith('UNEXPECTED'))).toEqual([]);
  expect(outcomes.filter((outcome) => outcome === null).length).toBeGreaterThanOrEqual(least);
}

function checkCarried(all: readonly Stored[]): void {
  for (const { envelope, line, where } of all) {
    const carried = typeOf(envelope, line);
    expect(Buffer.compare(carried.snapshot, envelope.subarray(4)), where).toBe(0);
    expect(printType(carried.type)).toBe(spellType(carried.codec.type));
  }
}

describe('serializers in the snapshots of this repository', async () => {
  const all = await serializersOf(fixtureSnapshots());

  it('are written again, byte for byte, from the text of their types', () => check(all, 110));

  it('are carried over byte for byte', () => checkCarried(all));

  it('are carried over inside others', () => {
    const history = all.find(({ where }) => where.includes(' history VALUE_SERIALIZER'));
    if (history === undefined) throw new Error('There is no such state.');
    const element = storedType(history.envelope, history.line);
    const timed = newSerializer({ name: 'ttl', arguments: [element] }, history.line);
    expect(spellType(timed.codec.type)).toBe(`ttl<${printType(element)}>`);
    const nullable = newSerializer({ ...element, nullable: true }, history.line);
    expect(spellType(nullable.codec.type)).toBe(`${printType(element)}?`);
  });
});

describeCorpus('serializers of many Flink releases', () => {
  it('in savepoints are written again from the text of their types, and carried over', {
    timeout: 300_000,
  }, async () => {
    const current = (await serializersOf(corpusSnapshots())).filter(({ envelope }) => envelope[3] === 2);
    check(current, 150);
    checkCarried(current);
  });

  it('of the serializer samples are written again from the text of their types', () => {
    const samples = samplesBelow(path.join(corpusRoot ?? '', 'serializers'));
    let same = 0;
    const kinds = new Set<string>();
    for (const { kind, envelope, line } of samples) {
      if (!isDescribed(kind) || (line === '1.11' && CHANGED_IN_1_11.test(kind))) continue;
      const bytes = envelope.subarray(4);
      const type = describedOf(new Cursor(bytes), kryoOfLine(line));
      const made = newSerializer(parseTypeText(printType(type)), line);
      expect(textOf(made.snapshot), `${kind} ${line}`).toBe(textOf(bytes));
      kinds.add(kind);
      same++;
    }
    expect(same).toBeGreaterThan(360);
    expect(kinds.size).toBeGreaterThan(60);
  });
});

/** Their forms changed inside the line; what is written is the one that its first release reads. */
const CHANGED_IN_1_11 = /^(generic-avro|specific-avro|linked-list)-serializer$/;

/** The others are of classes without a word, of POJOs with subclasses, or print like another type that has the word. */
function isDescribed(kind: string): boolean {
  return !/^(copyable-value|value|writeable|dewey|event-id|lockable|nfa|node-id|shared-buffer|traversable|two-phase|ttl-aware|kryo-(custom|type-serializer-changed)|arraylist|list-view|map-view|pojo-.*subclass|pojo-.*identical)/.test(
    kind,
  );
}

function samplesBelow(root: string): (Stored & { kind: string })[] {
  return readdirSync(root).flatMap((kind) =>
    readdirSync(path.join(root, kind)).flatMap((release) => {
      const line = LINES[release];
      if (line === undefined) return [];
      const envelope = new Uint8Array(readFileSync(path.join(root, kind, release, 'serializer-snapshot')));
      return [{ kind, where: `${kind}/${release}`, line, envelope }];
    }),
  );
}

const LINES: Readonly<Record<string, FlinkLine>> = {
  '1.8': '1.8',
  '1.9': '1.8',
  '1.10': '1.8',
  '1.11': '1.11',
  '1.12': '1.11',
  '1.13': '1.11',
  '1.14': '1.11',
  '1.16': '1.16',
  '1.17': '1.16',
  '1.18': '1.16',
  '1.19': '1.16',
  '1.20': '1.16',
  '2.0': '2.0',
  '2.1': '2.1',
  '2.2': '2.1',
  '2.3': '2.1',
};
