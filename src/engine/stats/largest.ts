/** Keeps the largest of many, largest first; of equal ones those that came first. */
export class Largest<T extends { readonly bytes: number }> {
  private readonly kept: T[] = [];

  constructor(private readonly most: number) {}

  /** Whether one of so many bytes would be kept. */
  takes(bytes: number): boolean {
    return this.kept.length < this.most || bytes > this.kept[this.kept.length - 1].bytes;
  }

  add(item: T): void {
    if (!this.takes(item.bytes)) return;
    let at = this.kept.length;
    while (at > 0 && this.kept[at - 1].bytes < item.bytes) at--;
    this.kept.splice(at, 0, item);
    if (this.kept.length > this.most) this.kept.pop();
  }

  all(): T[] {
    return [...this.kept];
  }
}
