/** What is kept between requests, so that the next one goes on with it: a few, by name; what was not used for longest makes room. */
export class KeptScans<T extends { close(): Promise<void> }> {
  /** Those used last come last. */
  private readonly kept = new Map<string, Promise<T>>();

  constructor(private readonly most: number) {}

  /** What has that name, or else what `begin` makes; a failure is not kept. */
  get(name: string, begin: () => Promise<T>): Promise<T> {
    let found = this.kept.get(name);
    if (found === undefined) {
      found = begin();
      const begun = found;
      begun.catch(() => {
        if (this.kept.get(name) === begun) this.kept.delete(name);
      });
    }
    this.kept.delete(name);
    this.kept.set(name, found);
    for (const [oldest, old] of this.kept) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
      void old.then((scan) => scan.close()).catch(() => undefined);
    }
    return found;
  }

  async close(): Promise<void> {
    const all = [...this.kept.values()];
    this.kept.clear();
    for (const scan of all) await (await scan.catch(() => null))?.close();
  }
}
