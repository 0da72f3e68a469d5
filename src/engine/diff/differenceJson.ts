import type { EntryDifference } from './difference';

/**
 * A difference as one line of JSON: its parts are the JSON of a dump, numbers with all their digits. For scripts: names and order
 * stay.
 */
export function differenceJson(difference: EntryDifference): string {
  const { operator, state, what, keyGroup, timestamp, fields, times, key, namespace, mapKey, before, after } =
    difference;
  const parts: [name: string, json: string][] = [
    ['operator', JSON.stringify(operator)],
    ['state', JSON.stringify(state)],
    ['what', JSON.stringify(what)],
    ['keyGroup', String(keyGroup)],
    ['times', String(times)],
    ['timestamp', String(timestamp)],
    ['fields', JSON.stringify(fields)],
    ['key', String(key)],
    ['namespace', String(namespace)],
    ['mapKey', String(mapKey)],
    ['before', String(before)],
    ['after', String(after)],
  ];
  return `{${parts.map(([name, json]) => `"${name}":${json}`).join()}}`;
}
