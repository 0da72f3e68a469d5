/** Names that mean something in a snapshot's folder. */
const RESERVED: ReadonlySet<string> = new Set(['_metadata', '._metadata.partial', 'savepoint-explorer.json']);
/** Longest name that is kept, in characters: file systems take 255 bytes. */
const LONGEST = 80;

/** Gives every file of a new snapshot a name of its own. */
export class FileNames {
  private readonly taken = new Set<string>();

  /** `wanted` where it is a plain name that nobody has yet (names of files come from metadata, which may hold anything); else a new one. */
  name(wanted: string): string {
    const isPlain = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(wanted) && wanted.length <= LONGEST && !RESERVED.has(wanted);
    // Two names that differ in case only are one name on some disks.
    if (isPlain && !this.taken.has(wanted.toLowerCase())) return this.take(wanted);
    return this.fresh();
  }

  /** A random UUID, as Flink names its files. */
  fresh(): string {
    let name = crypto.randomUUID();
    while (this.taken.has(name)) name = crypto.randomUUID();
    return this.take(name);
  }

  private take(name: string): string {
    this.taken.add(name.toLowerCase());
    return name;
  }
}
