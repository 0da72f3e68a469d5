import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';

/** Beside the database's own files, which leave it alone. */
const SEAL = 'sealed.json';

/**
 * Says of a database that was closed in order how its files were then. LevelDB ends the whole process where some of its bytes
 * are others than it wrote (an assertion of its native part), and VS Code's extension host with it: files that somebody changed
 * in between are never given to it. After a kill there is no seal, and LevelDB's own log makes good what is missing.
 */
export async function seal(folder: string): Promise<void> {
  await writeFile(path.join(folder, SEAL), await stateOf(folder), { mode: 0o600 });
}

/** Takes the seal off, for the database to be opened; whether its files are as they were, as far as a seal tells. */
export async function unseal(folder: string): Promise<boolean> {
  const sealed = await readFile(path.join(folder, SEAL), 'utf8').catch(() => null);
  if (sealed === null) return true;
  const isSame = sealed === (await stateOf(folder));
  await removeSeal(folder);
  return isSame;
}

export const removeSeal = (folder: string): Promise<void> => rm(path.join(folder, SEAL), { force: true });

/** Names, sizes and times of change. What the lock and the log for people say is nothing that is kept. */
async function stateOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name !== SEAL && !/^(LOCK|LOG|LOG\.old)$/.test(name));
  const files = names.sort().map(async (name) => {
    const { size, mtimeNs } = await stat(path.join(folder, name), { bigint: true });
    return [name, String(size), String(mtimeNs)];
  });
  return JSON.stringify(await Promise.all(files));
}
