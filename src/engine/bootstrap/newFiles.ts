import { CANONICAL_ABSENT } from '../backends/canonicalMarks';
import { keyGroupRange, subtaskOf } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import type { OutputPlace } from '../write/keyedRewrite';
import { NewFile } from '../write/newFile';

/** Shorter blocks are copied and collected: many of them may not even make a file. */
const SHORT = 16 * 1024;

interface OpenFile {
  readonly file: NewFile;
  readonly subtask: number;
  readonly start: number;
  readonly offsets: number[];
}

/** The files of the subtasks of one operator, in the canonical layout, written one after the other. */
export class NewFiles {
  private readonly handles: KeyGroupsHandle[] = [];
  private current: OpenFile | null = null;
  /** The disk takes its time with the end of a file, while the next one is written. */
  private closing: Promise<void> = Promise.resolve();

  constructor(
    private readonly parallelism: number,
    private readonly maxParallelism: number,
    private readonly header: Uint8Array,
    private readonly place: OutputPlace,
    /** Told of bytes as they are written. */
    private readonly written: (bytes: number) => void = () => {},
  ) {}

  /** The next bytes of a key group (`KeyGroupBlock`), which may change once this resolves; key groups must ascend. */
  async write(keyGroup: number, block: Uint8Array): Promise<void> {
    const subtask = subtaskOf(keyGroup, this.maxParallelism, this.parallelism);
    const current = this.current?.subtask === subtask ? this.current : await this.goTo(subtask);
    const index = keyGroup - current.start;
    if (current.offsets[index] === CANONICAL_ABSENT) current.offsets[index] = current.file.position;
    if (block.length > SHORT) await current.file.writeThrough(block);
    else await current.file.write(block.slice());
    this.written(block.length);
  }

  async close(): Promise<KeyGroupsHandle[]> {
    if (this.current?.subtask !== this.parallelism - 1) await this.goTo(this.parallelism - 1);
    await this.closeCurrent();
    await this.closing;
    return this.handles;
  }

  async abandon(): Promise<void> {
    await this.closing.catch(() => undefined);
    await this.current?.file.abandon();
  }

  /** Goes on to a subtask; those between have no entries, but the same header. */
  private async goTo(subtask: number): Promise<OpenFile> {
    for (;;) {
      const next = this.current === null ? 0 : this.current.subtask + 1;
      await this.closeCurrent();
      const file = new NewFile(this.place.output, this.place.names);
      const { start, end } = keyGroupRange(next, this.maxParallelism, this.parallelism);
      const offsets = new Array<number>(Math.max(0, end - start + 1)).fill(CANONICAL_ABSENT);
      const current = { file, subtask: next, start, offsets };
      this.current = current;
      await file.write(this.header.slice());
      if (next >= subtask) return current;
    }
  }

  private async closeCurrent(): Promise<void> {
    const { current } = this;
    if (current === null) return;
    // One at a time, so that few files are open.
    await this.closing;
    this.closing = this.closed(current);
    // Whoever waits for it next hears of a failure.
    this.closing.catch(() => {});
  }

  private async closed({ file, start, offsets }: OpenFile): Promise<void> {
    const stream = await file.close();
    this.handles.push({ type: 'savepointKeyGroups', startKeyGroup: start, offsets, stream, stateHandleId: null });
  }
}
