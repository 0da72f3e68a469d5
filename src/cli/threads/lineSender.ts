import type { FromThread } from './messages';

/** Packets on their way at once: enough that a thread seldom waits, few enough that they take little memory. */
const MOST_UNWRITTEN = 2;
/** Bytes of a packet, enough for the lines of a batch; a longer text goes alone. */
const PACKET = 640 * 1024;
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const BYTES_OF_UNIT = 3;

const encoder = new TextEncoder();

/**
 * Sends text to another thread in packets, and waits when too many of them are not written yet. Text becomes bytes as soon as
 * it is there: a long string that lives on is moved about by the garbage collector.
 */
export class LineSender {
  private packet = new Uint8Array(PACKET);
  private filled = 0;
  private unwritten = 0;
  private wake: () => void = () => {};

  constructor(private readonly send: (message: FromThread, transfer: ArrayBuffer[]) => void) {}

  /** A packet was written. */
  written(): void {
    this.unwritten--;
    this.wake();
  }

  async add(text: string): Promise<void> {
    const most = text.length * BYTES_OF_UNIT;
    if (this.filled + most > this.packet.length) await this.flush();
    if (most > this.packet.length) this.packet = new Uint8Array(most);
    this.filled += encoder.encodeInto(text, this.packet.subarray(this.filled)).written;
  }

  async flush(): Promise<void> {
    if (this.filled === 0) return;
    const { packet } = this;
    this.send({ type: 'lines', bytes: packet.subarray(0, this.filled) }, [packet.buffer]);
    this.packet = new Uint8Array(PACKET);
    this.filled = 0;
    this.unwritten++;
    while (this.unwritten >= MOST_UNWRITTEN) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}
