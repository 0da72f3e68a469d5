import type { PartState, RawEntry } from '../backends/part';
import { sameBytes } from '../bytes/byteStrings';
import { Cursor } from '../bytes/cursor';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { DecodedEntry } from '../decodeEntry';
import type { Json } from '../json/jsonValue';
import { parseJson } from '../json/parseJson';
import { writeJson } from '../json/writeJson';
import { editablePayload, PAYLOAD_STATES, writeEditablePayload } from '../raw/payload/states';
import { inside } from '../types/jsonInput';
import { OpaqueValue, RecordValue } from '../types/values';
import { valueBytes } from './partBytes';

/**
 * How the values of a state look to a plan: as the dump shows them, and as their payload where one of Flink's own components
 * keeps it in a byte array in a format that is known (the splits of a source, with their offsets).
 */
export class ValueForm {
  private readonly mayBePayload: boolean;

  constructor(readonly state: PartState) {
    const { kind, name, value } = state;
    const isList = kind === 'operator-list' || kind === 'operator-union';
    this.mayBePayload = isList && PAYLOAD_STATES.has(name) && value?.type.name === 'byte[]';
  }

  /** An entry as an expression sees it. */
  shown(decoded: DecodedEntry): DecodedEntry {
    const payload = this.payloadOf(decoded.value);
    return payload === null ? decoded : { ...decoded, value: asRecord(payload) };
  }

  /** The value's JSON form, `REFUSED` unless it is proved to be all of it. */
  exactJson(entry: RawEntry, { value }: DecodedEntry): Json {
    if (value instanceof OpaqueValue) throw refused(`The value cannot be read: ${value.why}`);
    const payload = this.payloadOf(value);
    if (payload !== null) return payload;
    const json = parseJson(writeJson(value));
    const again = this.bytesOrNull(json);
    if (again === null || entry.value === null || !sameBytes(again, entry.value)) {
      const { jsonLoss } = this.state.value ?? {};
      const why =
        jsonLoss === undefined
          ? 'The value is not the same when it is written again, so that its other fields would change too.'
          : `The value's JSON form is not all of it: ${jsonLoss}`;
      throw new EngineError('REFUSED', why, { hint: 'Set all of the value: put it, or give "set" one expression.' });
    }
    return json;
  }

  /** The value in the canonical layout; null for an empty list. `BAD_VALUE` where it does not fit its type. */
  bytes(json: Json): Uint8Array | null {
    if (!this.mayBePayload || !(json instanceof Map)) return valueBytes(this.state, json);
    const payload = inside('value', () => writeEditablePayload(this.state.name, json));
    const sink = new Sink();
    const { value } = this.state;
    if (value === null) return valueBytes(this.state, json);
    value.write(sink, payload);
    return sink.toBytes();
  }

  /** Null also where the JSON form of a value is none that values are made of. */
  private bytesOrNull(json: Json): Uint8Array | null {
    try {
      return this.bytes(json);
    } catch (e) {
      if (e instanceof EngineError && e.code === 'BAD_VALUE') return null;
      throw e;
    }
  }

  /** Bytes given as such, checked as far as their type can be read. */
  given(bytes: Uint8Array): Uint8Array {
    const { state } = this;
    if (state.kind === 'map') return Uint8Array.of(0, ...this.checked(bytes));
    return this.checked(bytes);
  }

  private checked(bytes: Uint8Array): Uint8Array {
    const { value, kind } = this.state;
    if (value === null) throw new EngineError('BAD_ARGUMENT', `The entries of ${this.state.name} have no value.`);
    const cursor = new Cursor(bytes);
    try {
      if (kind === 'list') {
        while (!cursor.atEnd) {
          value.skip(cursor);
          if (!cursor.atEnd) cursor.u8();
        }
      } else value.skip(cursor);
      cursor.expectEnd('the value');
    } catch (e) {
      if (!(e instanceof EngineError)) throw e;
      // Nobody but the job's own class could say whether they are right.
      if (e.code === 'UNREADABLE') return bytes;
      throw new EngineError('BAD_VALUE', `The bytes are no value of type ${value.type.name}: ${e.message}`);
    }
    return bytes;
  }

  private payloadOf(value: unknown): Map<string, Json> | null {
    if (!this.mayBePayload || !(value instanceof Uint8Array)) return null;
    try {
      return editablePayload(this.state.name, value);
    } catch (e) {
      if (e instanceof EngineError) return null;
      throw e;
    }
  }
}

/** JSON as a decoded value, of which an expression asks fields. */
function asRecord(json: Json): unknown {
  if (Array.isArray(json)) return json.map(asRecord);
  if (!(json instanceof Map)) return json;
  return new RecordValue([...json.keys()], [...json.values()].map(asRecord));
}

const refused = (message: string): EngineError => new EngineError('REFUSED', message);
