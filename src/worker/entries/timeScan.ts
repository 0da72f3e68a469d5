import { EntryDecoder } from '../../engine/decodeEntry';
import { TimeHistogram } from '../../engine/stats/timeHistogram';
import { TtlValue } from '../../engine/types/values';
import type { TimeBins } from '../../view/shownRows';
import { BlockScan } from './blockScan';
import type { StateRows } from './foundRows';
import { type KeyWanted, Matcher, type Wanted } from './matcher';

/** Counts entries over time: when timers are due, or when values with a time-to-live were last used. */
export class TimeScan {
  private readonly times = new TimeHistogram();
  private readonly decoder = new EntryDecoder();
  private readonly scan: BlockScan;

  constructor(
    { reader, map, turns }: StateRows,
    key: KeyWanted | null,
    isWanted: Wanted,
    of: 'timestamp' | 'lastAccess',
  ) {
    const matcher = new Matcher(key, isWanted);
    const blocks = key?.blocks ?? reader.blocks.map((_, block) => block);
    this.scan = new BlockScan(reader, map, turns, {
      blocks,
      ...(key !== null && { key: key.bytes }),
      take: (batch, start) =>
        matcher.each(batch, start, (entry) => {
          if (of === 'lastAccess') this.addUse(this.decoder.decode(entry).value);
          else if (entry.timestamp !== null) this.times.add(entry.timestamp);
        }),
    });
  }

  async run(signal: AbortSignal, tell: (bins: TimeBins) => void): Promise<TimeBins> {
    await this.scan.run(signal, () => tell(this.bins()));
    return this.bins();
  }

  close(): Promise<void> {
    return this.scan.close();
  }

  private addUse(value: unknown): void {
    if (value instanceof TtlValue) this.times.add(value.lastAccess);
    else if (Array.isArray(value)) for (const element of value) this.addUse(element);
  }

  private bins(): TimeBins {
    const times = this.times.times();
    const { done, ended } = this.scan;
    if (times === null) return { first: '', last: '', bins: [], done, ended };
    const { first, last, width, bins } = times;
    return {
      first: String(first),
      last: String(last),
      bins: bins.map(({ from, count }) => ({ from: String(from), to: String(from + width), count })),
      done,
      ended,
    };
  }
}
