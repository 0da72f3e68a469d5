import { LINE_BUFFER, type LineBuffers } from '../../engine/query/dump';
import type { Send } from '../../threads/runInThread';
import { Unanswered } from '../../threads/unanswered';
import type { ShareResult } from './messages';

/**
 * Sends lines to another thread in the buffers in which they were printed, which come back when they are written. Waits while
 * too many of them are on their way.
 */
export class LinePackets implements LineBuffers {
  private readonly free: Uint8Array<ArrayBuffer>[] = [];
  private readonly unwritten = new Unanswered();

  constructor(private readonly post: Send<ShareResult>) {}

  take(): Uint8Array<ArrayBuffer> {
    return this.free.pop() ?? new Uint8Array(LINE_BUFFER);
  }

  async send(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.post({ type: 'lines', bytes }, [bytes.buffer]);
    await this.unwritten.sent();
  }

  /** A packet was written; a larger buffer than usual is not kept. */
  written(buffer: ArrayBuffer): void {
    if (buffer.byteLength === LINE_BUFFER) this.free.push(new Uint8Array(buffer));
    this.unwritten.answered();
  }
}
