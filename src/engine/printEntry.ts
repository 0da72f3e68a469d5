import { LIST_DELIMITER } from './backends/canonicalMarks';
import { isNullValue, type PartState } from './backends/part';
import { ABSENT, type SlicedEntry } from './backends/slicedEntry';
import { Cursor } from './bytes/cursor';
import { EngineError } from './bytes/engineError';
import { type DecodedEntry, EntryDecoder, isVoid } from './decodeEntry';
import type { JsonBytes } from './json/jsonBytes';
import { writeJson } from './json/writeJson';
import { CLOSE_LIST, COMMA, OPEN_LIST, type Printer, printerOf, printOrNull } from './types/printer';

const NOTHING = new Uint8Array(0);

/**
 * Prints what `EntryDecoder` gives for the parts of an entry as `writeJson` does, from the bytes and without making the values
 * where the codecs can. What cannot be printed so is decoded, and becomes what it becomes there.
 */
export class EntryPrinter {
  private readonly cursor = new Cursor(NOTHING);
  private readonly decoder = new EntryDecoder();
  private state: PartState | null = null;
  private forms: StateForms = NO_FORMS;

  constructor(private readonly out: JsonBytes) {}

  /** Prints a part behind `head`; neither where the entry does not have it. */
  key(entry: SlicedEntry, head: Uint8Array): void {
    const { bytes, keyFrom, keyTo, fault } = entry;
    if (keyFrom === ABSENT) return;
    this.print(fault === null ? this.formsOf(entry).key : null, entry, 'key', bytes, keyFrom, keyTo, head);
  }

  namespace(entry: SlicedEntry, head: Uint8Array): void {
    const { state, namespaceBytes, namespaceFrom, namespaceTo } = entry;
    if (namespaceFrom === ABSENT || isVoid(state.namespace)) return;
    const { namespace } = this.formsOf(entry);
    this.print(namespace, entry, 'namespace', namespaceBytes, namespaceFrom, namespaceTo, head);
  }

  userKey(entry: SlicedEntry, head: Uint8Array): void {
    const { bytes, userKeyFrom, userKeyTo } = entry;
    if (userKeyFrom === ABSENT) return;
    this.print(this.formsOf(entry).userKey, entry, 'userKey', bytes, userKeyFrom, userKeyTo, head);
  }

  value(entry: SlicedEntry, head: Uint8Array): void {
    const { state, bytes, valueFrom, valueTo, userKeyFrom } = entry;
    if (valueFrom === ABSENT) return;
    // Else it may be a map that could not be split into its entries.
    const isOfItsLayout = state.layout !== 'nullable' || userKeyFrom !== ABSENT;
    this.print(isOfItsLayout ? this.formsOf(entry).value : null, entry, 'value', bytes, valueFrom, valueTo, head);
  }

  private print(
    printer: Printer | null,
    entry: SlicedEntry,
    what: keyof DecodedEntry,
    bytes: Uint8Array,
    from: number,
    to: number,
    head: Uint8Array,
  ): void {
    const { out } = this;
    out.raw(head);
    if (printer !== null) {
      const { cursor } = this;
      const start = out.length;
      cursor.turnTo(bytes, from, to);
      try {
        printer(cursor, out);
        if (cursor.position === to) return;
      } catch (e) {
        if (!(e instanceof EngineError)) throw e;
      }
      out.length = start;
    }
    out.text(writeJson(this.decoder.decode(entry)[what]));
  }

  private formsOf({ state }: SlicedEntry): StateForms {
    if (this.state !== state) {
      this.state = state;
      this.forms = formsOf(state);
    }
    return this.forms;
  }
}

/** How the parts of a state's entries are printed; null where their types are not known. */
interface StateForms {
  readonly key: Printer | null;
  readonly namespace: Printer | null;
  readonly userKey: Printer | null;
  readonly value: Printer | null;
}

const NO_FORMS: StateForms = { key: null, namespace: null, userKey: null, value: null };

function formsOf({ key, namespace, userKey, value, layout }: PartState): StateForms {
  const of = (codec: PartState['key']): Printer | null => (codec === null ? null : printerOf(codec));
  const whole = of(value);
  return {
    key: of(key),
    namespace: of(namespace),
    userKey: of(userKey),
    value:
      whole === null
        ? null
        : layout === 'delimited'
          ? delimited(whole)
          : layout === 'nullable'
            ? nullable(whole)
            : whole,
  };
}

/** Nothing that stands behind a null counts. */
function nullable(print: Printer): Printer {
  return (cursor, out) => {
    const isNull = isNullValue(cursor.bytes, cursor.position, cursor.position + cursor.remaining);
    printOrNull(cursor, out, print);
    if (isNull) cursor.skip(cursor.remaining);
  };
}

/** Elements with one byte between them, as a list. */
function delimited(print: Printer): Printer {
  return (cursor, out) => {
    out.byte(OPEN_LIST);
    for (let first = true; !cursor.atEnd; first = false) {
      if (!first) out.byte(COMMA);
      print(cursor, out);
      if (!cursor.atEnd && cursor.u8() !== LIST_DELIMITER) throw cursor.corrupt('Elements have a comma between them.');
    }
    out.byte(CLOSE_LIST);
  };
}
