import { LIST_DELIMITER } from '../backends/canonicalMarks';
import { writeKeyAndNamespace, writeTimerKey } from '../backends/compositeKeyWriter';
import type { PartState, RawEntry } from '../backends/part';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';

const NOTHING = new Uint8Array(0);
/** Shorter elements are copied byte by byte, which costs less than a view of them. */
const SHORT = 48;

/** An entry in the canonical layout, but for its key group, which does not depend on the layout. */
export interface CanonicalEntry {
  /** The parts of the key; null where only the whole of it is known. */
  readonly parts: KeyParts | null;
  /** What stands behind the number of the key group. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface KeyParts {
  readonly key: Uint8Array;
  readonly namespace: Uint8Array;
  readonly userKey: Uint8Array | null;
}

/**
 * Brings entries of any backend into the canonical layout, without decoding them: a list of the heap's `ListSerializer`
 * becomes elements with a comma between them, a timer becomes an element of a queue. Null for an empty list, which the
 * canonical layout leaves out. What it gives is good until the next call.
 */
export class CanonicalForm {
  private readonly keySink = new Sink();

  of(entry: RawEntry, state: PartState): CanonicalEntry | null {
    const { key, namespace, userKey, timestamp } = entry;
    const { keySink } = this;
    keySink.clear();
    if (key === null) throw new EngineError('REFUSED', 'An entry has no key.');
    if (entry.fault !== null) {
      if (timestamp !== null) keySink.i64(BigInt.asIntN(64, timestamp ^ (1n << 63n)));
      keySink.raw(key);
      return { parts: null, key: keySink.toBytes(), value: entry.value ?? NOTHING };
    }
    const parts = { key, namespace: namespace ?? NOTHING, userKey };
    if (timestamp !== null) {
      writeTimerKey(keySink, timestamp, key, parts.namespace);
      return { parts, key: keySink.toBytes(), value: NOTHING };
    }
    if (state.kind === 'map' && userKey === null) {
      throw new EngineError('REFUSED', 'A map cannot be taken apart into its entries.');
    }
    const value = entry.value ?? NOTHING;
    const canonical = state.kind === 'list' && entry.state.layout === 'whole' ? delimited(value, state) : value;
    return canonical === null ? null : { parts, key: this.keyOf(parts, state), value: canonical };
  }

  /** Of a timer, which is its key alone. */
  timerKey(timestamp: bigint, { key, namespace }: KeyParts): Uint8Array {
    this.keySink.clear();
    writeTimerKey(this.keySink, timestamp, key, namespace);
    return this.keySink.toBytes();
  }

  keyOf(parts: KeyParts, state: PartState): Uint8Array {
    const { keySink } = this;
    keySink.clear();
    writeKeyAndNamespace(keySink, state, parts.key, parts.namespace);
    if (parts.userKey !== null) keySink.raw(parts.userKey);
    return keySink.toBytes();
  }
}

/** `int n, n x element` as elements with a comma between them (`ListDelimitedSerializer`); null where there are none. */
function delimited(list: Uint8Array, { value: element }: PartState): Uint8Array | null {
  if (element === null) throw new EngineError('REFUSED', 'A list cannot be taken apart into its elements.');
  const cursor = new Cursor(list);
  const count = cursor.count('list elements', 0);
  if (count === 0) return null;
  const delimited = new Uint8Array(list.length - cursor.position + count - 1);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0) delimited[at++] = LIST_DELIMITER;
    const from = cursor.position;
    element.skip(cursor);
    if (cursor.position - from > SHORT) {
      delimited.set(list.subarray(from, cursor.position), at);
      at += cursor.position - from;
    } else for (let k = from; k < cursor.position; k++) delimited[at++] = list[k];
  }
  cursor.expectEnd('a list');
  return delimited;
}

/** Elements, each in its own bytes, as the value of a list. */
export function joinElements(elements: readonly Uint8Array[]): Uint8Array {
  const sink = new Sink();
  elements.forEach((element, i) => {
    if (i > 0) sink.u8(LIST_DELIMITER);
    sink.raw(element);
  });
  return sink.toBytes();
}
