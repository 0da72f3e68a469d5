import { keyGroupRange, subtaskOf } from '../keyGroups';
import type { KeyGroupsHandle } from '../metadata/model';
import { CanonicalWriter } from '../write/canonicalWriter';
import type { OutputPlace } from '../write/keyedRewrite';
import type { OutputEntry } from '../write/keyedWriter';
import { NewFile } from '../write/newFile';

/** The files of the subtasks of one operator, written one after the other; key groups must ascend. */
export class NewFiles {
  private readonly handles: KeyGroupsHandle[] = [];
  private current: { writer: CanonicalWriter; file: NewFile } | null = null;
  private isFull = false;

  constructor(
    private readonly parallelism: number,
    private readonly maxParallelism: number,
    private readonly header: Uint8Array,
    private readonly place: OutputPlace,
  ) {}

  /** True once `flush` should be called. */
  get needsFlush(): boolean {
    return this.isFull;
  }

  /** Opens the file of the subtask that owns a key group; those between have no entries, but the same header. */
  async goTo(keyGroup: number): Promise<void> {
    const subtask = subtaskOf(keyGroup, this.maxParallelism, this.parallelism);
    if (this.current === null || this.handles.length !== subtask) await this.open(subtask);
  }

  /** An entry of the key group that was gone to. */
  entry(entry: OutputEntry): void {
    if (this.current?.writer.entry(entry) === true) this.isFull = true;
  }

  async flush(): Promise<void> {
    this.isFull = false;
    await this.current?.writer.flush();
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

  private async open(subtask: number): Promise<void> {
    await this.closeCurrent();
    for (;;) {
      const file = new NewFile(this.place.output, this.place.names);
      const range = keyGroupRange(this.handles.length, this.maxParallelism, this.parallelism);
      this.current = { writer: await CanonicalWriter.begin(file, this.header, range, this.maxParallelism), file };
      if (this.handles.length >= subtask) return;
      await this.closeCurrent();
    }
  }

  private async closeCurrent(): Promise<void> {
    if (this.current === null) return;
    this.handles.push(await this.current.writer.close());
    this.current = null;
  }
}
