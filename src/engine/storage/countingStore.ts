import { type ByteSource, type FileStore, readInto } from './byteSource';

/** A store that counts the bytes read through it: what a page says it read is what was read. */
export class CountingStore implements FileStore {
  bytesRead = 0;

  constructor(private readonly store: FileStore) {}

  status: FileStore['status'] = (path) => this.store.status(path);
  list: FileStore['list'] = (path) => this.store.list(path);
  join: FileStore['join'] = (...parts) => this.store.join(...parts);
  parent: FileStore['parent'] = (path) => this.store.parent(path);
  baseName: FileStore['baseName'] = (path) => this.store.baseName(path);
  isAbsolute: FileStore['isAbsolute'] = (path) => this.store.isAbsolute(path);

  async open(path: string): Promise<ByteSource> {
    const source = await this.store.open(path);
    return {
      name: source.name,
      size: source.size,
      ...(source.baseOffset === undefined ? {} : { baseOffset: source.baseOffset }),
      read: async (offset, length, signal) => {
        const bytes = await source.read(offset, length, signal);
        this.bytesRead += bytes.length;
        return bytes;
      },
      readInto: async (target, offset, signal) => {
        await readInto(source, target, offset, signal);
        this.bytesRead += target.length;
      },
      close: () => source.close(),
    };
  }
}
