import type { PartState } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import { decodeEntry } from '../decodeEntry';
import { encodeBase64 } from '../json/base64';
import type { Json } from '../json/jsonValue';
import { writeJson } from '../json/writeJson';
import { valueBytes } from '../plan/partBytes';
import { stampedAsEqual } from '../plan/timeToLive';
import { celEnvironment } from '../query/celEnvironment';
import { celValue } from '../query/celValue';
import { celMessage, parseCel } from '../query/parseCel';
import { OpaqueValue, TtlValue } from '../types/values';
import { celCell } from './cel/celCell';
import { rawEntryOf } from './compositeParts';
import type { EntryMerge } from './keyGroupMerge';
import type { MergeRule } from './step';

const environment = celEnvironment().registerVariable('old', 'dyn').registerVariable('value', 'dyn');
const HINT = 'Expressions are CEL over old and value, for example: old + value';

/**
 * What becomes of an entry that rows and the operator both have. `BAD_ARGUMENT` where nothing can be appended to such a state,
 * or the expression is none.
 */
export function entryMerge(rule: MergeRule, state: PartState, isExisting: boolean): EntryMerge {
  if (rule.kind !== 'expression') {
    const takesMore = state.kind === 'list' || state.kind === 'map' || state.kind === 'timer';
    if (rule.kind === 'append' && isExisting && !takesMore) {
      throw new EngineError('BAD_ARGUMENT', `${state.name} is no list and no map, so that nothing can be appended.`, {
        hint: 'Say "replace", "keep" or an expression over old and value.',
      });
    }
    return { kind: rule.kind };
  }
  const evaluate = parseCel(environment, rule.expression, HINT);
  // Timers have no value to compute: those of both are kept.
  if (state.kind === 'timer') return { kind: 'append' };
  const compute = (key: Uint8Array, old: Uint8Array, value: Uint8Array): Uint8Array | null => {
    const [before, now] = [old, value].map((bytes) => decodeEntry(rawEntryOf(state, -1, key, bytes)));
    try {
      const values = [before.value, now.value].map((item) => {
        if (item instanceof OpaqueValue) throw new EngineError('REFUSED', `A value cannot be read: ${item.why}`);
        return celValue(item, typeOfValue(state));
      });
      const result = evaluated(evaluate, values[0], values[1]);
      return result === null ? null : valueBytes(state, stamped(state, result, before.value, now.value));
    } catch (e) {
      if (e instanceof EngineError) throw e.at({ where: `${state.name} / key ${writeJson(now.key)} / merge` });
      throw e;
    }
  };
  return { kind: 'compute', compute };
}

/** Of a list, CEL sees the elements; their type is told by each of them. */
function typeOfValue(state: PartState) {
  const type = state.value?.type;
  if (state.kind !== 'list' || type === undefined) return type;
  return { name: 'list', arguments: [type], serializer: '' };
}

function evaluated(evaluate: (context: Record<string, unknown>) => unknown, old: unknown, value: unknown): Json {
  let result: unknown;
  try {
    result = evaluate({ old, value });
  } catch (e) {
    throw new EngineError('REFUSED', `The expression has no value for this entry: ${celMessage(e)}`);
  }
  const cell = celCell(result);
  return cell instanceof Uint8Array ? encodeBase64(cell) : cell;
}

/** A value with a time-to-live has the stamp of the row's; elements of a list keep theirs, new ones have that of the row's first. */
function stamped(state: PartState, json: Json, before: unknown, now: unknown): Json {
  const timed = Array.isArray(now) ? now.find((item) => item instanceof TtlValue) : now;
  if (!(timed instanceof TtlValue)) return json;
  const [old, rows] = [before, now].map((list): unknown[] => (Array.isArray(list) ? list : []));
  if (state.kind === 'list' && Array.isArray(json))
    return stampedAsEqual(state, json, [...rows, ...old], timed.lastAccess);
  return new Map<string, Json>([
    ['$ttl', timed.lastAccess],
    ['value', json],
  ]);
}
