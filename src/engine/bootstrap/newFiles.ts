import { CANONICAL_ABSENT } from '../backends/canonicalMarks';
import { keyGroupRange, subtaskOf } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import type { OutputPlace } from '../write/keyedRewrite';
import { NewFile } from '../write/newFile';

/** The files of the subtasks of one operator, in the canonical layout, written one after the other. */
export class NewFiles {
  private readonly handles: KeyGroupsHandle[] = [];
  private current: { file: NewFile; start: number; offsets: number[] } | null = null;

  constructor(
    private readonly parallelism: number,
    private readonly maxParallelism: number,
    private readonly header: Uint8Array,
    private readonly place: OutputPlace,
    /** Told of bytes as they are written. */
    private readonly written: (bytes: number) => void = () => {},
  ) {}

  /** The bytes of a key group (`KeyGroupBlock`), which are taken over; key groups must ascend. */
  async write(keyGroup: number, block: Uint8Array): Promise<void> {
    const subtask = subtaskOf(keyGroup, this.maxParallelism, this.parallelism);
    let { current } = this;
    if (current === null || this.handles.length !== subtask) current = await this.open(subtask);
    current.offsets[keyGroup - current.start] = current.file.position;
    await current.file.write(block);
    this.written(block.length);
  }

  async close(): Promise<KeyGroupsHandle[]> {
    const written = this.handles.length + (this.current === null ? 0 : 1);
    if (written < this.parallelism) await this.open(this.parallelism - 1);
    await this.closeCurrent();
    return this.handles;
  }

  async abandon(): Promise<void> {
    await this.current?.file.abandon();
  }

  /** Goes on to a subtask; those between have no entries, but the same header. */
  private async open(subtask: number): Promise<NonNullable<NewFiles['current']>> {
    for (;;) {
      await this.closeCurrent();
      const file = new NewFile(this.place.output, this.place.names);
      const { start, end } = keyGroupRange(this.handles.length, this.maxParallelism, this.parallelism);
      const offsets = new Array<number>(Math.max(0, end - start + 1)).fill(CANONICAL_ABSENT);
      const current = { file, start, offsets };
      this.current = current;
      await file.write(this.header.slice());
      if (this.handles.length >= subtask) return current;
    }
  }

  private async closeCurrent(): Promise<void> {
    if (this.current === null) return;
    const { file, start, offsets } = this.current;
    const stream = await file.close();
    this.handles.push({ type: 'savepointKeyGroups', startKeyGroup: start, offsets, stream, stateHandleId: null });
    this.current = null;
  }
}
