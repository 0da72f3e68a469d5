/** Lets the first few of each kind through. */
export class FirstOfEach {
  private readonly counts = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Whether this one is still among them. */
  takes(kind: string): boolean {
    const count = this.counts.get(kind) ?? 0;
    if (count >= this.most) return false;
    this.counts.set(kind, count + 1);
    return true;
  }
}
