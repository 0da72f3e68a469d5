import type { ParseResult } from '@marcbachmann/cel-js';
import type { RawEntry } from '../backends/part';
import type { DecodedEntry } from '../decodeEntry';
import { TtlValue } from '../types/values';
import { celEnvironment } from './celEnvironment';
import { celValue } from './celValue';
import { celMessage, NAMESPACE, parseCel } from './parseCel';

const environment = celEnvironment()
  .registerVariable('key', 'dyn')
  .registerVariable(NAMESPACE, 'dyn')
  .registerVariable('mapKey', 'dyn')
  .registerVariable('value', 'dyn')
  .registerVariable('timestamp', 'dyn')
  .registerVariable('ttl', 'dyn')
  .registerVariable('subtask', 'dyn')
  .registerVariable('index', 'dyn')
  .registerVariable('keyGroup', 'int');

/** Whether an entry is wanted. `subtask` is null to the expression where it is not given. */
export type EntryFilter = (entry: RawEntry, decoded: DecodedEntry, subtask?: number) => boolean;

/**
 * A filter from an expression of CEL, the Common Expression Language, over `key`, `namespace`, `mapKey`, `value`,
 * `timestamp` (of a timer, in milliseconds), `ttl` (the stamp of a value with a time-to-live), `keyGroup`, and of operator state
 * `subtask` and `index`. Integers are exact. An expression that asks an entry for what it
 * does not have (another state's field, a null's field) is false for that entry: a filter runs over states of many types.
 * `misfit` is told why. Fails with `BAD_ARGUMENT` where the expression is not CEL.
 */
export function entryFilter(expression: string, misfit: FilterMisfit = { why: null }): EntryFilter {
  const matches = entryExpression(expression);
  return (entry, decoded, subtask) => {
    try {
      const result = matches(entry, decoded, subtask);
      if (typeof result !== 'boolean') misfit.why ??= 'It gives neither true nor false.';
      return result === true;
    } catch (e) {
      misfit.why ??= celMessage(e);
      return false;
    }
  };
}

/** Why a filter was neither true nor false for the first entry of which that goes; null as long as there is none. */
export interface FilterMisfit {
  why: string | null;
}

/** The value of an expression over an entry; throws what CEL throws where it has none. */
export type EntryExpression = (entry: RawEntry, decoded: DecodedEntry, subtask?: number) => unknown;

/** An expression over the same names as a filter's. Fails with `BAD_ARGUMENT` where it is not CEL. */
export function entryExpression(expression: string): EntryExpression {
  const evaluate = parse(expression);
  return ({ state, keyGroup, timestamp, index }, { key, namespace, userKey, value }, subtask) =>
    evaluate({
      key: celValue(key, state.key?.type),
      [NAMESPACE]: celValue(namespace, state.namespace?.type),
      mapKey: celValue(userKey, state.userKey?.type),
      value: celValue(value, state.value?.type),
      timestamp,
      ttl: value instanceof TtlValue ? value.lastAccess : null,
      keyGroup: BigInt(keyGroup),
      subtask: subtask === undefined ? null : BigInt(subtask),
      index: index < 0 ? null : BigInt(index),
    });
}

const parse = (expression: string): ParseResult =>
  parseCel(
    environment,
    expression,
    "Expressions are CEL over key, namespace, mapKey, value, timestamp and keyGroup, for example: value.amount < 0.0 && key.startsWith('user-')",
  );
