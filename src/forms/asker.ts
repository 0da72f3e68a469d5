/** Something to choose from. */
export interface Choice<T> {
  label: string;
  description?: string | undefined;
  detail?: string | undefined;
  /** A heading above this choice and those that follow. */
  heading?: string | undefined;
  value: T;
}

export interface PickQuestion<T> {
  prompt: string;
  choices: readonly Choice<T>[];
  /** The choice that has the focus at first. */
  active?: T | undefined;
}

export interface InputQuestion {
  prompt: string;
  value?: string | undefined;
  placeholder?: string | undefined;
  /** What is wrong with an answer, in words; null where nothing is. */
  check(answer: string): string | null | Promise<string | null>;
}

/** The person goes one question back. */
export const BACK = Symbol('back');
/** The person leaves the form. */
export const CANCEL = Symbol('cancel');

/**
 * Asks a person, one question after the other. It throws `BACK` or `CANCEL` where the person does not answer: only
 * `ask` catches them.
 */
export interface Asker {
  pick<T>(question: PickQuestion<T>): Promise<T>;
  /** At least one. */
  pickMany<T>(question: PickQuestion<T> & { picked: (value: T) => boolean }): Promise<T[]>;
  input(question: InputQuestion): Promise<string>;
}

/** A question of a form: asks, notes the answer, and says which question comes next; null at the end. */
export type Question = (asker: Asker) => Promise<Question | null>;

/** Goes through a form, back and forth. False where the person left it. */
export async function ask(asker: (number: number) => Asker, first: Question): Promise<boolean> {
  const asked: Question[] = [];
  let question: Question | null = first;
  while (question !== null) {
    try {
      const next: Question | null = await question(asker(asked.length + 1));
      asked.push(question);
      question = next;
    } catch (e) {
      if (e === CANCEL) return false;
      if (e !== BACK) throw e;
      question = asked.pop() ?? question;
    }
  }
  return true;
}
