/** Brings bytes of a file to the disk while others come, so that there is little to wait for in the end. */
export class AheadSync {
  private syncing: Promise<void> | null = null;
  /** The disk may say of bytes that it failed but once. */
  private failure: unknown = null;

  constructor(private readonly sync: () => Promise<void>) {}

  get isRunning(): boolean {
    return this.syncing !== null;
  }

  /** Resolves whatever the disk says, which `end` throws. */
  begin(): Promise<void> {
    this.syncing ??= this.sync()
      .catch((e: unknown) => {
        this.failure ??= e;
      })
      .finally(() => {
        this.syncing = null;
      });
    return this.syncing;
  }

  /** Waits until nothing is under way. */
  async end(): Promise<void> {
    await this.syncing;
    if (this.failure !== null) throw this.failure;
  }
}
