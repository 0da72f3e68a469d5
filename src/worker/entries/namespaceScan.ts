import type { PartState, RawEntry } from '../../engine/backends/part';
import { SlicedEntry } from '../../engine/backends/slicedEntry';
import { decodeEntry } from '../../engine/decodeEntry';
import { writeJson } from '../../engine/json/writeJson';
import type { BlockBatch } from '../../engine/rows/blockReader';
import type { SnapshotSubtask } from '../../engine/snapshot';
import type { EntryColumn } from '../../view/shownEntries';
import { MOST_NAMESPACES, type NamespaceList } from '../../view/shownRows';
import { BlockScan } from './blockScan';
import { type Column, Columns } from './columns';
import type { StateRows } from './foundRows';
import { compareSortKeys, sortKeyOf } from './sortKey';
import type { TimeZone } from './timeZone';

/** Namespaces that are told apart; entries of others are not counted. */
const MOST_COUNTED = 200_000;

interface Counted {
  /** Nothing but the namespace. */
  readonly raw: RawEntry;
  readonly subtask: SnapshotSubtask;
  rows: number;
}

/** Counts the entries of each namespace: of each window. */
export class NamespaceScan {
  private readonly counted = new Map<string, Counted>();
  private readonly columns: readonly Column[];
  private readonly scan: BlockScan;
  /** The namespace before: those of one key lie side by side. */
  private last: Counted | null = null;

  constructor({ reader, map, turns }: StateRows, state: PartState) {
    this.columns = new Columns(state).all.filter(({ shown }) => shown.part === 'namespace');
    const blocks = this.columns.length === 0 ? [] : reader.blocks.map((_, block) => block);
    this.scan = new BlockScan(reader, map, turns, { blocks, take: (batch) => this.take(batch) });
  }

  async run(zone: TimeZone, signal: AbortSignal, tell: (list: NamespaceList) => void): Promise<NamespaceList> {
    await this.scan.run(signal, () => tell(this.list(zone)));
    return this.list(zone);
  }

  close(): Promise<void> {
    return this.scan.close();
  }

  private take({ entries, subtask }: BlockBatch): void {
    for (const entry of entries) {
      const sliced = SlicedEntry.of(entry);
      if (this.last === null || !sliced.hasNamespaceOf(SlicedEntry.of(this.last.raw))) {
        this.last = this.countedOf(entry, subtask);
      }
      if (this.last !== null) this.last.rows++;
    }
  }

  private countedOf({ state, namespace }: RawEntry, subtask: SnapshotSubtask): Counted | null {
    if (namespace === null) return null;
    const name = Buffer.from(namespace).toString('latin1');
    const known = this.counted.get(name);
    if (known !== undefined || this.counted.size >= MOST_COUNTED) return known ?? null;
    const none = { key: null, userKey: null, value: null, timestamp: null, fault: null, keyGroup: -1, index: -1 };
    const counted = { raw: { state, namespace: namespace.slice(), ...none }, subtask, rows: 0 };
    this.counted.set(name, counted);
    return counted;
  }

  private list(zone: TimeZone): NamespaceList {
    const shown: EntryColumn[] = this.columns.map((column) => column.shown);
    const decoded = [...this.counted.values()].map((counted) => {
      const entry = decodeEntry(counted.raw);
      return { ...counted, entry, keys: this.columns.map(({ value }) => sortKeyOf(value(counted, entry))) };
    });
    decoded.sort((a, b) => {
      for (const [i, key] of a.keys.entries()) {
        const order = compareSortKeys(key, b.keys[i] ?? null);
        if (order !== 0) return order;
      }
      return 0;
    });
    const namespaces = decoded.slice(0, MOST_NAMESPACES).map(({ raw, subtask, entry, rows }) => ({
      namespace: entry.namespace === undefined ? '' : writeJson(entry.namespace),
      cells: this.columns.map((column) => column.cell({ raw, subtask }, entry, zone)),
      rows,
    }));
    const { done, ended } = this.scan;
    return { columns: shown, namespaces, total: this.counted.size, done, ended };
  }
}
