import type { StateMeta } from '../backends/stateMeta';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { bytesToHex } from '../bytes/hex';
import { Sink } from '../bytes/sink';
import type { Json } from '../json/jsonValue';
import type { Codec } from '../types/codec';
import { pairsFrom } from '../types/families/collections';
import { badValue, notA } from '../types/jsonInput';
import { deal } from '../write/deal';
import type { OperatorStateContent } from '../write/operatorStateFile';
import { once } from '../write/operatorStateSource';
import { BadRows } from './badRows';
import type { JobResult, RowSample } from './bootstrapJob';
import type { RowExpression } from './cel/rowExpression';
import { CellReader } from './cellWriter';
import { type DataRow, type DataSource, rowPlace } from './data/dataSource';
import { columnsOf } from './data/inferColumns';
import type { BadRowRule, OperatorKind } from './step';
import { partsJson, textJson } from './textJson';

/** Elements of operator state are held in memory, as every job holds them. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Rows whose columns are looked at. */
const SAMPLE = 1000;
/** Version of a header of operator state that every Flink since 1.7 reads. */
export const OPERATOR_HEADER = 5;

/** An operator state that rows fill. */
export interface OperatorRowsState {
  readonly name: string;
  readonly kind: OperatorKind;
  readonly meta: StateMeta;
  /** Of a broadcast state. */
  readonly key: Codec | null;
  readonly value: Codec;
  readonly expression: RowExpression;
  readonly mapKey: RowExpression | null;
}

/**
 * Operator state made of rows: each row adds elements to list and union state, and puts entries into broadcast state. List and
 * union state are dealt to the subtasks, because Flink gives every subtask all elements of a union state when it restores;
 * broadcast state is the same in every one.
 */
export class OperatorRows {
  sampled: RowSample | null = null;
  result: JobResult | null = null;
  /** Elements, or entries as key and value behind one another. */
  private items: ReadonlyMap<string, readonly Uint8Array[]> = new Map();

  constructor(
    readonly data: DataSource,
    private readonly where: RowExpression | null,
    readonly states: readonly OperatorRowsState[],
    private readonly onBadRow: BadRowRule,
  ) {}

  get filled(): readonly string[] {
    return this.states.map(({ name }) => name);
  }

  /** The items of a state, once they are read. */
  itemsOf(name: string): readonly Uint8Array[] {
    return this.items.get(name) ?? [];
  }

  async read(signal?: AbortSignal): Promise<void> {
    const bad = new BadRows(this.onBadRow);
    const readers = this.states.map((state) => new StateReader(state, this.data));
    const seen: DataRow[] = [];
    let [rows, leftOut] = [0, 0];
    for await (const batch of this.data.rows({ signal })) {
      throwIfAborted(signal);
      for (const row of batch) {
        try {
          if (row.fault != null) throw row.fault;
          if (seen.length < SAMPLE) seen.push(row);
          if (this.where !== null && this.where(row) !== true) {
            leftOut++;
            continue;
          }
          // All of a row, or nothing.
          const made = readers.map((reader) => reader.read(row));
          for (const [i, items] of made.entries()) readers[i].take(items);
          rows++;
        } catch (e) {
          if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
          bad.take(e);
        }
      }
      const bytes = readers.reduce((sum, reader) => sum + reader.bytes, 0);
      if (bytes > MOST_BYTES) throw tooLarge(this.data, bytes);
    }
    this.items = new Map(readers.map((reader) => [reader.state.name, reader.items()]));
    const entries = new Map(readers.map((reader) => [reader.state.name, reader.count]));
    this.result = { rows, leftOut, bad, entries };
    this.sampled = { rows: seen.length, columns: columnsOf(this.data, seen), samples: [], bad };
  }

  /** What a subtask gets. */
  contentsOf(subtask: number, parallelism: number): OperatorStateContent[] {
    let start = 0;
    return this.states.map(({ name, kind, meta }) => {
      const items = this.itemsOf(name);
      if (kind === 'broadcast') return { meta, items: once(items), entries: items.length };
      const { shares, next } = deal([items.length], parallelism, start);
      start = next;
      return { meta, items: once(shares[subtask].flatMap(({ from, to }) => items.slice(from, to))) };
    });
  }
}

/** Makes items of rows for one state. */
class StateReader {
  count = 0;
  bytes = 0;
  private readonly list: Uint8Array[] = [];
  /** Of a broadcast state by its key: the last row wins. */
  private readonly entries = new Map<string, Uint8Array>();
  private readonly value: CellReader;
  private readonly key: CellReader | null;

  constructor(
    readonly state: OperatorRowsState,
    private readonly data: DataSource,
  ) {
    this.value = new CellReader(state.value, data.isText);
    this.key = state.key === null ? null : new CellReader(state.key, data.isText);
  }

  items(): readonly Uint8Array[] {
    return this.key === null ? this.list : [...this.entries.values()];
  }

  /** Keys in hex, of broadcast state, with each item. */
  read(row: DataRow): { key: string; item: Uint8Array }[] {
    const { expression, mapKey, name } = this.state;
    try {
      const cell = expression(row);
      if (this.key !== null) return this.pairs(mapKey === null ? null : mapKey(row), cell, this.key);
      return this.elements(cell).map((json) => ({ key: '', item: bytesOf(this.value, json) }));
    } catch (e) {
      if (!(e instanceof EngineError) || e.code !== 'BAD_VALUE') throw e;
      throw e.at({
        file: this.data.file,
        where: `${rowPlace(this.data, row.place, expression.column ?? undefined)} / ${name}`,
      });
    }
  }

  take(items: readonly { key: string; item: Uint8Array }[]): void {
    for (const { key, item } of items) {
      this.count++;
      this.bytes += item.length;
      if (this.key === null) this.list.push(item);
      else this.entries.set(key, item);
    }
  }

  /** What is no array is the only element. */
  private elements(cell: ReturnType<RowExpression>): (Json | Uint8Array)[] {
    if (this.data.isText && typeof cell === 'string') {
      if (cell === '') return [];
      const json = cell.startsWith('[') ? partsJson(cell) : textJson(cell, this.state.value.type);
      return Array.isArray(json) ? json : [json];
    }
    if (cell === null) return [];
    return Array.isArray(cell) ? cell : [cell];
  }

  private pairs(mapKey: ReturnType<RowExpression>, cell: ReturnType<RowExpression>, key: CellReader) {
    if (this.state.mapKey !== null) {
      const [k, v] = [key.json(mapKey), this.value.json(cell)];
      return k === null || v === null ? [] : [entryOf(key, k, this.value, v)];
    }
    const json = this.data.isText && typeof cell === 'string' ? (cell === '' ? null : partsJson(cell)) : cell;
    if (json === null) return [];
    if (json instanceof Uint8Array) throw notA('an object or {"$map": [[key, value], …]}', '…');
    return pairsFrom(json).map(([k, v]) => {
      if (v === null) throw badValue('A broadcast state has no null values.');
      return entryOf(key, typeof k === 'string' ? textJson(k, key.codec.type) : k, this.value, v);
    });
  }
}

function entryOf(
  key: CellReader,
  keyJson: Json | Uint8Array,
  value: CellReader,
  json: Json | Uint8Array,
): { key: string; item: Uint8Array } {
  const sink = new Sink();
  key.write(sink, keyJson);
  const id = bytesToHex(sink.written());
  value.write(sink, json);
  return { key: id, item: sink.toBytes() };
}

function bytesOf(reader: CellReader, json: Json | Uint8Array): Uint8Array {
  const sink = new Sink();
  reader.write(sink, json);
  return sink.toBytes();
}

const tooLarge = ({ file }: DataSource, bytes: number): EngineError =>
  new EngineError('LIMIT', `Operator state of more than ${MOST_BYTES} bytes is not made of rows: ${bytes} so far.`, {
    file,
  });
