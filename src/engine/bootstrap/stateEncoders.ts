import { LIST_DELIMITER } from '../backends/canonicalMarks';
import { writeKeyAndNamespace, writeTimerKey } from '../backends/compositeKeyWriter';
import type { PartState } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import { isVoid } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import { pairsFrom } from '../types/families/collections';
import { badValue, notA } from '../types/jsonInput';
import type { RowExpression } from './cel/rowExpression';
import { CellReader, millisOf } from './cellWriter';
import type { DataRow } from './data/dataSource';
import type { RowEntries } from './rowEntries';
import { plainCodec, type StateExpressions, type TimerExpressions } from './stateExpressions';
import { partsJson, textJson } from './textJson';

/** What a row has for one state, or one timer service, as entries in the canonical layout. */
export interface StateEncoder {
  /** Key of the row's entries in its serializer's form; they go to `out` as they are made. */
  encode(row: DataRow, key: Uint8Array, out: RowEntries): void;
}

/** Which expression is at work, so that an error can name it. */
export interface Place {
  what: string;
  expression: RowExpression | null;
}

/** What the encoders of a step share. */
export interface EncoderContext {
  readonly isText: boolean;
  readonly place: Place;
}

export function stateEncoder(
  id: number,
  state: PartState,
  expressions: StateExpressions,
  context: EncoderContext,
): StateEncoder {
  if (state.kind === 'list') return new ListEncoder(id, state, expressions, context);
  if (state.kind === 'map') return new MapEncoder(id, state, expressions, context);
  return new ValueEncoder(id, state, expressions, context);
}

/** Evaluates what belongs to any entry of a state: namespace and time-to-live. */
class EntryParts {
  private readonly namespaceReader: CellReader | null;
  private readonly voidBytes: Uint8Array | null;
  private readonly namespaceSink = new Sink(32);
  private stamp = 0n;

  constructor(
    protected readonly id: number,
    protected readonly state: PartState,
    protected readonly expressions: Omit<StateExpressions, 'value' | 'mapKey'>,
    protected readonly context: EncoderContext,
  ) {
    const { namespace } = state;
    if (namespace === null)
      throw new EngineError('REFUSED', `The state ${state.name} does not say what its namespaces are.`);
    if (isVoid(namespace)) namespace.write(this.namespaceSink, null);
    this.voidBytes = isVoid(namespace) ? this.namespaceSink.toBytes() : null;
    this.namespaceReader = expressions.namespace === null ? null : new CellReader(namespace, context.isText);
  }

  protected evaluate(row: DataRow, expression: RowExpression, what: string): ReturnType<RowExpression> {
    const { place } = this.context;
    place.what = what;
    place.expression = expression;
    return expression(row);
  }

  protected namespaceOf(row: DataRow): Uint8Array {
    const { namespace } = this.expressions;
    if (this.voidBytes !== null) return this.voidBytes;
    if (namespace === null || this.namespaceReader === null)
      throw badValue(`The entries of ${this.state.name} need a namespace.`);
    const json = this.namespaceReader.json(this.evaluate(row, namespace, 'namespace'));
    if (json === null) throw badValue('The namespace is null.');
    this.namespaceSink.clear();
    this.namespaceReader.write(this.namespaceSink, json);
    return this.namespaceSink.written();
  }

  protected readStamp(row: DataRow): void {
    const { ttl } = this.expressions;
    if (ttl !== null) this.stamp = millisOf(this.evaluate(row, ttl, 'ttl'));
  }

  protected writeStamp(sink: Sink): void {
    if (this.expressions.ttl !== null) sink.i64(this.stamp);
  }
}

/** What values, or the elements of lists, are made with. */
abstract class ValueParts extends EntryParts {
  protected readonly reader: CellReader;
  protected readonly value: RowExpression;

  constructor(id: number, state: PartState, expressions: StateExpressions, context: EncoderContext) {
    super(id, state, expressions, context);
    this.value = expressions.value;
    this.reader = new CellReader(plainCodec(state.value, state), context.isText);
  }
}

class ValueEncoder extends ValueParts implements StateEncoder {
  encode(row: DataRow, key: Uint8Array, out: RowEntries): void {
    const json = this.reader.json(this.evaluate(row, this.value, 'value'));
    if (json === null) return;
    const value = this.reader.value(json);
    const namespace = this.namespaceOf(row);
    this.readStamp(row);
    writeKeyAndNamespace(out.key(this.id), this.state, key, namespace);
    const sink = out.value();
    this.writeStamp(sink);
    this.reader.codec.write(sink, value);
    out.end();
  }
}

class ListEncoder extends ValueParts implements StateEncoder {
  encode(row: DataRow, key: Uint8Array, out: RowEntries): void {
    const elements = this.elements(row);
    if (elements.length === 0) return;
    const namespace = this.namespaceOf(row);
    this.readStamp(row);
    writeKeyAndNamespace(out.key(this.id), this.state, key, namespace);
    const sink = out.value();
    elements.forEach((element, i) => {
      if (i > 0) sink.u8(LIST_DELIMITER);
      this.writeStamp(sink);
      this.reader.codec.write(sink, element);
    });
    out.end();
  }

  /** What is no array is the only element. */
  private elements(row: DataRow): unknown[] {
    let cell = this.evaluate(row, this.value, 'value');
    if (this.context.isText && typeof cell === 'string') {
      if (cell === '') return [];
      cell = cell.startsWith('[') ? partsJson(cell) : textJson(cell, this.reader.codec.type);
    }
    if (cell === null) return [];
    if (!Array.isArray(cell)) return [this.reader.value(cell)];
    const values: unknown[] = [];
    try {
      for (const element of cell) values.push(this.reader.value(element));
    } catch (e) {
      throw inPart(`[${values.length}]`, e);
    }
    return values;
  }
}

class MapEncoder extends EntryParts implements StateEncoder {
  private readonly userKey: CellReader;
  private readonly userValue: CellReader;
  private readonly value: RowExpression;
  private readonly mapKey: RowExpression | null;

  constructor(id: number, state: PartState, expressions: StateExpressions, context: EncoderContext) {
    super(id, state, expressions, context);
    this.value = expressions.value;
    this.mapKey = expressions.mapKey;
    this.userKey = new CellReader(plainCodec(state.userKey, state), context.isText);
    this.userValue = new CellReader(plainCodec(state.value, state), context.isText);
  }

  encode(row: DataRow, key: Uint8Array, out: RowEntries): void {
    if (this.mapKey !== null) {
      const json = this.userKey.json(this.evaluate(row, this.mapKey, 'mapKey'));
      if (json === null) return;
      const userKey = this.userKey.value(json);
      const value = this.userValue.json(this.evaluate(row, this.value, 'value'));
      if (value === null) return;
      const decoded = this.userValue.value(value);
      const namespace = this.namespaceOf(row);
      this.readStamp(row);
      this.put(key, namespace, userKey, false, decoded, out);
      return;
    }
    const pairs = this.pairs(row);
    if (pairs.length === 0) return;
    const values: { userKey: unknown; isNull: boolean; value: unknown }[] = [];
    try {
      for (const [k, v] of pairs) {
        const isNull = v === null;
        values.push({
          userKey: this.userKey.value(this.keyJson(k)),
          isNull,
          value: isNull ? null : this.userValue.value(v),
        });
      }
    } catch (e) {
      const [k] = pairs[values.length];
      throw inPart(typeof k === 'string' ? k : `entry ${values.length}`, e);
    }
    const namespace = this.namespaceOf(row);
    this.readStamp(row);
    const from = out.sink.position;
    for (const { userKey, isNull, value } of values) this.put(key, namespace, userKey, isNull, value, out);
    out.noteTwins(this.id, from);
  }

  /** `boolean isNull`, then the value unless it is null; with a time-to-live its stamp stands in front of the value. */
  private put(
    key: Uint8Array,
    namespace: Uint8Array,
    userKey: unknown,
    isNull: boolean,
    value: unknown,
    out: RowEntries,
  ): void {
    const keySink = out.key(this.id);
    writeKeyAndNamespace(keySink, this.state, key, namespace);
    this.userKey.codec.write(keySink, userKey);
    const sink = out.value();
    const isTimed = this.expressions.ttl !== null;
    sink.bool(isNull && !isTimed);
    if (!isNull || isTimed) {
      this.writeStamp(sink);
      this.userValue.codec.write(sink, isNull ? this.userValue.codec.fromJson(null) : value);
    }
    out.end();
  }

  private pairs(row: DataRow): (readonly [Json, Json])[] {
    let cell = this.evaluate(row, this.value, 'value');
    if (this.context.isText && typeof cell === 'string') cell = cell === '' ? null : partsJson(cell);
    if (cell === null) return [];
    if (cell instanceof Uint8Array) throw notA('an object or {"$map": [[key, value], …]}', '…');
    return pairsFrom(cell);
  }

  /** The names of an object's fields are text, whatever the keys of the map are. */
  private keyJson(json: Json): Json {
    return typeof json === 'string' ? textJson(json, this.userKey.codec.type) : json;
  }
}

/** An error with the part of the value that it is about. */
function inPart(part: string, e: unknown): unknown {
  return e instanceof EngineError ? e.at({ where: part }) : e;
}

/** A timer: its time, key and namespace are the key of an entry without a value. */
export class TimerEncoder extends EntryParts implements StateEncoder {
  private readonly timestamp: RowExpression;

  constructor(id: number, state: PartState, { timestamp, namespace }: TimerExpressions, context: EncoderContext) {
    super(id, state, { namespace, ttl: null }, context);
    this.timestamp = timestamp;
  }

  encode(row: DataRow, key: Uint8Array, out: RowEntries): void {
    const cell = this.evaluate(row, this.timestamp, 'timestamp');
    if (cell === null || (cell === '' && this.context.isText)) return;
    const timestamp = millisOf(cell);
    const namespace = this.namespaceOf(row);
    writeTimerKey(out.key(this.id), timestamp, key, namespace);
    out.value();
    out.end();
  }
}
