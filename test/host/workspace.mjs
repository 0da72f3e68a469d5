// The folder that VS Code opens in the tests: snapshots that are sound, and each way in which a `_metadata` can be bad.
import fs from 'node:fs';
import path from 'node:path';
import { root, sampleDir } from '../tools/paths.mjs';
import { temporaryFolder } from '../tools/processes.mjs';

const fixtures = path.join(root, 'test/fixtures');
/** The first four bytes of every `_metadata` (`Checkpoints.HEADER_MAGIC_NUMBER`). */
const MAGIC = 0x4960672d;

/** A file of the sound snapshots that keeps its state in files beside `_metadata`. */
const CANONICAL = '1.20-accounts-heap-canonical';

/** Makes the workspace. `path` is its folder, `remove` deletes it. */
export function makeWorkspace() {
  const folder = temporaryFolder('savepoint-explorer-workspace');
  const write = (name, bytes) => {
    const file = path.join(folder.path, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
  };
  const metadata = fs.readFileSync(path.join(fixtures, CANONICAL, '_metadata'));
  fs.cpSync(sampleDir, path.join(folder.path, 'sample'), { recursive: true });
  fs.cpSync(path.join(fixtures, CANONICAL), path.join(folder.path, 'canonical'), { recursive: true });
  const newer = Buffer.alloc(64);
  newer.writeInt32BE(MAGIC, 0);
  newer.writeInt32BE(99, 4);
  write('bad/empty/_metadata', '');
  write('bad/truncated/_metadata', metadata.subarray(0, Math.floor(metadata.length / 2)));
  write('bad/parquet/_metadata', Buffer.from('PAR1 summary of a table PAR1', 'latin1'));
  write('bad/text/_metadata', 'This is a note, not a snapshot.\n');
  write('bad/newer/_metadata', newer);
  write('bad/missing-files/_metadata', metadata);
  write('bad/locked/_metadata', metadata);
  fs.chmodSync(path.join(folder.path, 'bad/locked/_metadata'), 0o000);
  write('bad/no-metadata/notes.txt', 'A folder without a snapshot.\n');
  return folder;
}
