import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { EngineError } from '../bytes/engineError';

/** Longest expression that is parsed, in characters. */
const MAX_EXPRESSION = 10_000;

/**
 * CEL reserves the word `namespace`, which is Flink's own: it is written so to CEL, with as many letters, so that places in
 * messages stay right.
 */
export const NAMESPACE = 'nameSpace';
const STRING_COMMENT_OR_NAMESPACE =
  /[rR]?"""[\s\S]*?"""|[rR]?'''[\s\S]*?'''|[rR]"[^"\n]*"|[rR]'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|(?<![\w.])namespace(?!\w)/g;

/** An expression of CEL, checked. `BAD_ARGUMENT` with `hint` where it is none, or its types do not fit. */
export function parseCel(environment: Environment, expression: string, hint: string): ParseResult {
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
    throw new EngineError('BAD_ARGUMENT', `The expression cannot be understood: ${celMessage(e)}`, { hint, cause: e });
  }
}

/** What CEL says of an error; its further lines show the expression again, with a mark under the place. */
export function celMessage(e: unknown): string {
  return (e instanceof Error ? e.message : String(e)).split('\n')[0];
}
