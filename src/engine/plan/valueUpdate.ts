import type { RawEntry } from '../backends/part';
import { celCell } from '../bootstrap/cel/celCell';
import { EngineError } from '../bytes/engineError';
import type { DecodedEntry } from '../decodeEntry';
import { encodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import { writeJson } from '../json/writeJson';
import { type EntryExpression, entryExpression } from '../query/filter';
import { inside } from '../types/jsonInput';
import { OpaqueValue } from '../types/values';
import { parsePath, setAt } from './fieldPath';
import type { NewValue } from './plan';
import { isTimed, stampedAsBefore, timedPath } from './timeToLive';
import type { ValueForm } from './valueForm';

/** A new value, or a part of one: JSON, or an expression over the entry. */
export type Computed = Json | EntryExpression;

/** Fails with `BAD_ARGUMENT` where a text is not CEL. */
export const computed = (given: Json): Computed => (typeof given === 'string' ? entryExpression(given) : given);

/**
 * A new value computed from the old one: as a whole, or some of its fields. It goes through the JSON form of the value, and
 * only where that form is proved to be exact for the value at hand.
 */
export class ValueUpdate {
  private readonly whole: EntryExpression | null;
  private readonly fields: { text: string; path: string[]; json: Computed }[];

  /** Fails with `BAD_ARGUMENT` where an expression is not CEL. `now`: stamp of what has no time of its last use yet. */
  constructor(
    set: NewValue,
    private readonly now: bigint,
  ) {
    this.whole = set.kind === 'whole' ? entryExpression(set.expression) : null;
    this.fields =
      set.kind === 'whole'
        ? []
        : set.expressions.map(([text, json]) =>
            inside(text, () => ({ text, path: parsePath(text), json: computed(json) })),
          );
  }

  /** The new value in the canonical layout; `REFUSED` with the key where it cannot be made. Null for an empty list. */
  apply(form: ValueForm, entry: RawEntry, decoded: DecodedEntry, subtask?: number): Uint8Array | null {
    try {
      return this.compute(form, entry, decoded, subtask);
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      throw e.at({ where: `${form.state.name} / ${placeText(entry, decoded)}` });
    }
  }

  private compute(form: ValueForm, entry: RawEntry, decoded: DecodedEntry, subtask?: number): Uint8Array | null {
    const { state } = form;
    if (decoded.value instanceof OpaqueValue) throw refused(`The value cannot be read: ${decoded.value.why}`);
    const shown = form.shown(decoded);
    if (this.whole !== null) {
      const json = evaluate(this.whole, entry, shown, subtask);
      return form.bytes(stampedAsBefore(state, json, decoded.value, this.now));
    }
    const json = form.exactJson(entry, decoded);
    for (const { text, path, json: wanted } of this.fields) {
      inside(text, () => {
        const next = evaluate(wanted, entry, shown, subtask);
        if (isTimed(state) && state.kind === 'list' && path[0] === '$ttl' && path.length === 1) {
          const count = Array.isArray(json) ? json.length : 0;
          for (let i = 0; i < count; i++) setAt(json, undefined, [String(i), '$ttl'], next);
        } else setAt(json, typeOf(form), timedPath(state, path), next);
      });
    }
    return form.bytes(json);
  }
}

/** A list in keyed state is more than its value's codec, which is that of an element. */
function typeOf({ state: { kind, value } }: ValueForm) {
  if (value === null) return undefined;
  return kind === 'list' ? { name: 'list', arguments: [value.type], serializer: '' } : value.type;
}

/** The value of an expression as JSON; `REFUSED` where it has none for this entry. */
export function evaluate(given: Computed, entry: RawEntry, shown: DecodedEntry, subtask?: number): Json {
  if (typeof given !== 'function') return given;
  let result: unknown;
  try {
    result = given(entry, shown, subtask);
  } catch (e) {
    const why = (e instanceof Error ? e.message : String(e)).split('\n')[0];
    throw refused(`The expression has no value for this entry: ${why}`);
  }
  const cell = celCell(result);
  return cell instanceof Uint8Array ? encodeBase64(cell) : cell;
}

function placeText({ index }: RawEntry, { key, userKey }: DecodedEntry): string {
  if (key !== undefined) return `key ${writeJson(key)}`;
  return userKey !== undefined ? `key ${writeJson(userKey)}` : `element ${index}`;
}

const refused = (message: string): EngineError => new EngineError('REFUSED', message);
