import { mkdir, readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { endOf, type ScratchChange, type ScratchTable } from './scratchTable';
import { removeSeal, seal, unseal } from './seal';

type Level = ClassicLevel<string, Uint8Array>;

/** What came of opening a database. */
export type OpenedLevel =
  | { readonly table: ScratchTable; readonly wasBroken: boolean }
  /** `locked`: another window has it open, which passes. `unavailable`: this machine has no database, which stays. */
  | { readonly table: null; readonly why: 'locked' | 'unavailable'; readonly reason: string };

/**
 * Opens the database in `folder`, or begins it; one that cannot be opened is begun anew, as it holds nothing that is not
 * elsewhere, and so is one of which it `isKnownBroken`.
 */
export async function openLevel(folder: string, isKnownBroken = false): Promise<OpenedLevel> {
  try {
    // Texts of keys are in it: nobody else's business.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Its native part is loaded here: there are machines that it is not built for.
    const { ClassicLevel } = await import('classic-level');
    const open = async (): Promise<Level> => {
      const level: Level = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'view' });
      await level.open();
      return level;
    };
    try {
      const isWhole = !isKnownBroken && (await unseal(folder));
      if (!isWhole) await ClassicLevel.destroy(folder);
      return { table: new LevelTable(folder, await open()), wasBroken: !isWhole };
    } catch (e) {
      if (isLocked(e)) return { table: null, why: 'locked', reason: 'another window uses it' };
      await ClassicLevel.destroy(folder);
      return { table: new LevelTable(folder, await open()), wasBroken: true };
    }
  } catch (e) {
    return { table: null, why: 'unavailable', reason: firstLine(e) };
  }
}

/** Removes the database; false if another window has it open. */
export async function removeLevel(folder: string): Promise<boolean> {
  try {
    const { ClassicLevel } = await import('classic-level');
    await ClassicLevel.destroy(folder);
    await removeSeal(folder);
    return true;
  } catch (e) {
    if (isLocked(e)) return false;
    throw e;
  }
}

/** Bytes that the files of a folder take. */
export async function bytesOfFolder(folder: string): Promise<number> {
  const names = await readdir(folder).catch((): string[] => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        (s) => (s.isFile() ? s.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

class LevelTable implements ScratchTable {
  constructor(
    private readonly folder: string,
    private readonly level: Level,
  ) {}

  get(key: string): Promise<Uint8Array | undefined> {
    return this.level.get(key);
  }

  async change(changes: readonly ScratchChange[]): Promise<void> {
    await this.level.batch(
      changes.map(([key, value]) => (value === null ? { type: 'del', key } : { type: 'put', key, value })),
    );
  }

  async *list(prefix: string): AsyncGenerator<readonly [string, Uint8Array]> {
    yield* this.level.iterator({ gte: prefix, lt: endOf(prefix) });
  }

  compact(prefix: string): Promise<void> {
    return this.level.compactRange(prefix, endOf(prefix));
  }

  async close(): Promise<void> {
    await this.level.close();
    // Without it nothing is lost but this safety.
    await seal(this.folder).catch(() => undefined);
  }
}

/** Whether an error says that the files of the database are damaged or cannot be read. */
export const isBroken = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (('code' in thrown && (thrown.code === 'LEVEL_CORRUPTION' || thrown.code === 'LEVEL_IO_ERROR')) ||
    (thrown.cause !== undefined && isBroken(thrown.cause)));

/** An error of opening has the one of the database as its cause. */
function isLocked(thrown: unknown): boolean {
  for (let e: unknown = thrown; e instanceof Error; e = e.cause) {
    if ('code' in e && e.code === 'LEVEL_LOCKED') return true;
    if (/lock .*(already held|temporarily unavailable)/i.test(e.message)) return true;
  }
  return false;
}

function firstLine(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
