import { LIST_DELIMITER } from '../backends/canonicalMarks';
import { CompositeKeyReader } from '../backends/compositeKey';
import type { PartState } from '../backends/part';
import { ABSENT, type SlicedEntry } from '../backends/slicedEntry';
import { sameStretch } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { KeyGroupsHandle } from '../metadata/model';
import type { KeyedWriter, OutputEntry } from './keyedWriter';
import type { NewFile } from './newFile';

/** Bytes that are collected before they go to the file. */
const BLOCK = 128 * 1024;

/**
 * Writes the keyed state of one subtask in the layout of heap backends, which `HeapPart` reads: header, then every key group of
 * the range, those without entries too, and in each a table for every state of the header. Never compressed. A table begins
 * with the number of its entries, and a map is one of them, so that the entries of a key group are held in memory until it is
 * complete. Source: HeapSnapshotStrategy, CopyOnWriteStateMapSnapshot, KeyGroupPartitioner (since 1.13; the layout since 1.3).
 */
export class HeapWriter implements KeyedWriter {
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

  entry({ keyGroup, state, key, value }: OutputEntry): boolean {
    const { start, end } = this.range;
    const done = start + this.offsets.length;
    if (keyGroup < done || keyGroup > end) {
      throw new RangeError(`Key group ${keyGroup} cannot be written behind ${done - 1}.`);
    }
    for (let before = done; before < keyGroup; before++) this.endKeyGroup();
    this.tables[state].add(key, value);
    return this.sink.position >= BLOCK;
  }

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
  /** Key (behind its key group) and value in the canonical layout. */
  add(key: Uint8Array, value: Uint8Array): void;
  /** Writes the table, which is empty then. */
  writeTo(sink: Sink): void;
}

/** `int n, n x (namespace, key, value)`; timers are but their keys. */
class PlainTable implements HeapTable {
  private readonly keys = new CompositeKeyReader(0);
  private readonly entries = new Sink();
  private count = 0;

  constructor(private readonly state: PartState) {}

  add(key: Uint8Array, value: Uint8Array): void {
    const { entries, state } = this;
    this.count++;
    if (state.kind === 'timer') {
      entries.raw(key);
      return;
    }
    writeNamespaceAndKey(entries, partsOf(this.keys, state, key));
    if (state.kind === 'list') writeList(entries, state, value);
    else entries.raw(value);
  }

  writeTo(sink: Sink): void {
    sink.i32(this.count);
    sink.raw(this.entries.written());
    this.entries.clear();
    this.count = 0;
  }
}

/** Where a map's parts lie among those of all maps. */
interface MapPlace {
  headFrom: number;
  headTo: number;
  count: number;
  /** Beginning and end of each stretch of its entries. */
  stretches: number[];
}

/**
 * Entries of maps: those of one key and namespace are one value, `int n, n x (user key, boolean isNull, user value)`. They come one
 * behind the other but for few that were added.
 */
class MapTable implements HeapTable {
  private readonly keys = new CompositeKeyReader(0);
  private readonly heads = new Sink();
  private readonly entries = new Sink();
  /** By namespace and key, in the order in which they came. */
  private readonly maps = new Map<string, MapPlace>();
  private last: MapPlace | null = null;

  constructor(private readonly state: PartState) {}

  add(key: Uint8Array, value: Uint8Array): void {
    const { state, entries, heads } = this;
    const parts = partsOf(this.keys, state, key);
    if (parts.userKeyFrom === ABSENT) throw unsplit(state, 'it has no user key');
    const from = entries.position;
    entries.raw(key.subarray(parts.userKeyFrom, parts.userKeyTo));
    entries.raw(value);
    const headFrom = heads.position;
    writeNamespaceAndKey(heads, parts);
    let { last } = this;
    const written = heads.written();
    if (last === null || !sameStretch(written, headFrom, written.length, written, last.headFrom, last.headTo)) {
      last = this.placeOf(headFrom);
      last.stretches.push(from, entries.position);
    } else {
      heads.cut(headFrom);
      last.stretches[last.stretches.length - 1] = entries.position;
    }
    last.count++;
    this.last = last;
  }

  writeTo(sink: Sink): void {
    const [heads, entries] = [this.heads.written(), this.entries.written()];
    sink.i32(this.maps.size);
    for (const { headFrom, headTo, count, stretches } of this.maps.values()) {
      sink.raw(heads.subarray(headFrom, headTo));
      sink.i32(count);
      for (let i = 0; i < stretches.length; i += 2) sink.raw(entries.subarray(stretches[i], stretches[i + 1]));
    }
    this.maps.clear();
    this.heads.clear();
    this.entries.clear();
    this.last = null;
  }

  /** The map whose namespace and key were written last; they go again where it is there already. */
  private placeOf(headFrom: number): MapPlace {
    const { heads, maps } = this;
    const headTo = heads.position;
    const id = oneToOne.decode(heads.written().subarray(headFrom));
    const known = maps.get(id);
    if (known !== undefined) {
      heads.cut(headFrom);
      return known;
    }
    const place = { headFrom, headTo, count: 0, stretches: [] };
    maps.set(id, place);
    return place;
  }
}

/** Gives each byte a character of its own. */
const oneToOne = new TextDecoder('latin1');

function partsOf(keys: CompositeKeyReader, state: PartState, key: Uint8Array): SlicedEntry {
  const parts = keys.read(state, -1, key, 0, key.length, 0, 0);
  if (parts.fault !== null) throw unsplit(state, parts.fault);
  return parts;
}

function writeNamespaceAndKey(sink: Sink, { bytes, keyFrom, keyTo, namespaceFrom, namespaceTo }: SlicedEntry): void {
  sink.raw(bytes.subarray(namespaceFrom, namespaceTo));
  sink.raw(bytes.subarray(keyFrom, keyTo));
}

/** Elements with a comma between them (`ListDelimitedSerializer`) as `int n, n x element` (`ListSerializer`). */
function writeList(sink: Sink, state: PartState, value: Uint8Array): void {
  const { value: element } = state;
  if (element === null) throw unsplit(state, 'its elements are not known');
  const countAt = sink.position;
  sink.i32(0);
  const cursor = new Cursor(value);
  let count = 0;
  while (!cursor.atEnd) {
    const from = cursor.position;
    element.skip(cursor);
    sink.raw(value.subarray(from, cursor.position));
    count++;
    if (cursor.atEnd) break;
    const delimiter = cursor.u8();
    if (delimiter !== LIST_DELIMITER) throw unsplit(state, `between its elements stands the byte ${delimiter}`);
  }
  sink.patchI32(countAt, count);
}

const unsplit = ({ name }: PartState, why: string): EngineError =>
  new EngineError('REFUSED', `An entry cannot be brought into the layout of heap backends: ${why}.`, {
    where: name,
    hint: 'Write the canonical format, from which every backend restores.',
  });
