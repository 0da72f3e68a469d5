import { LIST_DELIMITER } from '../backends/canonicalMarks';
import { CompositeKeyReader } from '../backends/compositeKey';
import { isNullValue, type PartState } from '../backends/part';
import { ABSENT, type SlicedEntry } from '../backends/slicedEntry';
import { sameStretch } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { KeyGroupsHandle } from '../metadata/model';
import type { NewFile } from './newFile';

/** Bytes that there is room for at first; a key group may be larger. */
const BLOCK = 128 * 1024;

/**
 * Writes the keyed state of one subtask in the layout of heap backends, which `HeapPart` reads: header, then every key group of
 * the range, those without entries too, and in each a table for every state of the header. Never compressed. A table begins
 * with the number of its entries, and a map is one of them, so that the entries of a key group are held in memory until it is
 * complete. Source: HeapSnapshotStrategy, CopyOnWriteStateMapSnapshot, KeyGroupPartitioner (since 1.13; the layout since 1.3).
 */
export class HeapWriter {
  private readonly sink = new Sink(BLOCK);
  private readonly offsets: number[] = [];
  private readonly tables: readonly HeapTable[];

  private constructor(
    private readonly file: NewFile,
    private readonly range: { start: number; end: number },
    states: readonly PartState[],
  ) {
    this.tables = states.map((state) => (state.kind === 'map' ? new MapTable(state) : new PlainTable(state)));
  }

  /**
   * `range`: key groups of the subtask, both inclusive. `states`: in the order of the header, with the codecs for entries in the
   * canonical layout.
   */
  static async begin(
    file: NewFile,
    header: Uint8Array,
    range: { start: number; end: number },
    states: readonly PartState[],
  ): Promise<HeapWriter> {
    await file.write(header);
    return new HeapWriter(file, range, states);
  }

  /** Takes one entry; key groups must ascend. Of `bytes` its key (behind its key group) is `[from, to)`, its value `[valueFrom, end)`. */
  entry(
    keyGroup: number,
    state: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    valueFrom: number,
    end: number,
  ): void {
    const done = this.range.start + this.offsets.length;
    if (keyGroup < done || keyGroup > this.range.end) {
      throw new RangeError(`Key group ${keyGroup} cannot be written behind ${done - 1}.`);
    }
    for (let before = done; before < keyGroup; before++) this.endKeyGroup();
    this.tables[state].add(bytes, from, to, valueFrom, end);
  }

  /** Writes the key groups that are complete. */
  async flush(): Promise<void> {
    const bytes = this.sink.toBytes();
    this.sink.clear();
    await this.file.write(bytes);
  }

  async close(): Promise<KeyGroupsHandle> {
    const { start, end } = this.range;
    while (start + this.offsets.length <= end) this.endKeyGroup();
    await this.flush();
    const stream = await this.file.close();
    return { type: 'keyGroups', startKeyGroup: start, offsets: this.offsets, stream, stateHandleId: null };
  }

  private endKeyGroup(): void {
    const { sink, offsets } = this;
    const keyGroup = this.range.start + offsets.length;
    offsets.push(this.file.position + sink.position);
    sink.i32(keyGroup);
    this.tables.forEach((table, state) => {
      sink.i16(state);
      table.writeTo(sink);
    });
  }
}

/** The entries of one state in the key group at hand. */
interface HeapTable {
  /** Key (behind its key group) `[from, to)` and value `[valueFrom, end)` in the canonical layout. */
  add(bytes: Uint8Array, from: number, to: number, valueFrom: number, end: number): void;
  /** Writes the table, which is empty then. */
  writeTo(sink: Sink): void;
}

/** `int n, n x (namespace, key, value)`; timers are but their keys. */
class PlainTable implements HeapTable {
  private readonly keys = new CompositeKeyReader(0);
  private readonly entries = new Sink();
  private readonly cursor = new Cursor(new Uint8Array(0));
  private count = 0;

  constructor(private readonly state: PartState) {}

  add(bytes: Uint8Array, from: number, to: number, valueFrom: number, end: number): void {
    const { entries, state } = this;
    this.count++;
    if (state.kind === 'timer') {
      entries.stretch(bytes, from, to);
      return;
    }
    writeNamespaceAndKey(entries, partsOf(this.keys, state, bytes, from, to));
    if (state.kind === 'list') this.list(bytes, valueFrom, end);
    else entries.stretch(bytes, valueFrom, end);
  }

  writeTo(sink: Sink): void {
    sink.i32(this.count);
    sink.raw(this.entries.written());
    this.entries.clear();
    this.count = 0;
  }

  /** Elements with a comma between them (`ListDelimitedSerializer`) as `int n, n x element` (`ListSerializer`). */
  private list(bytes: Uint8Array, from: number, end: number): void {
    const { entries, state, cursor } = this;
    const { value: element } = state;
    if (element === null) throw unsplit(state, 'its elements are not known');
    const countAt = entries.position;
    entries.i32(0);
    let count = 0;
    cursor.turnTo(bytes, from, end);
    while (!cursor.atEnd) {
      const begin = cursor.position;
      element.skip(cursor);
      entries.stretch(bytes, begin, cursor.position);
      count++;
      if (cursor.atEnd) break;
      const delimiter = cursor.u8();
      if (delimiter !== LIST_DELIMITER) throw unsplit(state, `between its elements stands the byte ${delimiter}`);
    }
    entries.patchI32(countAt, count);
  }
}

/** Where a map's parts lie among those of all maps. */
interface MapPlace {
  headFrom: number;
  headTo: number;
  count: number;
  /** Beginning and end of each stretch of its entries. */
  stretches: number[];
  /** Another one of the same hash. */
  next: MapPlace | null;
}

/**
 * Entries of maps: those of one key and namespace are one value, `int n, n x (user key, boolean isNull, user value)`. They come one
 * behind the other but for few that were added.
 */
class MapTable implements HeapTable {
  private readonly keys = new CompositeKeyReader(0);
  private readonly heads = new Sink();
  private readonly entries = new Sink();
  /** In the order in which they came. */
  private maps: MapPlace[] = [];
  /** By the hash of namespace and key, the first of each hash. */
  private readonly byHash = new Map<number, MapPlace>();
  private last: MapPlace | null = null;

  constructor(private readonly state: PartState) {}

  add(bytes: Uint8Array, from: number, to: number, valueFrom: number, end: number): void {
    const { state, entries, heads } = this;
    const parts = partsOf(this.keys, state, bytes, from, to);
    if (parts.userKeyFrom === ABSENT) throw unsplit(state, 'it has no user key');
    const begin = entries.position;
    entries.stretch(bytes, parts.userKeyFrom, parts.userKeyTo);
    // A map in one piece has nothing behind a null.
    entries.stretch(bytes, valueFrom, isNullValue(bytes, valueFrom, end) ? valueFrom + 1 : end);
    const headFrom = heads.position;
    writeNamespaceAndKey(heads, parts);
    let { last } = this;
    if (last === null || !this.isHead(last, headFrom)) {
      last = this.placeOf(headFrom);
      last.stretches.push(begin, entries.position);
    } else {
      heads.cut(headFrom);
      last.stretches[last.stretches.length - 1] = entries.position;
    }
    last.count++;
    this.last = last;
  }

  writeTo(sink: Sink): void {
    const [heads, entries] = [this.heads.written(), this.entries.written()];
    sink.i32(this.maps.length);
    for (const { headFrom, headTo, count, stretches } of this.maps) {
      sink.stretch(heads, headFrom, headTo);
      sink.i32(count);
      for (let i = 0; i < stretches.length; i += 2) sink.stretch(entries, stretches[i], stretches[i + 1]);
    }
    this.maps = [];
    this.byHash.clear();
    this.heads.clear();
    this.entries.clear();
    this.last = null;
  }

  /** The map whose namespace and key were written last; they go again where it is there already. */
  private placeOf(headFrom: number): MapPlace {
    const { heads, maps, byHash } = this;
    const headTo = heads.position;
    const hash = hashOf(heads.buffer, headFrom, headTo);
    const first = byHash.get(hash) ?? null;
    for (let known = first; known !== null; known = known.next) {
      if (!this.isHead(known, headFrom)) continue;
      heads.cut(headFrom);
      return known;
    }
    const place = { headFrom, headTo, count: 0, stretches: [], next: first };
    byHash.set(hash, place);
    maps.push(place);
    return place;
  }

  /** Whether the namespace and key from here on are those of a map. */
  private isHead({ headFrom, headTo }: MapPlace, from: number): boolean {
    const { heads } = this;
    const bytes = heads.buffer;
    return sameStretch(bytes, from, heads.position, bytes, headFrom, headTo);
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
  return hash;
}

function partsOf(keys: CompositeKeyReader, state: PartState, bytes: Uint8Array, from: number, to: number): SlicedEntry {
  const parts = keys.read(state, -1, bytes, from, to, to, to);
  if (parts.fault !== null) throw unsplit(state, parts.fault);
  return parts;
}

function writeNamespaceAndKey(sink: Sink, parts: SlicedEntry): void {
  sink.stretch(parts.namespaceBytes, parts.namespaceFrom, parts.namespaceTo);
  sink.stretch(parts.bytes, parts.keyFrom, parts.keyTo);
}

const unsplit = ({ name }: PartState, why: string): EngineError =>
  new EngineError('REFUSED', `An entry cannot be brought into the layout of heap backends: ${why}.`, {
    where: name,
    hint: 'Write the canonical format, from which every backend restores.',
  });
