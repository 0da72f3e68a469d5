import { EngineError } from '../engine/bytes/engineError';
import { parseJson } from '../engine/json/parseJson';
import { printJson } from '../engine/json/printJson';
import type { ComparedState } from '../view/shownComparison';

/** The old entry of a difference (a line of JSON as `differenceJson` makes it) as a line of a dump, as forms of plans take it. */
export function entryLine(json: string, { operator, state, of }: ComparedState): string {
  const difference = parseJson(json);
  if (!(difference instanceof Map)) throw new EngineError('INTERNAL', 'The difference is no object.');
  const part = (name: string) => difference.get(name) ?? null;
  const parts = [
    ['op', operator],
    ['state', state],
    // Of keyed state the kind makes no difference to a step that puts an entry.
    ['kind', of === 'operator' ? 'broadcast' : 'value'],
    ['key', part('key')],
    ...(part('namespace') === null ? [] : [['ns', part('namespace')] as const]),
    ...(part('mapKey') === null ? [] : [['ukey', part('mapKey')] as const]),
    ['value', part('before')],
  ] as const;
  return printJson(new Map(parts.filter(([name, value]) => value !== null || name === 'value')));
}
