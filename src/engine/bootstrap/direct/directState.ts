import { LIST_DELIMITER } from '../../backends/canonicalMarks';
import type { PartState } from '../../backends/part';
import type { Sink } from '../../bytes/sink';
import { type FieldRows, JSON_PARTS } from '../data/fieldRows';
import type { RowEntries } from '../rowEntries';
import { plainCodec, type StateExpressions, type TimerExpressions } from '../stateExpressions';
import { DirectMillis, DirectOwner, type DirectParts, directParts } from './directOwner';
import { type DirectValue, directValue, leafForm } from './directValue';
import { FieldText } from './fieldText';
import { JsonText } from './jsonText';
import { type LeafForm, type LeafKind, NOTHING, WRITTEN, writeLeaf } from './leafWriter';

/** Makes the entries that a row has for one state out of the bytes of its fields. */
export interface DirectState {
  /** False, and nothing is written, where a `StateEncoder` has to make them, or to say what is wrong. */
  encode(rows: FieldRows, firstField: number, key: Uint8Array, out: RowEntries): boolean;
}

/** Null where some part of the state, or of its expressions, is not so plain. */
export function directState(id: number, state: PartState, expressions: StateExpressions): DirectState | null {
  const parts = directParts(id, state, expressions);
  const source = expressions.value.direct;
  if (parts === null || state.value === null || source === null) return null;
  const codec = plainCodec(state.value, state);
  const form = leafForm(codec);
  if (state.kind === 'list')
    return form === null || source.kind === 'map' || source.kind === 'string'
      ? null
      : new DirectList(parts, source.column, source.kind, form);
  if (state.kind !== 'map') {
    const value = directValue(source, codec);
    return value === null ? null : new DirectEntry(parts, null, value);
  }
  const userCodec = plainCodec(state.userKey, state);
  if (expressions.mapKey !== null) {
    const userKey = directValue(expressions.mapKey.direct, userCodec);
    const value = directValue(source, codec);
    return userKey === null || value === null ? null : new DirectEntry(parts, userKey, value);
  }
  const keyForm = leafForm(userCodec);
  if (form === null || keyForm === null || source.kind !== 'text') return null;
  return new DirectMap(parts, source.column, keyForm, form);
}

export function directTimer(id: number, state: PartState, expressions: TimerExpressions): DirectState | null {
  const parts = directParts(id, state, { namespace: expressions.namespace, ttl: null });
  const millis = DirectMillis.of(expressions.timestamp.direct);
  return parts === null || millis === null ? null : new DirectTimer(parts, millis);
}

/** A value, or one entry of a map. */
class DirectEntry implements DirectState {
  private readonly owner: DirectOwner;

  constructor(
    parts: DirectParts,
    private readonly userKey: DirectValue | null,
    private readonly value: DirectValue,
  ) {
    this.owner = new DirectOwner(parts);
  }

  encode(rows: FieldRows, firstField: number, key: Uint8Array, out: RowEntries): boolean {
    const { owner, userKey } = this;
    if (!owner.read(rows, firstField)) return false;
    const from = out.sink.position;
    const keySink = owner.beginKey(key, out);
    let outcome = userKey === null ? WRITTEN : userKey.write(rows, firstField, keySink);
    if (outcome === WRITTEN) {
      const sink = out.value();
      if (userKey !== null) sink.u8(0);
      owner.writeStamp(sink);
      outcome = this.value.write(rows, firstField, sink);
    }
    if (outcome === WRITTEN) {
      out.end();
      return true;
    }
    owner.drop(out, from);
    return outcome === NOTHING;
  }
}

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A list that is JSON in a column, or the only element. */
class DirectList implements DirectState {
  private readonly owner: DirectOwner;
  private readonly text = new FieldText();
  private readonly json = new JsonText();

  constructor(
    parts: DirectParts,
    private readonly column: number,
    private readonly kind: LeafKind,
    private readonly form: LeafForm,
  ) {
    this.owner = new DirectOwner(parts);
  }

  encode(rows: FieldRows, firstField: number, key: Uint8Array, out: RowEntries): boolean {
    const { text, owner, kind } = this;
    if (!text.open(rows, firstField + this.column)) return false;
    if (text.json === 0 && text.from === text.to) return kind === 'text';
    if (!owner.read(rows, firstField)) return false;
    const from = out.sink.position;
    owner.beginKey(key, out);
    const sink = out.value();
    const mayBeArray = kind === 'text' && (text.json === 0 || text.json === JSON_PARTS);
    const isArray = mayBeArray && text.bytes[text.from] === OPEN_ARRAY;
    const count = isArray ? this.elements(sink) : this.only(sink);
    if (count > 0) out.end();
    else owner.drop(out, from);
    return count >= 0;
  }

  private only(sink: Sink): number {
    this.owner.writeStamp(sink);
    return writeLeaf(this.form, this.kind, this.text, sink) === WRITTEN ? 1 : -1;
  }

  /** How many there are; negative where they have to be made. */
  private elements(sink: Sink): number {
    const { json, owner, form } = this;
    json.open(this.text);
    json.next(OPEN_ARRAY);
    if (json.next(CLOSE_ARRAY)) return json.isAtEnd ? 0 : -1;
    let count = 0;
    do {
      if (count++ > 0) sink.u8(LIST_DELIMITER);
      owner.writeStamp(sink);
      if (!json.write(form, sink)) return -1;
    } while (json.next(COMMA));
    return json.next(CLOSE_ARRAY) && json.isAtEnd ? count : -1;
  }
}

/** A map that is JSON in a column. */
class DirectMap implements DirectState {
  private readonly owner: DirectOwner;
  private readonly text = new FieldText();
  private readonly json = new JsonText();

  constructor(
    private readonly parts: DirectParts,
    private readonly column: number,
    private readonly keyForm: LeafForm,
    private readonly form: LeafForm,
  ) {
    this.owner = new DirectOwner(parts);
  }

  encode(rows: FieldRows, firstField: number, key: Uint8Array, out: RowEntries): boolean {
    const { text, json, owner } = this;
    if (!text.open(rows, firstField + this.column)) return false;
    if (text.json !== 0 && text.json !== JSON_PARTS) return false;
    if (text.from === text.to) return true;
    json.open(text);
    if (!json.next(OPEN_OBJECT)) return false;
    if (json.next(CLOSE_OBJECT)) return json.isAtEnd;
    if (!owner.read(rows, firstField)) return false;
    const from = out.sink.position;
    const isDone = this.entries(key, out) && json.next(CLOSE_OBJECT) && json.isAtEnd;
    // A field that is there twice is an error.
    if (isDone && !out.noteTwins(this.parts.id, from)) return true;
    owner.drop(out, from);
    return false;
  }

  private entries(key: Uint8Array, out: RowEntries): boolean {
    const { json, owner } = this;
    do {
      if (!json.writeName(this.keyForm, owner.beginKey(key, out)) || !json.next(COLON)) return false;
      const sink = out.value();
      // It is not null.
      sink.u8(0);
      owner.writeStamp(sink);
      if (!json.write(this.form, sink)) return false;
      out.end();
    } while (json.next(COMMA));
    return true;
  }
}

class DirectTimer implements DirectState {
  private readonly owner: DirectOwner;

  constructor(
    parts: DirectParts,
    private readonly millis: DirectMillis,
  ) {
    this.owner = new DirectOwner(parts);
  }

  encode(rows: FieldRows, firstField: number, key: Uint8Array, out: RowEntries): boolean {
    const { millis, owner } = this;
    const timestamp = millis.read(rows, firstField);
    if (Number.isNaN(timestamp)) return millis.isText && millis.isEmpty;
    if (!owner.read(rows, firstField)) return false;
    owner.beginTimer(timestamp, key, out);
    out.value();
    out.end();
    return true;
  }
}
