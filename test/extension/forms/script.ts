import type { Asker, Choice } from '../../../src/forms/asker';

/** An answer: a text or a label, several labels, or what a person does who does not answer (`BACK`, `CANCEL`). */
export type Answer = string | string[] | symbol;

/** A question as it was asked. */
export interface Asked {
  number: number;
  prompt: string;
  /** Labels, or the text that stood there already. */
  offered: string[];
  /** Complaints about answers that were tried before. */
  complaints: string[];
}

/** A person who answers from a list. An input's answer that is complained about is followed by the next one. */
export function scripted(...answers: Answer[]): { asker: (number: number) => Asker; asked: Asked[]; left: Answer[] } {
  const asked: Asked[] = [];
  const next = (): string | string[] => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`Nobody answers: ${asked.at(-1)?.prompt}`);
    if (typeof answer === 'symbol') throw answer;
    return answer;
  };
  const begin = (number: number, prompt: string, offered: string[]): Asked => {
    const question = { number, prompt, offered, complaints: [] };
    asked.push(question);
    return question;
  };
  const choiceOf = <T>(choices: readonly Choice<T>[], label: Answer): T => {
    const found = choices.find((choice) => choice.label === label);
    if (found === undefined)
      throw new Error(`There is no choice "${String(label)}" but ${choices.map((c) => c.label)}`);
    return found.value;
  };
  const asker = (number: number): Asker => ({
    async pick({ prompt, choices }) {
      begin(
        number,
        prompt,
        choices.map(({ label }) => label),
      );
      return choiceOf(choices, next());
    },
    async pickMany({ prompt, choices, picked }) {
      begin(
        number,
        prompt,
        choices.filter(({ value }) => picked(value)).map(({ label }) => label),
      );
      const labels = next();
      return (Array.isArray(labels) ? labels : [labels]).map((label) => choiceOf(choices, label));
    },
    async input({ prompt, value, check }) {
      const question = begin(number, prompt, [value ?? '']);
      for (;;) {
        const answer = next();
        if (typeof answer !== 'string') throw new Error('An input is answered with a text.');
        const wrong = await check(answer);
        if (wrong === null) return answer;
        question.complaints.push(wrong);
      }
    },
  });
  return { asker, asked, left: answers };
}
