import { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import { Sink } from '../../bytes/sink';
import type { Codec } from '../../types/codec';
import { part, readTimer } from '../compositeKey';
import type { PartState, RawEntry, Unread } from '../part';

/** StateChangeOperation by code. */
const CLEAR = 0;
const SET = 1;
const SET_INTERNAL = 2;
const ADD = 3;
const MERGE_NAMESPACES = 4;
const ADD_ELEMENT = 5;
const ADD_OR_UPDATE_ELEMENT = 6;
const REMOVE_ELEMENT = 7;

/** What is stored under one key and namespace; which of the three depends on the kind of state. */
interface Cell {
  key: Uint8Array;
  namespace: Uint8Array;
  value: Uint8Array | null;
  elements: Uint8Array[];
  /** By the bytes of the user key. */
  map: Map<string, { userKey: Uint8Array; value: Uint8Array }>;
  /** Why what is stored here cannot be known. */
  lost: string | null;
}

/** One state of one key group, to which changes are applied in order. */
export class ReplayedState {
  private readonly cells = new Map<string, Cell>();
  /** By the bytes of the whole timer. */
  private readonly timers = new Map<string, Pick<RawEntry, 'timestamp' | 'key' | 'namespace'>>();

  constructor(
    readonly state: PartState,
    private readonly keyGroup: number,
  ) {}

  /** An entry that was materialized. */
  addBase(entry: RawEntry): void {
    const { key, namespace } = entry;
    if (key === null || namespace === null || entry.fault !== null) {
      throw new EngineError('UNREADABLE', entry.fault ?? 'A materialized entry has no key.');
    }
    if (entry.timestamp !== null) {
      const timer = { timestamp: entry.timestamp, key: key.slice(), namespace: namespace.slice() };
      this.timers.set(timerId(timer), timer);
      return;
    }
    const cell = this.cell(key, namespace);
    const value = entry.value?.slice() ?? new Uint8Array(0);
    if (entry.userKey !== null) {
      cell.map.set(textOf(entry.userKey), { userKey: entry.userKey.slice(), value });
    } else if (entry.state.layout === 'delimited') cell.elements = splitDelimited(value, entry.state.value);
    else if (this.state.kind === 'list') cell.elements = readElements(new Cursor(value), elementOf(this.state));
    else cell.value = value;
  }

  /** Applies one change; the cursor stands behind the state's id. Source: restore.KvStateChangeApplier and its subclasses. */
  apply(operation: number, cursor: Cursor): void {
    if (this.state.kind === 'timer') {
      this.applyToTimers(operation, cursor);
      return;
    }
    const key = part(cursor, () => codecOf(cursor, this.state.key, 'key').skip(cursor));
    const namespace = part(cursor, () => codecOf(cursor, this.state.namespace, 'namespace').skip(cursor));
    if (operation === MERGE_NAMESPACES) this.merge(cursor, key);
    else if (operation === CLEAR) this.cells.delete(cellId(key, namespace));
    else this.change(operation, cursor, this.cell(key, namespace));
    cursor.expectEnd('a change');
  }

  *entries(): Generator<RawEntry | Unread> {
    const { state, keyGroup } = this;
    const common = { state, keyGroup, index: -1, userKey: null, value: null, timestamp: null, fault: null };
    for (const timer of this.timers.values()) yield { ...common, ...timer };
    for (const { key, namespace, value, elements, map, lost } of this.cells.values()) {
      if (lost !== null) yield { state, keyGroup, bytes: 0, code: 'UNREADABLE', reason: lost };
      else if (state.kind === 'map') {
        for (const entry of map.values()) yield { ...common, key, namespace, ...entry };
      } else if (state.kind === 'list') {
        if (elements.length > 0) yield { ...common, key, namespace, value: writeElements(elements) };
      } else if (value !== null) yield { ...common, key, namespace, value };
    }
  }

  private change(operation: number, cursor: Cursor, cell: Cell): void {
    const isList = this.state.kind === 'list';
    const isMap = this.state.kind === 'map';
    if (operation === SET || operation === SET_INTERNAL) {
      cell.lost = null;
      if (isList) cell.elements = readElements(cursor, elementOf(this.state));
      else cell.value = part(cursor, () => codecOf(cursor, this.state.value, 'value').skip(cursor)).slice();
    } else if (isList && operation === ADD) cell.elements.push(...readElements(cursor, elementOf(this.state)));
    else if (isList && operation === ADD_ELEMENT) {
      cell.elements.push(part(cursor, () => elementOf(this.state).skip(cursor)).slice());
    } else if (isMap && operation === ADD) this.putAll(cursor, cell);
    else if (isMap && (operation === ADD_ELEMENT || operation === ADD_OR_UPDATE_ELEMENT)) {
      const userKey = part(cursor, () => codecOf(cursor, this.state.userKey, 'user key').skip(cursor)).slice();
      const value = part(cursor, () => codecOf(cursor, this.state.value, 'value').skip(cursor));
      cell.map.set(textOf(userKey), { userKey, value: notNull(value) });
    } else if (isMap && operation === REMOVE_ELEMENT) {
      cell.map.delete(textOf(part(cursor, () => codecOf(cursor, this.state.userKey, 'user key').skip(cursor))));
    } else throw cursor.corrupt(`Operation ${operation} cannot change a state of the kind ${this.state.kind}.`);
  }

  /** `int n, n x (user key, boolean isNull, user value)`. */
  private putAll(cursor: Cursor, cell: Cell): void {
    const count = cursor.count('entries of a map', 1);
    for (let i = 0; i < count; i++) {
      const userKey = part(cursor, () => codecOf(cursor, this.state.userKey, 'user key').skip(cursor)).slice();
      const value = part(cursor, () => {
        if (!cursor.bool('null flag')) codecOf(cursor, this.state.value, 'value').skip(cursor);
      }).slice();
      cell.map.set(textOf(userKey), { userKey, value });
    }
  }

  /**
   * `target namespace, int n, n x source namespace`: what the sources hold is merged into the target. Lists are joined; two
   * values are merged by a function of the job.
   */
  private merge(cursor: Cursor, key: Uint8Array): void {
    const namespace = codecOf(cursor, this.state.namespace, 'namespace');
    const target = part(cursor, () => namespace.skip(cursor));
    const count = cursor.count('namespaces', 0);
    const found: Cell[] = [];
    for (let i = 0; i < count; i++) {
      const id = cellId(
        key,
        part(cursor, () => namespace.skip(cursor)),
      );
      const cell = this.cells.get(id);
      if (cell !== undefined) found.push(cell);
      this.cells.delete(id);
    }
    for (const source of found) {
      const into = this.cell(key, target);
      into.lost ??= source.lost;
      into.elements.push(...source.elements);
      if (into.value !== null && source.value !== null) {
        into.lost = 'Namespaces were merged here, which takes the function of the job.';
      }
      into.value ??= source.value;
    }
  }

  private applyToTimers(operation: number, cursor: Cursor): void {
    if (operation === ADD_ELEMENT) {
      const count = cursor.count('timers', 8);
      for (let i = 0; i < count; i++) {
        const timer = copied(readTimer(this.state, cursor));
        this.timers.set(timerId(timer), timer);
      }
    } else if (operation === REMOVE_ELEMENT) this.timers.delete(timerId(readTimer(this.state, cursor)));
    else throw cursor.corrupt(`Operation ${operation} cannot change timers.`);
    cursor.expectEnd('a change');
  }

  private cell(key: Uint8Array, namespace: Uint8Array): Cell {
    const id = cellId(key, namespace);
    let cell = this.cells.get(id);
    if (cell === undefined) {
      cell = { key: key.slice(), namespace: namespace.slice(), value: null, elements: [], map: new Map(), lost: null };
      this.cells.set(id, cell);
    }
    return cell;
  }
}

/** Steps over everything behind the key of a change. */
export function skipBehindKey(state: PartState, operation: number, cursor: Cursor): void {
  const namespace = codecOf(cursor, state.namespace, 'namespace');
  namespace.skip(cursor);
  if (operation === CLEAR) return;
  if (operation === MERGE_NAMESPACES) {
    namespace.skip(cursor);
    for (let i = cursor.count('namespaces', 0); i > 0; i--) namespace.skip(cursor);
  } else if (state.kind === 'list') {
    if (operation === ADD_ELEMENT) elementOf(state).skip(cursor);
    else readElements(cursor, elementOf(state));
  } else if (state.kind === 'map' && operation === ADD) {
    for (let i = cursor.count('entries of a map', 1); i > 0; i--) {
      codecOf(cursor, state.userKey, 'user key').skip(cursor);
      if (!cursor.bool('null flag')) codecOf(cursor, state.value, 'value').skip(cursor);
    }
  } else {
    if (state.kind === 'map') codecOf(cursor, state.userKey, 'user key').skip(cursor);
    if (operation !== REMOVE_ELEMENT) codecOf(cursor, state.value, 'value').skip(cursor);
  }
}

/** A list state's value codec is that of the whole list here; its element's is inside. */
function elementOf(state: PartState): Codec {
  const element = state.value?.parts?.[0];
  if (element === undefined)
    throw new EngineError('UNREADABLE', 'The serializer of the list names none for its elements.');
  return element;
}

/** `int n`, then the elements. */
function readElements(cursor: Cursor, element: Codec): Uint8Array[] {
  const count = cursor.count('elements of a list', 0);
  return Array.from({ length: count }, () => part(cursor, () => element.skip(cursor)).slice());
}

function writeElements(elements: readonly Uint8Array[]): Uint8Array {
  const sink = new Sink();
  sink.i32(elements.length);
  for (const element of elements) sink.raw(element);
  return sink.toBytes();
}

function splitDelimited(value: Uint8Array, element: Codec | null): Uint8Array[] {
  const cursor = new Cursor(value);
  const elements: Uint8Array[] = [];
  while (!cursor.atEnd) {
    elements.push(part(cursor, () => codecOf(cursor, element, 'elements').skip(cursor)));
    if (!cursor.atEnd) cursor.skip(1, 'delimiter');
  }
  return elements;
}

function codecOf(cursor: Cursor, codec: Codec | null, what: string): Codec {
  if (codec === null) throw cursor.error('UNREADABLE', `Nothing says how the ${what} is serialized.`);
  return codec;
}

function notNull(value: Uint8Array): Uint8Array {
  const flagged = new Uint8Array(value.length + 1);
  flagged.set(value, 1);
  return flagged;
}

type Timer = ReturnType<typeof readTimer>;
const copied = ({ timestamp, key, namespace }: Timer): Timer => ({
  timestamp,
  key: key.slice(),
  namespace: namespace.slice(),
});
const timerId = ({ timestamp, key, namespace }: Timer): string => `${timestamp} ${cellId(key, namespace)}`;
const latin1 = new TextDecoder('latin1');
const textOf = (bytes: Uint8Array): string => latin1.decode(bytes);
const cellId = (key: Uint8Array, namespace: Uint8Array): string => `${key.length} ${textOf(key)}${textOf(namespace)}`;
