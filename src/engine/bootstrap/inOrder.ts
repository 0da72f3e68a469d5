/** Takes results of numbered tasks, which come in any order, and puts them one by one in the order of their numbers. */
export class InOrder<T extends { readonly task: number }> {
  private readonly waiting = new Map<number, { item: T; resolve: () => void; reject: (e: unknown) => void }>();
  private next = 0;
  private isPutting = false;

  constructor(private readonly put: (item: T) => Promise<void>) {}

  /** Resolves when the result, and so all before it, were put. */
  take(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.set(item.task, { item, resolve, reject });
      void this.putReady();
    });
  }

  private async putReady(): Promise<void> {
    if (this.isPutting) return;
    this.isPutting = true;
    for (let ready = this.waiting.get(this.next); ready !== undefined; ready = this.waiting.get(this.next)) {
      this.waiting.delete(this.next++);
      await this.put(ready.item).then(ready.resolve, ready.reject);
    }
    this.isPutting = false;
  }
}
