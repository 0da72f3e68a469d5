import type { OperatorDescription } from '../engine/description';
import { object, type PlanStepJson, stepOf } from '../plan/planText';
import type { Translate } from '../view/translate';
import { checkCount, countAnswer, operatorChoices, referenceOf } from './answers';
import { type Asker, ask, type Question } from './asker';

export interface RescaleSubject {
  operators: readonly OperatorDescription[];
  /** The operator that the person chose before; null for all of them. */
  chosen: OperatorDescription | null;
}

/** Asks for another parallelism or max parallelism, of all operators or of some. Null where the person left. */
export async function rescaleForm(
  { operators, chosen }: RescaleSubject,
  asker: (number: number) => Asker,
  t: Translate,
): Promise<PlanStepJson | null> {
  const answers = { operators: [...operators], parallelism: '', maxParallelism: '' };

  const which: Question = async (asker) => {
    const picked = new Set(chosen === null ? operators : [chosen]);
    answers.operators = await asker.pickMany({
      prompt: t('Which operators?'),
      choices: operatorChoices(operators, t),
      picked: (operator) => picked.has(operator),
    });
    return parallelism;
  };
  const parallelism: Question = async (asker) => {
    const now = valuesOf(answers.operators.map((operator) => operator.parallelism));
    answers.parallelism = await asker.input({
      prompt: t('New parallelism (now {0}); nothing to keep it', now),
      value: answers.parallelism,
      placeholder: now,
      check: checkCount(t, true),
    });
    return maxParallelism;
  };
  const maxParallelism: Question = async (asker) => {
    const now = valuesOf(answers.operators.map((operator) => operator.maxParallelism));
    answers.maxParallelism = await asker.input({
      prompt: t('New max parallelism (now {0}); nothing to keep it', now),
      value: answers.maxParallelism,
      placeholder: now,
      check: (answer) => checkCount(t, true)(answer) ?? checkBoth(answers, answer, t),
    });
    return null;
  };

  if (!(await ask(asker, which))) return null;
  const all = answers.operators.length === operators.length;
  return stepOf(
    'rescale',
    object({
      parallelism: numberOf(answers.parallelism),
      maxParallelism: numberOf(answers.maxParallelism),
      operators: all ? undefined : answers.operators.map(referenceOf),
    }),
  );
}

function checkBoth(
  answers: { operators: readonly OperatorDescription[]; parallelism: string },
  answer: string,
  t: Translate,
): string | null {
  const [parallelism, wanted] = [countAnswer(answers.parallelism), countAnswer(answer)];
  if (parallelism === null && wanted === null) return t('Give one of the two: nothing would change.');
  for (const operator of answers.operators) {
    const [subtasks, keyGroups] = [parallelism ?? operator.parallelism, wanted ?? operator.maxParallelism];
    if (subtasks > keyGroups)
      return t('The parallelism {0} must not be larger than the max parallelism {1}.', subtasks, keyGroups);
  }
  return null;
}

const numberOf = (answer: string): bigint | undefined => {
  const count = countAnswer(answer);
  return count === null ? undefined : BigInt(count);
};

/** `4`, or `2 to 8` where operators differ. */
function valuesOf(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least}–${most}`;
}
