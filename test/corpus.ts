import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const checkout = fileURLToPath(new URL('..', import.meta.url));

/** State files written by many Flink releases, which may lie beside the checkout; null where they do not. */
export const corpusRoot: string | null = ((folder) => (existsSync(folder) ? folder : null))(
  path.join(checkout, '../shared/corpus'),
);

/** The snapshots of this repository, written by real Flink. */
export const fixturesRoot = path.join(checkout, 'test/fixtures');

export interface StoredSnapshot {
  /** Path below the root, for messages. */
  name: string;
  /** Folder, or the single file of Flink 1.2. */
  path: string;
  metadataPath: string;
}

/** Every snapshot of the corpus. In `older`, a file outside a snapshot's folder is a savepoint of Flink 1.2. */
export function corpusSnapshots(): StoredSnapshot[] {
  if (corpusRoot === null) return [];
  const savepoints = path.join(corpusRoot, 'savepoints');
  return ['jobs', 'sql', 'older'].flatMap((kind) =>
    snapshotsBelow(savepoints, path.join(savepoints, kind), kind === 'older'),
  );
}

/** Every snapshot of this repository. */
export const fixtureSnapshots = (): StoredSnapshot[] => snapshotsBelow(fixturesRoot, fixturesRoot, false);

function snapshotsBelow(root: string, folder: string, withSingleFiles: boolean): StoredSnapshot[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const at = (name: string) => path.join(folder, name);
  if (entries.some((e) => e.name === '_metadata')) {
    return [{ name: path.relative(root, folder), path: folder, metadataPath: at('_metadata') }];
  }
  return entries.flatMap((e) => {
    if (e.isDirectory()) return snapshotsBelow(root, at(e.name), withSingleFiles);
    if (!withSingleFiles) return [];
    return [{ name: path.relative(root, at(e.name)), path: at(e.name), metadataPath: at(e.name) }];
  });
}

export const metadataBytes = (snapshot: StoredSnapshot): Uint8Array =>
  new Uint8Array(readFileSync(snapshot.metadataPath));

/** A `describe` that needs the corpus; where it is absent it says so in one line, and its tests count as skipped. */
export function describeCorpus(title: string, tests: () => void): void {
  if (corpusRoot === null)
    process.stderr.write(`${title}: skipped, there is no ../shared/corpus beside the checkout.\n`);
  describe.skipIf(corpusRoot === null)(title, tests);
}
