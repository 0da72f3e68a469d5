import type { EngineClient } from './engineClient';
import type { DescribedSnapshot } from './workerProtocol';

export interface LoadOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { millis: number }) => void) | undefined;
}

interface Entry {
  readonly promise: Promise<DescribedSnapshot>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: { millis: number }) => void>;
  waiting: number;
  result: DescribedSnapshot | null;
}

/** Descriptions are small, but a workspace can hold thousands of snapshots. */
const KEPT = 64;

/**
 * Describes each snapshot once for everybody who asks: two editors of one file, and the tree beside them. A reading stops
 * when the last of those who wait for it cancels. A failure is not kept.
 */
export class SnapshotCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly engine: Pick<EngineClient, 'call'>,
    /** What is to be added to what the engine says, each time that somebody asks. */
    private readonly complete: (described: DescribedSnapshot) => DescribedSnapshot = (described) => described,
  ) {}

  /** What is known already, without reading. */
  peek(path: string): DescribedSnapshot | null {
    const result = this.entries.get(path)?.result ?? null;
    return result === null ? null : this.complete(result);
  }

  async load(path: string, options: LoadOptions = {}): Promise<DescribedSnapshot> {
    const { signal, onProgress } = options;
    const entry = this.entries.get(path) ?? this.begin(path);
    entry.waiting++;
    if (onProgress !== undefined) entry.listeners.add(onProgress);
    let leave: (() => void) | undefined;
    try {
      if (signal === undefined) return this.complete(await entry.promise);
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(new DOMException('Cancelled.', 'AbortError'));
        if (signal.aborted) leave();
        else signal.addEventListener('abort', leave, { once: true });
      });
      return this.complete(await Promise.race([entry.promise, left]));
    } finally {
      if (leave !== undefined) signal?.removeEventListener('abort', leave);
      if (onProgress !== undefined) entry.listeners.delete(onProgress);
      entry.waiting--;
      if (entry.waiting === 0 && entry.result === null) this.drop(path, entry);
    }
  }

  /** The file changed: the next who asks gets it read again. Who waits now gets what is being read. */
  forget(path: string): void {
    this.entries.delete(path);
  }

  clear(): void {
    this.entries.clear();
  }

  private begin(path: string): Entry {
    const controller = new AbortController();
    const listeners = new Set<(progress: { millis: number }) => void>();
    const promise = this.engine.call(
      'describe',
      { path },
      {
        signal: controller.signal,
        onProgress: (progress) => {
          for (const listener of listeners) listener(progress);
        },
      },
    );
    const entry: Entry = { promise, controller, listeners, waiting: 0, result: null };
    this.entries.set(path, entry);
    promise.then(
      (result) => {
        entry.result = result;
        this.trim();
      },
      () => {
        if (this.entries.get(path) === entry) this.entries.delete(path);
      },
    );
    return entry;
  }

  private drop(path: string, entry: Entry): void {
    entry.controller.abort();
    if (this.entries.get(path) === entry) this.entries.delete(path);
  }

  /** Oldest first: a map keeps the order of insertion. */
  private trim(): void {
    for (const [path, entry] of this.entries) {
      if (this.entries.size <= KEPT) return;
      if (entry.result !== null) this.entries.delete(path);
    }
  }
}
