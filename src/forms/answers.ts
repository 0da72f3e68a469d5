import { EngineError } from '../engine/bytes/engineError';
import type { OperatorDescription, StateDescription } from '../engine/description';
import type { Json } from '../engine/json/jsonValue';
import { parseJson } from '../engine/json/parseJson';
import { MAX_MAX_PARALLELISM } from '../engine/keyGroups';
import { labelText } from '../plan/spell';
import { operatorTitle } from '../view/naming';
import { spellState } from '../view/spellState';
import type { Translate } from '../view/translate';
import type { Choice } from './asker';

/** By what a plan names an operator: its uid where it has one, as that stays when the job changes. */
export const referenceOf = ({ uid, id }: OperatorDescription): string => uid ?? id;

export function operatorChoices(
  operators: readonly OperatorDescription[],
  t: Translate,
): Choice<OperatorDescription>[] {
  return operators.map((operator) => ({
    label: labelText(operatorTitle(operator)),
    description: labelText(referenceOf(operator)),
    detail:
      operator.states.length === 1
        ? t('parallelism {0} of {1}, 1 state', operator.parallelism, operator.maxParallelism)
        : t(
            'parallelism {0} of {1}, {2} states',
            operator.parallelism,
            operator.maxParallelism,
            operator.states.length,
          ),
    value: operator,
  }));
}

export function stateChoices(states: readonly StateDescription[]): Choice<StateDescription>[] {
  return states.map((state) => ({
    label: labelText(state.name),
    description: state.kind,
    detail: labelText(spellState(state), 200),
    value: state,
  }));
}

/** JSON; the text itself where a string is wanted and it is not in quotes. Fails with `BAD_VALUE`. */
export function jsonAnswer(answer: string, type: string | null): Json {
  const text = answer.trim();
  if (type === 'string' && !text.startsWith('"')) return text;
  return parseJson(text);
}

export function checkJson(type: string | null, t: Translate): (answer: string) => string | null {
  return (answer) => {
    if (answer.trim() === '' && type !== 'string') return t('JSON is wanted here.');
    try {
      jsonAnswer(answer, type);
      return null;
    } catch (e) {
      return e instanceof EngineError ? e.message : String(e);
    }
  };
}

/** A number of subtasks or key groups; `empty` where nothing may be answered. */
export function checkCount(t: Translate, empty: boolean): (answer: string) => string | null {
  return (answer) => {
    if (answer.trim() === '' && empty) return null;
    const count = countAnswer(answer);
    return count !== null && count >= 1 && count <= MAX_MAX_PARALLELISM
      ? null
      : t('A whole number from 1 to {0} is wanted.', MAX_MAX_PARALLELISM);
  };
}

export function countAnswer(answer: string): number | null {
  const text = answer.trim();
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export function checkNotEmpty(t: Translate): (answer: string) => string | null {
  return (answer) => (answer === '' ? t('It must not be empty.') : null);
}
