import { spellType } from '../engine/types/typeInfo';
import type { PlanStepJson } from '../plan/planText';
import { exampleOf } from '../plan/typeForms';
import type { Translate } from '../view/translate';
import { checkJson, checkNotEmpty, operatorChoices, stateChoices } from './answers';
import { type Asker, ask, type Choice, type Question } from './asker';
import { changesOf, isEdited, type ModifySubject } from './modifyChanges';
import { type Answers, isKeyed, mapKeyType, modifyStep, valueTypeFor } from './modifyStep';

/** Asks for one change. Null where the person left. */
export async function modifyForm(
  subject: ModifySubject,
  asker: (number: number) => Asker,
  t: Translate,
): Promise<PlanStepJson | null> {
  const form = new ModifyForm(subject, t);
  return (await ask(asker, form.first)) ? modifyStep(form.answers) : null;
}

class ModifyForm {
  readonly answers: Answers;

  constructor(
    private readonly subject: ModifySubject,
    private readonly t: Translate,
  ) {
    const typed = { key: '', namespace: '', mapKey: '', timestamp: '', value: '', where: '', set: '', to: '' };
    const { operator, state } = subject;
    this.answers = { change: 'put', operator, state, from: undefined, selection: 'key', field: null, typed };
  }

  readonly first: Question = async (asker) => {
    this.answers.change = await asker.pick({
      prompt: this.t('What do you want to change?'),
      choices: changesOf(this.subject, this.t),
    });
    if (this.answers.change === 'copyOperator') return this.other;
    if (this.answers.change === 'setCheckpointId') return this.checkpoint;
    return this.subject.operator === null ? this.operator : this.behindOperator();
  };

  private readonly operator: Question = async (asker) => {
    const { change } = this.answers;
    const ofOperator = change === 'changeUid' || change === 'removeOperator';
    const { operators } = this.subject.snapshot;
    const possible = ofOperator ? operators : operators.filter((operator) => operator.states.some(isEdited));
    this.answers.operator = await asker.pick({
      prompt: this.t('Which operator?'),
      choices: operatorChoices(possible, this.t),
      active: this.answers.operator ?? undefined,
    });
    return this.behindOperator();
  };

  private behindOperator(): Question | null {
    const { change } = this.answers;
    if (change === 'removeOperator') return null;
    if (change === 'changeUid') return this.newUid;
    return this.subject.state === null ? this.state : this.behindState();
  }

  private readonly state: Question = async (asker) => {
    const states = (this.answers.operator?.states ?? []).filter(isEdited);
    this.answers.state = await asker.pick({
      prompt: this.t('Which state?'),
      choices: stateChoices(states),
      active: this.answers.state ?? undefined,
    });
    return this.behindState();
  };

  private behindState(): Question | null {
    switch (this.answers.change) {
      case 'renameState':
        return this.newName;
      case 'removeState':
        return null;
      case 'put':
        if (isKeyed(this.answers)) return this.key;
        return this.answers.state?.kind === 'broadcast' ? this.mapKey : this.value;
      default:
        return this.selection;
    }
  }

  private readonly selection: Question = async (asker) => {
    const { t } = this;
    const { change } = this.answers;
    const one: Choice<Answers['selection']> = { label: t('Those of one key'), value: 'key' };
    const all: Choice<Answers['selection']> = { label: t('All entries of the state'), value: 'all' };
    this.answers.selection = await asker.pick({
      prompt: t('Which entries?'),
      choices: [
        ...(isKeyed(this.answers) ? [one] : []),
        { label: t('Those that match an expression'), detail: t('In CEL, such as value.amount < 0.0'), value: 'where' },
        ...(change === 'update' ? [all] : []),
      ],
      active: this.answers.selection,
    });
    const { selection, typed } = this.answers;
    if (selection !== 'key') Object.assign(typed, { key: '', namespace: '', mapKey: '', timestamp: '' });
    if (selection !== 'where') typed.where = '';
    if (selection === 'all') return this.field();
    return selection === 'key' ? this.key : this.where;
  };

  private readonly where: Question = async (asker) => {
    this.answers.typed.where = await asker.input({
      prompt: this.t('Expression over key, namespace, mapKey and value, in CEL'),
      value: this.answers.typed.where,
      placeholder: "value.amount < 0.0 && key.startsWith('user-')",
      check: checkNotEmpty(this.t),
    });
    return this.answers.change === 'delete' ? null : this.field();
  };

  private readonly key: Question = async (asker) => {
    const { state } = this.answers;
    await this.typeIn(asker, 'key', this.t('Key, {0}', state?.keyType ?? 'JSON'), state?.keyType ?? null);
    return state?.namespaceType == null ? this.behindNamespace() : this.namespace;
  };

  private readonly namespace: Question = async (asker) => {
    const type = this.answers.state?.namespaceType ?? null;
    await this.typeIn(asker, 'namespace', this.t('Namespace, {0}', type ?? 'JSON'), type);
    return this.behindNamespace();
  };

  private behindNamespace(): Question | null {
    const { state, change } = this.answers;
    if (state?.kind === 'map') return this.mapKey;
    return state?.kind === 'timer' && change === 'put' ? this.timestamp : this.behindEntry();
  }

  private readonly timestamp: Question = async (asker) => {
    const { typed } = this.answers;
    const wrong = this.t('A whole number is wanted.');
    typed.timestamp = await asker.input({
      prompt: this.t('Timestamp of the timer, in milliseconds since 1970'),
      value: typed.timestamp,
      check: (answer) => (/^-?\d{1,19}$/.test(answer) ? null : wrong),
    });
    return null;
  };

  /** A map's key may be left out: then it is about the whole map. */
  private readonly mapKey: Question = async (asker) => {
    const type = mapKeyType(this.answers);
    const { typed } = this.answers;
    const check = checkJson(type, this.t);
    typed.mapKey = await asker.input({
      prompt: this.t('Key in the map, {0}; nothing for the whole map', type ?? 'JSON'),
      value: typed.mapKey,
      check: (answer) => (answer === '' ? null : check(answer)),
    });
    return this.behindEntry();
  };

  private behindEntry(): Question | null {
    const { change } = this.answers;
    if (change === 'delete') return null;
    return change === 'put' ? this.value : this.field();
  }

  private readonly value: Question = async (asker) => {
    const type = valueTypeFor(this.answers);
    const { typed } = this.answers;
    if (typed.value === '' && type !== null && type.name !== 'string') typed.value = exampleOf(type) ?? '';
    const spelled = type === null ? 'JSON' : spellType(type);
    await this.typeIn(asker, 'value', this.t('Value, {0}', spelled), type?.name ?? null);
    return null;
  };

  /** Asks which field, where there are some. */
  private field(): Question {
    if (this.answers.state?.kind === 'timer') {
      this.answers.field = 'timestamp';
      return this.set;
    }
    return (valueTypeFor(this.answers)?.fields?.length ?? 0) > 0 ? this.whichField : this.set;
  }

  private readonly whichField: Question = async (asker) => {
    const fields = valueTypeFor(this.answers)?.fields ?? [];
    this.answers.field = await asker.pick<string | null>({
      prompt: this.t('What of the value changes?'),
      choices: [
        ...fields.map(({ name, type }) => ({ label: name, description: spellType(type), value: name })),
        { label: this.t('All of it'), value: null },
      ],
      active: this.answers.field,
    });
    return this.set;
  };

  private readonly set: Question = async (asker) => {
    const { field, typed } = this.answers;
    const isTimer = this.answers.state?.kind === 'timer';
    const old = isTimer ? 'timestamp' : field === null ? 'value' : `value.${field}`;
    typed.set = await asker.input({
      prompt: this.t('New value as an expression of CEL; the old one is {0}', old),
      value: typed.set === '' ? old : typed.set,
      check: checkNotEmpty(this.t),
    });
    return null;
  };

  private readonly newName: Question = async (asker) => {
    await this.typeTo(asker, this.t('New name of the state'), this.answers.state?.name ?? '', checkNotEmpty(this.t));
    return null;
  };

  private readonly newUid: Question = async (asker) => {
    await this.typeTo(
      asker,
      this.t('New uid, as the job sets it'),
      this.answers.operator?.uid ?? '',
      checkNotEmpty(this.t),
    );
    return null;
  };

  private readonly checkpoint: Question = async (asker) => {
    const now = String(this.subject.snapshot.checkpointId);
    const wrong = this.t('A whole number is wanted.');
    await this.typeTo(asker, this.t('Checkpoint id (now {0})', now), now, (answer) =>
      /^\d{1,18}$/.test(answer) ? null : wrong,
    );
    return null;
  };

  private readonly other: Question = async () => {
    const other = await this.subject.otherSnapshot();
    if (other === null) return this.first;
    this.answers.from = other.from;
    return async (asker) => {
      this.answers.operator = await asker.pick({
        prompt: this.t('Which operator?'),
        choices: operatorChoices(other.snapshot.operators, this.t),
      });
      return this.copyUid;
    };
  };

  private readonly copyUid: Question = async (asker) => {
    const prompt = this.t('Its uid in the new snapshot; nothing to keep its id');
    await this.typeTo(asker, prompt, this.answers.operator?.uid ?? '', () => null);
    return null;
  };

  private async typeIn(
    asker: Asker,
    field: keyof Answers['typed'],
    prompt: string,
    type: string | null,
  ): Promise<void> {
    const { typed } = this.answers;
    typed[field] = await asker.input({ prompt, value: typed[field], check: checkJson(type, this.t) });
    // A text may be empty, and is then still there.
    if (typed[field] === '') typed[field] = '""';
  }

  private async typeTo(
    asker: Asker,
    prompt: string,
    now: string,
    check: (answer: string) => string | null,
  ): Promise<void> {
    const { typed } = this.answers;
    typed.to = await asker.input({ prompt, value: typed.to === '' ? now : typed.to, check });
  }
}
