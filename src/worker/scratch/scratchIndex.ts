import { bytesOfFolder, isBroken, openLevel, removeLevel } from './levelTable';
import { loadScratchCodec, type ScratchCodec } from './scratchCodec';
import { MemoryTable, type ScratchChange, type ScratchTable } from './scratchTable';

/** Goes up when what is kept, or how, would be misread by an older program. */
const FORMAT = 1;

/** In memory there is less room than on a disk. */
const MOST_IN_MEMORY = 32 * 1024 * 1024;
/** The database is closed when it was not used for so long, so that another window gets at it. */
const IDLE_MS = 2000;
/** A database that another window has open is tried again after so long. */
const TRY_AGAIN_MS = 5000;

const VERSION = 'version';
const ledgerKey = (snapshot: string): string => `ledger/${snapshot}`;
const valueKey = (snapshot: string, name: string): string => `value/${snapshot}/${name}`;

/** What is known of all that is kept of one snapshot. */
interface Account {
  bytes: number;
  /** When it was used last, in milliseconds since 1970. */
  used: number;
}

interface Opened {
  readonly table: ScratchTable;
  readonly isOnDisk: boolean;
  readonly codec: ScratchCodec;
  readonly accounts: Map<string, Account>;
}

export interface ScratchOptions {
  /** The folder of the database; null keeps everything in memory. */
  readonly folder: string | null;
  /** Which program keeps things: another one begins anew. */
  readonly program: string;
  /** Told once each: why nothing is kept on the disk, that what was there is gone. */
  readonly note: (message: string) => void;
  readonly now?: () => number;
  readonly idleMs?: number;
  readonly tryAgainMs?: number;
}

/**
 * Keeps what was computed of snapshots, so that it need not be computed again: plain data by the identity of a snapshot and a
 * name. Bounded: what was not used for the longest goes first, a snapshot at a time. Everything here may be lost at any
 * moment, and nothing depends on it: where the database cannot be opened (another window has it, or there is none for this
 * machine) less is kept, in memory.
 */
export class ScratchIndex {
  private opened: Opened | null = null;
  private inMemory: Opened | null = null;
  private isUnavailable = false;
  /** Something in the database could not be read: it is begun anew. */
  private isBroken = false;
  private tryAgainAt = 0;
  private idle: NodeJS.Timeout | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly noted = new Set<string>();
  private readonly now: () => number;

  constructor(private readonly options: ScratchOptions) {
    this.now = options.now ?? Date.now;
  }

  /** What was kept under a name; null where nothing is. */
  read(snapshot: string, name: string): Promise<unknown> {
    return this.turn(async (opened) => {
      const bytes = await opened.table.get(valueKey(snapshot, name));
      if (bytes === undefined) return null;
      return await this.valueOf(opened, snapshot, bytes);
    });
  }

  /** All that was kept under names that begin with `prefix`, by the rest of the name. */
  readAll(snapshot: string, prefix: string): Promise<Map<string, unknown>> {
    return this.turn(async (opened) => {
      const found = new Map<string, unknown>();
      const key = valueKey(snapshot, prefix);
      for await (const [name, bytes] of opened.table.list(key)) {
        const value = await this.valueOf(opened, snapshot, bytes);
        if (value === null) return new Map();
        found.set(name.slice(key.length), value);
      }
      return found;
    });
  }

  /** Keeps a value; false if it has no room within `mostBytes`, the bound of everything that is kept. */
  write(snapshot: string, name: string, value: unknown, mostBytes: number): Promise<boolean> {
    return this.turn(async (opened) => {
      const { table, codec, accounts, isOnDisk } = opened;
      const most = isOnDisk ? mostBytes : Math.min(mostBytes, MOST_IN_MEMORY);
      const key = valueKey(snapshot, name);
      const bytes = codec.pack(value);
      const before = await table.get(key);
      const account = accounts.get(snapshot) ?? { bytes: 0, used: 0 };
      const grown = account.bytes + sizeOf(key, bytes) - (before === undefined ? 0 : sizeOf(key, before));
      if (grown > most) return false;
      await dropOthers(opened, snapshot, most - grown);
      const now = { bytes: grown, used: this.now() };
      await table.change([
        [key, bytes],
        [ledgerKey(snapshot), codec.pack(now)],
      ]);
      accounts.set(snapshot, now);
      return true;
    });
  }

  /** Removes everything; the bytes that it took. `isLocked`: another window uses it, so that it stays. */
  clear(): Promise<{ freed: number; isLocked: boolean }> {
    return this.alone(async () => {
      const kept = [...(this.inMemory?.accounts.values() ?? [])].reduce((sum, { bytes }) => sum + bytes, 0);
      this.inMemory = null;
      await this.closeTable();
      const { folder } = this.options;
      if (folder === null || this.isUnavailable) return { freed: kept, isLocked: false };
      const before = await bytesOfFolder(folder);
      if (before > 0 && !(await removeLevel(folder))) return { freed: kept, isLocked: true };
      return { freed: kept + before - (await bytesOfFolder(folder)), isLocked: false };
    });
  }

  close(): Promise<void> {
    return this.alone(() => this.closeTable());
  }

  /** One after the other: each leaves the table and its ledger in agreement. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private turn<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    return this.alone(async () => {
      clearTimeout(this.idle);
      try {
        return await work(await this.open());
      } catch (e) {
        this.isBroken ||= isBroken(e);
        await this.closeTable().catch(() => undefined);
        throw e;
      } finally {
        this.idle = setTimeout(() => void this.close().catch(() => undefined), this.options.idleMs ?? IDLE_MS);
        this.idle.unref();
      }
    });
  }

  private async open(): Promise<Opened> {
    if (this.opened !== null) return this.opened;
    const { folder } = this.options;
    if (folder !== null && !this.isUnavailable && this.now() >= this.tryAgainAt) {
      const level = await openLevel(folder, this.isBroken);
      if (level.table !== null) {
        this.isBroken = false;
        if (level.wasBroken) this.note('The cache could not be read and was begun anew.');
        this.inMemory = null;
        try {
          this.opened = await this.prepare(level.table, true);
        } catch (e) {
          await level.table.close();
          throw e;
        }
        return this.opened;
      }
      this.note(`Nothing is kept in the cache on the disk, only in memory: ${level.reason}.`);
      if (level.why === 'locked') this.tryAgainAt = this.now() + (this.options.tryAgainMs ?? TRY_AGAIN_MS);
      else this.isUnavailable = true;
    }
    this.inMemory ??= await this.prepare(new MemoryTable(), false);
    return this.inMemory;
  }

  /** What another version kept goes; the ledger of the rest is read. */
  private async prepare(table: ScratchTable, isOnDisk: boolean): Promise<Opened> {
    const codec = await loadScratchCodec();
    const version = `${FORMAT} ${this.options.program}`;
    const found = await table.get(VERSION);
    if (found === undefined || codec.unpack(found)?.value !== version) {
      await removeAll(table, '');
      await table.change([[VERSION, codec.pack(version)]]);
    }
    const accounts = new Map<string, Account>();
    const prefix = ledgerKey('');
    for await (const [key, bytes] of table.list(prefix)) {
      const account = codec.unpack(bytes)?.value;
      if (isAccount(account)) accounts.set(key.slice(prefix.length), account);
    }
    return { table, isOnDisk, codec, accounts };
  }

  /** A value that cannot be read takes all of its snapshot with it: what fits together was written together. */
  private async valueOf(opened: Opened, snapshot: string, bytes: Uint8Array): Promise<unknown> {
    const found = opened.codec.unpack(bytes);
    if (found === null) {
      await drop(opened, snapshot);
      return null;
    }
    const account = opened.accounts.get(snapshot);
    if (account !== undefined && this.now() - account.used > IDLE_MS) {
      account.used = this.now();
      await opened.table.change([[ledgerKey(snapshot), opened.codec.pack(account)]]);
    }
    return found.value;
  }

  private async closeTable(): Promise<void> {
    clearTimeout(this.idle);
    const { opened } = this;
    this.opened = null;
    await opened?.table.close();
  }

  private note(message: string): void {
    if (this.noted.has(message)) return;
    this.noted.add(message);
    this.options.note(message);
  }
}

const sizeOf = (key: string, value: Uint8Array): number => key.length + value.length;

/** Drops what was not used for the longest until the others leave so much room. */
async function dropOthers(opened: Opened, snapshot: string, room: number): Promise<void> {
  const others = [...opened.accounts].filter(([other]) => other !== snapshot).sort(([, a], [, b]) => a.used - b.used);
  let taken = others.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  for (const [other, { bytes }] of others) {
    if (taken <= room) return;
    await drop(opened, other);
    taken -= bytes;
  }
}

async function drop({ table, accounts }: Opened, snapshot: string): Promise<void> {
  accounts.delete(snapshot);
  const prefix = valueKey(snapshot, '');
  await removeAll(table, prefix, [[ledgerKey(snapshot), null]]);
  await table.compact(prefix);
}

/** A few keys at a time: there may be many. What else is to change changes with the last of them. */
async function removeAll(table: ScratchTable, prefix: string, more: readonly ScratchChange[] = []): Promise<void> {
  let changes: ScratchChange[] = [];
  for await (const [key] of table.list(prefix)) {
    changes.push([key, null]);
    if (changes.length < 1000) continue;
    await table.change(changes);
    changes = [];
  }
  await table.change([...changes, ...more]);
}

function isAccount(value: unknown): value is Account {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, used } = value as Partial<Account>;
  return typeof bytes === 'number' && typeof used === 'number';
}
