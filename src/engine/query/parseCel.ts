import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { EngineError } from '../bytes/engineError';
import { STRICT_NAMES } from './celEnvironment';

/** Longest expression that is parsed, in characters. */
const MAX_EXPRESSION = 10_000;

/**
 * CEL reserves the word `namespace`, which is Flink's own: it is written so to CEL, with as many letters, so that places in
 * messages stay right.
 */
export const NAMESPACE = 'nameSpace';
const STRING_COMMENT_OR_NAME =
  /[rR]?"""[\s\S]*?"""|[rR]?'''[\s\S]*?'''|[rR]"[^"\n]*"|[rR]'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|(?<![\w.])namespace(?!\w)|(?<![\w.])u?int(?=\s*\()/g;

/** An expression of CEL in an environment of `celEnvironment`, checked. `BAD_ARGUMENT` with `hint` where it is none, or its types do not fit. */
export function parseCel(environment: Environment, expression: string, hint: string): ParseResult {
  if (expression.length > MAX_EXPRESSION) {
    throw new EngineError('BAD_ARGUMENT', `An expression has at most ${MAX_EXPRESSION} characters.`);
  }
  try {
    const parsed = environment.parse(
      expression.replace(STRING_COMMENT_OR_NAME, (token) =>
        token === 'namespace' ? NAMESPACE : (STRICT_NAMES.get(token) ?? token),
      ),
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
  const message = (e instanceof Error ? e.message : String(e)).split('\n')[0];
  return message.replace(/(?<!\w)(_u?i?nt)(?=\()/g, functionName);
}

/** The name of a function as it was written. */
export function functionName(name: string): string {
  for (const [plain, strict] of STRICT_NAMES) if (strict === name) return plain;
  return name;
}
