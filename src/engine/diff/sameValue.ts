import { LIST_DELIMITER } from '../backends/canonicalMarks';
import { isNullValue, type PartState } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import { sameBytes, sameStretch } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { parseJson } from '../json/parseJson';
import type { Codec } from '../types/codec';
import { differingPaths } from './differingPaths';
import { EntryText } from './entryText';
import { elementOfCounted, type StatePair } from './statePair';

const NOTHING = new Uint8Array(0);
const decoder = new TextDecoder();

/** Says whether values whose bytes are not the same say the same all the same. */
export class ValueComparer {
  private readonly texts = [new EntryText(), new EntryText()] as const;
  private readonly counted = new Cursor(NOTHING);

  /** `hasMapKey`: the values stand under a key of a map. */
  isSame(pair: StatePair, before: Uint8Array | null, after: Uint8Array | null, hasMapKey: boolean): boolean {
    if (before === null || after === null) return before === after;
    if (hasMapKey && isNullOf(pair.before, before) && isNullOf(pair.after, after)) return true;
    if (pair.value === 'bytes' && sameBytes(before, after)) return true;
    if (pair.value === 'elements' && this.hasSameElements(pair, before, after)) return true;
    if (pair.value !== 'meaning' && !pair.isLoose) return false;
    const a = printed(this.texts[0], valueEntry(pair.before, before, hasMapKey));
    const b = printed(this.texts[1], valueEntry(pair.after, after, hasMapKey));
    if (sameBytes(a, b)) return true;
    return pair.isLoose && differingPaths(parseJson(decoder.decode(a)), parseJson(decoder.decode(b))).length === 0;
  }

  private hasSameElements({ before: state, after: other }: StatePair, before: Uint8Array, after: Uint8Array): boolean {
    const isCountedFirst = other.layout === 'delimited';
    const element = elementOfCounted(isCountedFirst ? state : other);
    const [counted, delimited] = isCountedFirst ? [before, after] : [after, before];
    this.counted.turnTo(counted, 0, counted.length);
    return element !== null && hasElements(this.counted, element, delimited);
  }
}

/** A null is one, whatever stands behind it. */
function isNullOf({ layout }: PartState, value: Uint8Array): boolean {
  return layout === 'nullable' && isNullValue(value, 0, value.length);
}

/** Whether the elements behind a count are those that stand elsewhere with a byte between them. */
function hasElements(counted: Cursor, element: Codec, delimited: Uint8Array): boolean {
  try {
    const count = counted.i32();
    let at = 0;
    for (let i = 0; i < count; i++) {
      if (i > 0 && delimited[at++] !== LIST_DELIMITER) return false;
      const from = counted.position;
      element.skip(counted);
      const end = at + counted.position - from;
      if (!sameStretch(counted.bytes, from, counted.position, delimited, at, end)) return false;
      at = end;
    }
    return counted.atEnd && at === delimited.length;
  } catch (e) {
    if (e instanceof EngineError) return false;
    throw e;
  }
}

/** A value as the bytes of its JSON. */
function printed(text: EntryText, entry: SlicedEntry): Uint8Array {
  text.printer.value(entry, NOTHING);
  return text.take();
}

/** An entry that is nothing but its value. */
export function valueEntry(state: PartState, value: Uint8Array, hasMapKey: boolean): SlicedEntry {
  const entry = new SlicedEntry(state, -1, value);
  entry.valueFrom = 0;
  entry.valueTo = value.length;
  if (hasMapKey) [entry.userKeyFrom, entry.userKeyTo] = [0, 0];
  return entry;
}
