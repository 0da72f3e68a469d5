import { writeKeyAndNamespace } from '../../backends/compositeKeyWriter';
import type { PartState } from '../../backends/part';
import { Sink } from '../../bytes/sink';
import { isVoid } from '../../decodeEntry';
import type { RowExpression } from '../cel/rowExpression';
import { type FieldRows, JSON_PARTS } from '../data/fieldRows';
import type { RowEntries } from '../rowEntries';
import type { DirectSource } from './directSource';
import { type DirectValue, directValue } from './directValue';
import { FieldText } from './fieldText';
import { WRITTEN } from './leafWriter';
import { plainInteger } from './numberText';

/** What belongs to any entry of a state: key, namespace, time-to-live. */
export interface DirectParts {
  readonly id: number;
  readonly state: PartState;
  readonly namespace: DirectNamespace;
  readonly stamp: DirectMillis | null;
}

/** Null where they are not so plain. */
export function directParts(
  id: number,
  state: PartState,
  { namespace, ttl }: { namespace: RowExpression | null; ttl: RowExpression | null },
): DirectParts | null {
  const space = DirectNamespace.of(state, namespace);
  const stamp = ttl === null ? null : DirectMillis.of(ttl.direct);
  return space === null || (ttl !== null && stamp === null) ? null : { id, state, namespace: space, stamp };
}

class DirectNamespace {
  private readonly sink = new Sink(32);
  /** The only one that there is. */
  private fixed: Uint8Array | null = null;

  private constructor(private readonly value: DirectValue | null) {}

  static of({ namespace }: PartState, expression: RowExpression | null): DirectNamespace | null {
    if (namespace === null) return null;
    if (isVoid(namespace)) {
      const space = new DirectNamespace(null);
      namespace.write(space.sink, null);
      space.fixed = space.sink.toBytes();
      return space;
    }
    const value = expression === null ? null : directValue(expression.direct, namespace);
    return value === null ? null : new DirectNamespace(value);
  }

  /** Its bytes, good until the next; null where it has to be made. */
  of(rows: FieldRows, firstField: number): Uint8Array | null {
    const { sink, value, fixed } = this;
    if (fixed !== null || value === null) return fixed;
    sink.clear();
    return value.write(rows, firstField, sink) === WRITTEN ? sink.written() : null;
  }
}

/** A point in time that a column has in milliseconds. */
export class DirectMillis {
  private readonly text = new FieldText();
  /** Of the last row. */
  isEmpty = false;

  private constructor(
    private readonly column: number,
    /** An empty text may stand for none. */
    readonly isText: boolean,
  ) {}

  static of(source: DirectSource | null): DirectMillis | null {
    if (source === null || (source.kind !== 'text' && source.kind !== 'int')) return null;
    return new DirectMillis(source.column, source.kind === 'text');
  }

  /** NaN where it has to be made, and where it is empty. */
  read(rows: FieldRows, firstField: number): number {
    const { text } = this;
    this.isEmpty = false;
    if (!text.open(rows, firstField + this.column)) return Number.NaN;
    if (text.json === JSON_PARTS) return Number.NaN;
    this.isEmpty = text.json === 0 && text.from === text.to;
    return plainInteger(text.bytes, text.from, text.to);
  }
}

/** Of a row that is at work: namespace and stamp, which all its entries have. */
export class DirectOwner {
  private namespace: Uint8Array = new Uint8Array(0);
  private stamp = 0;

  constructor(private readonly parts: DirectParts) {}

  read(rows: FieldRows, firstField: number): boolean {
    const { namespace, stamp } = this.parts;
    const bytes = namespace.of(rows, firstField);
    if (bytes === null) return false;
    this.namespace = bytes;
    if (stamp !== null) this.stamp = stamp.read(rows, firstField);
    return !Number.isNaN(this.stamp);
  }

  beginKey(key: Uint8Array, out: RowEntries): Sink {
    const { id, state } = this.parts;
    const sink = out.key(id);
    writeKeyAndNamespace(sink, state, key, this.namespace);
    return sink;
  }

  beginTimer(timestamp: number, key: Uint8Array, out: RowEntries): void {
    const sink = out.key(this.parts.id);
    // With the sign turned around, so that bytes sort as numbers do.
    sink.i32(Math.floor(timestamp / 2 ** 32) ^ 0x80000000);
    sink.i32(timestamp);
    sink.raw(key);
    sink.raw(this.namespace);
  }

  writeStamp(sink: Sink): void {
    if (this.parts.stamp !== null) sink.i64(this.stamp);
  }

  drop(out: RowEntries, from: number): void {
    out.dropState(this.parts.id, from);
  }
}
