/** Results of a thread that may wait for their answer: one is being taken while the next is made. */
const MOST = 2;

/** Results of a thread that were sent and are not answered yet: it waits while there are too many of them. */
export class Unanswered {
  private count = 0;
  private wake: () => void = () => {};

  /** To be called after each result; ends once another one may be made. */
  async sent(): Promise<void> {
    this.count++;
    while (this.count >= MOST) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /** To be called with each answer. */
  answered(): void {
    this.count--;
    this.wake();
  }
}
