import { decodeEntry } from '../../engine/decodeEntry';
import { writeJson } from '../../engine/json/writeJson';
import type { KeptEntry } from '../../engine/rows/keptEntry';
import { OpaqueValue } from '../../engine/types/values';
import type { OpenValue } from '../../view/shownRows';
import { cutAt } from './cellText';
import { Columns } from './columns';
import { entryLine } from './entryDetail';
import { jsonLines } from './jsonLines';
import { TimeZone } from './timeZone';
import { hexDump, wholeText } from './wholeText';

/** Characters of a text, and bytes of a hex dump, that an editor of VS Code still shows well. */
const MOST_CHARACTERS = 32 << 20;
const MOST_BYTES = 4 << 20;

/** A column of an entry (or all of it) for an editor of its own. */
export function valueText(
  entry: KeptEntry,
  { column: id, as, zone }: Pick<OpenValue, 'column' | 'as' | 'zone'>,
): string {
  const { raw } = entry;
  const decoded = decodeEntry(raw);
  // Ids of fields begin with that of their part, whose columns stand as they begin.
  const column = id === null ? undefined : columnsWith(entry, id).find(id);
  const value = column?.value(entry, decoded);
  if (as === 'hex') return cut(hexDump((bytesOf(value) ?? partOf(entry, id)).subarray(0, MOST_BYTES)), MOST_BYTES * 5);
  if (as === 'text' && column !== undefined) {
    return cut(wholeText(value, column.type, TimeZone.named(zone)), MOST_CHARACTERS);
  }
  const json = id === null ? entryLine(entry) : value === undefined ? '' : writeJson(value);
  return jsonLines(json, MOST_CHARACTERS).text;
}

/** Columns among which that one is: every part that it lies in is split. */
function columnsWith({ raw }: KeptEntry, id: string): Columns {
  const { state } = raw;
  const begin = new Columns(state);
  const toggled = new Set<string>();
  const steps = id.split('.');
  for (let i = 1; i < steps.length; i++) {
    const parent = steps.slice(0, i).join('.');
    if (begin.find(parent) !== undefined || i > 1) toggled.add(parent);
  }
  if (steps.length === 1 && begin.find(id) === undefined) toggled.add(id);
  return new Columns(state, toggled);
}

const bytesOf = (value: unknown): Uint8Array | null =>
  value instanceof Uint8Array ? value : value instanceof OpaqueValue ? value.bytes : null;

/** The bytes of the part that a column stands for, as they are stored. */
function partOf({ raw }: KeptEntry, id: string | null): Uint8Array {
  const part = id?.split('.')[0] ?? 'value';
  const bytes = part === 'key' || part === 'namespace' ? raw[part] : part === 'mapKey' ? raw.userKey : raw.value;
  return bytes ?? new Uint8Array(0);
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${cutAt(text, most)}\n…`);
