import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { RawEntry } from '../backends/part';
import { EngineError } from '../bytes/engineError';
import type { DecodedEntry } from '../decodeEntry';
import { celValue } from './celValue';

/** Longest expression that is parsed, in characters. */
const MAX_EXPRESSION = 10_000;

/**
 * CEL reserves the word `namespace`, which is Flink's own: it is written so to CEL, with as many letters, so that places in
 * messages stay right.
 */
const NAMESPACE = 'nameSpace';
const STRING_COMMENT_OR_NAMESPACE =
  /[rR]?"""[\s\S]*?"""|[rR]?'''[\s\S]*?'''|[rR]"[^"\n]*"|[rR]'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|(?<![\w.])namespace(?!\w)/g;

const environment = new Environment({ unlistedVariablesAreDyn: false, homogeneousAggregateLiterals: false })
  .registerVariable('key', 'dyn')
  .registerVariable(NAMESPACE, 'dyn')
  .registerVariable('mapKey', 'dyn')
  .registerVariable('value', 'dyn')
  .registerVariable('timestamp', 'dyn')
  .registerVariable('keyGroup', 'int');

/** Whether an entry is wanted. */
export type EntryFilter = (entry: RawEntry, decoded: DecodedEntry) => boolean;

/**
 * A filter from an expression of CEL, the Common Expression Language, over `key`, `namespace`, `mapKey`, `value`,
 * `timestamp` (of a timer, in milliseconds) and `keyGroup`. Integers are exact. An expression that asks an entry for what it
 * does not have (another state's field, a null's field) is false for that entry: a filter runs over states of many types.
 * Fails with `BAD_ARGUMENT` where the expression is not CEL.
 */
export function entryFilter(expression: string): EntryFilter {
  const matches = entryExpression(expression);
  return (entry, decoded) => {
    try {
      return matches(entry, decoded) === true;
    } catch {
      return false;
    }
  };
}

/** The value of an expression over an entry; throws what CEL throws where it has none. */
export type EntryExpression = (entry: RawEntry, decoded: DecodedEntry) => unknown;

/** An expression over the same names as a filter's. Fails with `BAD_ARGUMENT` where it is not CEL. */
export function entryExpression(expression: string): EntryExpression {
  const evaluate = parse(expression);
  return ({ state, keyGroup, timestamp }, { key, namespace, userKey, value }) =>
    evaluate({
      key: celValue(key, state.key?.type),
      [NAMESPACE]: celValue(namespace, state.namespace?.type),
      mapKey: celValue(userKey, state.userKey?.type),
      value: celValue(value, state.value?.type),
      timestamp,
      keyGroup: BigInt(keyGroup),
    });
}

function parse(expression: string): ParseResult {
  if (expression.length > MAX_EXPRESSION) {
    throw new EngineError('BAD_ARGUMENT', `An expression has at most ${MAX_EXPRESSION} characters.`);
  }
  try {
    const parsed = environment.parse(
      expression.replace(STRING_COMMENT_OR_NAMESPACE, (token) => (token === 'namespace' ? NAMESPACE : token)),
    );
    const check = parsed.check();
    if (!check.valid) throw check.error ?? new Error('its types do not fit');
    return parsed;
  } catch (e) {
    throw new EngineError(
      'BAD_ARGUMENT',
      // CEL's further lines show the expression again, with a mark under the place.
      `The expression cannot be understood: ${(e instanceof Error ? e.message : String(e)).split('\n')[0]}`,
      {
        hint: "Expressions are CEL over key, namespace, mapKey, value, timestamp and keyGroup, for example: value.amount < 0.0 && key.startsWith('user-')",
        cause: e,
      },
    );
  }
}
