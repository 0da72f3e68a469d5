import type { StateBackendKind } from '../../engine/description';
import type { EntryDifference } from '../../engine/diff/difference';
import { differenceJson } from '../../engine/diff/differenceJson';
import { isList, type StatePair } from '../../engine/diff/statePair';
import { parseJson } from '../../engine/json/parseJson';
import type { DifferenceDetail, DifferenceRow, TextPiece } from '../../view/shownComparison';
import { cutAt } from '../entries/cellText';
import { TimeZone } from '../entries/timeZone';
import { markedPieces, plainPieces, sideBySide } from './sideBySide';

/** Longest text of a key in a row, in characters. */
const MOST_KEY = 400;
/** JSON that is longer is not taken apart for a row of a table. */
const MOST_JSON = 256 * 1024;

/** A difference as a row of a table. */
export function rowOf(difference: EntryDifference): DifferenceRow {
  const { what, key, namespace, mapKey, timestamp, times } = difference;
  return {
    what,
    key: cut(key),
    namespace: cut(namespace),
    mapKey: cut(mapKey),
    time: timestamp === null ? null : { millis: String(timestamp), instant: TimeZone.UTC.millis(timestamp) },
    ...valuesOf(difference),
    times,
  };
}

/** A row whose values are too large for a table: how large stands in their place. */
export function withoutValues(row: DifferenceRow, bytes: number): DifferenceRow {
  const size: TextPiece[] = [{ text: `${bytes} bytes`, marked: false }];
  return { ...row, before: row.what === 'added' ? null : size, after: row.what === 'removed' ? null : size };
}

/** The same whole, with all that can be said of it. */
export function detailOf(
  pair: StatePair,
  difference: EntryDifference,
  backends: DifferenceDetail['backends'],
): DifferenceDetail {
  const { keyGroup, before, after, key, namespace, mapKey } = difference;
  const side = (text: string | null) => (text === null ? undefined : parseJson(text));
  return {
    row: { ...rowOf(difference), key, namespace, mapKey },
    keyGroup: keyGroup < 0 ? null : keyGroup,
    ...(before === null && after === null ? { lines: [], more: 0 } : sideBySide(side(before), side(after))),
    backends,
    canPutBack: canPutBack(pair, difference, backends.after),
    json: differenceJson(difference),
  };
}

/** The old value can be put there again: not an element of a list, which has no place of its own, and no timer. */
function canPutBack(pair: StatePair, { before }: EntryDifference, after: StateBackendKind | null): boolean {
  if (before === null || after === null || isList(pair.after) || pair.after.kind === 'timer') return false;
  // Into a state of another type it does not fit.
  return pair.changes.length === 0;
}

function valuesOf({ before, after }: EntryDifference): Pick<DifferenceRow, 'before' | 'after'> {
  if ((before?.length ?? 0) + (after?.length ?? 0) > MOST_JSON)
    return { before: longText(before), after: longText(after) };
  if (before !== null && after !== null) return markedPieces(parseJson(before), parseJson(after));
  const alone = (text: string | null): TextPiece[] | null => (text === null ? null : plainPieces(parseJson(text)));
  return { before: alone(before), after: alone(after) };
}

const longText = (text: string | null): TextPiece[] | null =>
  text === null ? null : [{ text: cut(text) ?? '', marked: false }];

const cut = (text: string | null): string | null =>
  text === null || text.length <= MOST_KEY ? text : `${cutAt(text, MOST_KEY)}…`;
