import { appendFileSync, cpSync, readdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { verify as verifyCommand } from '../../../src/cli/verify';
import type { Json } from '../../../src/engine/json/jsonValue';
import { parseJson } from '../../../src/engine/json/parseJson';
import { isFileStream, statePieces } from '../../../src/engine/metadata/handles';
import { verify } from '../../../src/engine/query/verify';
import type { Snapshot } from '../../../src/engine/snapshot';
import { compareLines } from '../../compareLines';
import { fixtureSnapshots, fixturesRoot, type StoredSnapshot } from '../../corpus';
import { field } from '../../expectedLines';
import { MemoryStore } from '../../memoryStore';
import { useTemporaryFolder } from '../../temporaryFolder';
import { dumpAll } from './readAll';
import { withSnapshot } from './withSnapshot';

const storeOf = (snapshot: StoredSnapshot): MemoryStore =>
  MemoryStore.ofFolder(path.join(fixturesRoot, snapshot.name.split(path.sep)[0]));

/** What lies in a file: an operator's subtask and whether it is keyed state, and how a finding names the place. */
interface Part {
  part: string;
  where: string;
}

/** By the path of each file of a snapshot, the parts that need it. */
async function partsOfFiles(snapshot: Snapshot): Promise<Map<string, Part[]>> {
  const found = new Map<string, Part[]>();
  for (const { operator, subtask, role, at } of statePieces(snapshot.metadata)) {
    if (!isFileStream(at)) continue;
    const { path: file } = await snapshot.files.locate(at);
    if (file === null) throw new Error(`${at.path} is not there.`);
    const name = operator.name ?? operator.uid ?? operator.id;
    const part = `${operator.id} ${subtask?.index} ${/keyed/i.test(role) ? 'keyed' : 'operator'}`;
    const where = subtask === null ? name : `${name} / subtask ${subtask.index}`;
    found.set(file, [...(found.get(file) ?? []), { part, where }]);
  }
  return found;
}

/** By the path of each file, how many of its bytes the snapshot needs: all of them, but for files of several checkpoints. */
async function neededSizes({ files }: Snapshot): Promise<Map<string, number>> {
  const needed = new Map<string, number>();
  for (const { path: file, segments, recordedSize, actualSize } of await files.list()) {
    if (file !== null && actualSize !== null) needed.set(file, segments ? recordedSize : actualSize);
  }
  return needed;
}

/** The part of a snapshot that a line of its dump comes from. */
function partOf(line: Json): string {
  const kind = field(line, 'kg') === undefined ? 'operator' : 'keyed';
  return `${field(line, 'op')} ${field(line, 'subtask')} ${kind}`;
}

const damages: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array | null>> = {
  lost: () => null,
  'cut in half': (bytes) => bytes.slice(0, bytes.length >> 1),
};

/** Both releases write the same layouts: where a file is cut, one of them is enough. */
const cases = fixtureSnapshots().flatMap((snapshot) =>
  Object.entries(damages)
    .filter(([damage]) => damage === 'lost' || snapshot.name.startsWith('2.'))
    .map(([damage, harm]) => [snapshot.name, damage, snapshot, harm] as const),
);

describe.each(cases)('%s, each of its files %s in turn', (_, damage, snapshot, harm) => {
  test('costs what lies in it, and is told', async () => {
    const whole = storeOf(snapshot);
    const { expected, files, needed } = await withSnapshot(
      snapshot.path,
      async (opened) => ({
        expected: (await dumpAll(opened)).lines,
        files: await partsOfFiles(opened),
        needed: await neededSizes(opened),
      }),
      whole,
    );
    for (const [file, needing] of files) {
      const store = new MemoryStore();
      for (const [name, bytes] of whole.files) {
        const left = name === file ? harm(bytes) : bytes;
        if (left !== null) store.files.set(name, left);
      }
      const { lines, verified } = await withSnapshot(
        snapshot.path,
        async (opened) => ({ lines: (await dumpAll(opened)).lines, verified: await verify(opened) }),
        store,
      );
      const parts = new Set(needing.map(({ part }) => part));
      const compared = compareLines(expected, lines);
      const elsewhere = [...compared.missing, ...compared.unexpected].filter(
        (line) => !parts.has(partOf(parseJson(line))),
      );
      expect(elsewhere, `${file}: entries of other parts`).toEqual([]);

      if ((store.files.get(file)?.length ?? -1) >= (needed.get(file) ?? 0)) {
        // Files are merged, and what was cut off belongs to other checkpoints.
        expect(verified.whole, file).toBe(true);
        expect(compared.missing).toEqual([]);
        continue;
      }
      expect(verified.whole, file).toBe(false);
      const errors = verified.problems.filter(({ severity }) => severity === 'error');
      expect(errors.length).toBeGreaterThan(0);
      expect(
        errors.filter((error) => error.file !== null && path.basename(error.file) !== path.basename(file)),
      ).toEqual([]);
      const places = [...new Set(errors.flatMap(({ where }) => where ?? []))];
      const blamed = places.filter((place) => !needing.some(({ where }) => place.startsWith(where)));
      expect(blamed, `${file}: places that do not need it`).toEqual([]);
      if (damage !== 'lost') continue;
      const untold = needing.filter(({ where }) => !places.some((place) => place.startsWith(where)));
      expect(untold, `${file}: places that need it`).toEqual([]);
    }
  });
});

describe('on a disk', () => {
  const temporary = useTemporaryFolder();

  function copied(name: string): string {
    const folder = temporary.at(name);
    cpSync(path.join(fixturesRoot, name), folder, { recursive: true });
    return folder;
  }

  test.each(['2.3-accounts-heap-native', '2.3-accounts-rocksdb-canonical', '2.3-accounts-rocksdb-native'])(
    'verify of %s ends with exit code 0, and with 1 when a file is lost',
    async (name) => {
      const folder = copied(name);
      let text = '';
      const context = {
        out: async (more: string) => {
          text += more;
        },
        err: () => {},
        signal: new AbortController().signal,
      };
      expect(await verifyCommand([folder, '--json'], context)).toBe(0);
      const [lost] = readdirSync(folder).filter((file) => file !== '_metadata');
      rmSync(path.join(folder, lost));
      text = '';
      expect(await verifyCommand([folder, '--json'], context)).toBe(1);
      const { whole, problems } = JSON.parse(text) as {
        whole: boolean;
        problems: { file: string | null; code: string }[];
      };
      expect(whole).toBe(false);
      expect(problems.filter(({ code }) => code === 'FILE_NOT_FOUND').every(({ file }) => file === lost)).toBe(true);
    },
  );

  test('a file that changes its size after the snapshot was opened is told of as changed', async () => {
    const folder = copied('2.3-accounts-heap-native');
    await withSnapshot(folder, async (opened) => {
      for (const { path: file } of await opened.files.list()) if (file !== null) appendFileSync(file, 'more');
      const { lines, failures } = await dumpAll(opened);
      const told = failures.map(({ error }) => error.code);
      expect(lines).toEqual([]);
      expect(new Set(told)).toEqual(new Set(['FILE_CHANGED']));
    });
  });
});
