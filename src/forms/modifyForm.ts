import type { OperatorDescription, SnapshotDescription, StateDescription } from '../engine/description';
import { spellType } from '../engine/types/typeInfo';
import { object, type PlanStepJson, stepOf } from '../plan/planText';
import { exampleOf, valueTypeOf, withoutTtl } from '../plan/typeForms';
import type { Translate } from '../view/translate';
import { checkJson, checkNotEmpty, jsonAnswer, operatorChoices, referenceOf, stateChoices } from './answers';
import { type Asker, ask, type Choice, type Question } from './asker';

/** Changes that the form knows; a plan can hold more. */
export type Change =
  | 'put'
  | 'update'
  | 'delete'
  | 'renameState'
  | 'removeState'
  | 'changeUid'
  | 'removeOperator'
  | 'copyOperator'
  | 'setCheckpointId';

export interface ModifySubject {
  snapshot: SnapshotDescription;
  /** What the person chose before, in the tree or on the page. */
  operator: OperatorDescription | null;
  state: StateDescription | null;
  /** Lets the person choose another snapshot: its name in the plan, and what it is. Null where they do not. */
  otherSnapshot: () => Promise<{ from: string; snapshot: SnapshotDescription } | null>;
}

interface Answers {
  change: Change;
  operator: OperatorDescription | null;
  state: StateDescription | null;
  from: string | undefined;
  selection: 'key' | 'where' | 'all';
  field: string | null;
  /** Texts as they were typed, by the field of the step that they are for. */
  typed: Record<'key' | 'namespace' | 'mapKey' | 'value' | 'where' | 'set' | 'to', string>;
}

/** Asks for one change. Null where the person left. */
export async function modifyForm(
  subject: ModifySubject,
  asker: (number: number) => Asker,
  t: Translate,
): Promise<PlanStepJson | null> {
  const form = new ModifyForm(subject, t);
  return (await ask(asker, form.first)) ? form.step() : null;
}

class ModifyForm {
  private readonly answers: Answers;

  constructor(
    private readonly subject: ModifySubject,
    private readonly t: Translate,
  ) {
    const typed = { key: '', namespace: '', mapKey: '', value: '', where: '', set: '', to: '' };
    const { operator, state } = subject;
    this.answers = { change: 'put', operator, state, from: undefined, selection: 'key', field: null, typed };
  }

  readonly first: Question = async (asker) => {
    this.answers.change = await asker.pick({ prompt: this.t('What do you want to change?'), choices: this.changes() });
    if (this.answers.change === 'copyOperator') return this.other;
    if (this.answers.change === 'setCheckpointId') return this.checkpoint;
    return this.subject.operator === null ? this.operator : this.behindOperator();
  };

  step(): PlanStepJson {
    const { change, operator: chosen, state: of, typed, from } = this.answers;
    const operator = chosen === null ? '' : referenceOf(chosen);
    const state = of?.name ?? '';
    const named = (field: 'key' | 'namespace' | 'mapKey', type: string | null) =>
      typed[field] === '' ? undefined : jsonAnswer(typed[field], type);
    const entry = () =>
      object({
        operator,
        state,
        key: named('key', of?.keyType ?? null),
        namespace: named('namespace', of?.namespaceType ?? null),
        mapKey: named('mapKey', this.mapKeyType()),
        where: typed.where === '' ? undefined : typed.where,
      });
    switch (change) {
      case 'put':
        return stepOf('put', new Map([...entry(), ['value', jsonAnswer(typed.value, this.valueType()?.name ?? null)]]));
      case 'delete':
        return stepOf('delete', entry());
      case 'update': {
        const { field } = this.answers;
        return stepOf(
          'update',
          new Map([...entry(), ['set', field === null ? typed.set : object({ [field]: typed.set })]]),
        );
      }
      case 'renameState':
        return stepOf('renameState', object({ operator, state, to: typed.to }));
      case 'removeState':
        return stepOf('removeState', object({ operator, state }));
      case 'changeUid':
        return stepOf('changeUid', object({ operator, uid: typed.to }));
      case 'removeOperator':
        return stepOf('removeOperator', operator);
      case 'copyOperator':
        return stepOf('copyOperator', object({ from, operator, uid: typed.to === '' ? undefined : typed.to }));
      case 'setCheckpointId':
        return stepOf('setCheckpointId', BigInt(typed.to));
      default:
        return change satisfies never;
    }
  }

  private changes(): Choice<Change>[] {
    const { t } = this;
    const { operator, state, snapshot } = this.subject;
    const operators = operator === null ? snapshot.operators : [operator];
    const hasEntries = state === null ? operators.some((o) => o.states.some(isEdited)) : isEdited(state);
    const ofEntries: Choice<Change>[] = [
      {
        label: t('Put an entry'),
        detail: t('A value under a key, which may be new'),
        value: 'put',
        heading: t('Entries'),
      },
      { label: t('Update entries'), detail: t('New values computed from the old ones'), value: 'update' },
      { label: t('Delete entries'), detail: t('One key, or all that match an expression'), value: 'delete' },
    ];
    const ofState: Choice<Change>[] = [
      { label: t('Rename a state'), value: 'renameState', heading: t('State') },
      { label: t('Remove a state'), value: 'removeState' },
    ];
    const ofOperator: Choice<Change>[] = [
      {
        label: t('Change an operator’s uid'),
        detail: t('So that a job finds the state under the uid it uses now'),
        value: 'changeUid',
        heading: t('Operator'),
      },
      { label: t('Remove an operator'), detail: t('With all its state'), value: 'removeOperator' },
    ];
    const ofSnapshot: Choice<Change>[] = [
      { label: t('Copy an operator from another snapshot'), value: 'copyOperator', heading: t('Snapshot') },
      { label: t('Set the checkpoint id'), value: 'setCheckpointId' },
    ];
    if (state !== null) return hasEntries ? [...ofEntries, ...ofState] : ofState;
    return [...(hasEntries ? [...ofEntries, ...ofState] : []), ...ofOperator, ...(operator === null ? ofSnapshot : [])];
  }

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
        return this.key;
      default:
        return this.selection;
    }
  }

  private readonly selection: Question = async (asker) => {
    const { t } = this;
    const { change } = this.answers;
    const all: Choice<Answers['selection']> = { label: t('All entries of the state'), value: 'all' };
    this.answers.selection = await asker.pick({
      prompt: t('Which entries?'),
      choices: [
        { label: t('Those of one key'), value: 'key' },
        { label: t('Those that match an expression'), detail: t('In CEL, such as value.amount < 0.0'), value: 'where' },
        ...(change === 'update' ? [all] : []),
      ],
      active: this.answers.selection,
    });
    const { selection, typed } = this.answers;
    if (selection !== 'key') Object.assign(typed, { key: '', namespace: '', mapKey: '' });
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
    if (this.answers.state?.kind === 'map') return this.mapKey;
    return this.behindEntry();
  }

  /** A map's key may be left out: then it is about the whole map. */
  private readonly mapKey: Question = async (asker) => {
    const type = this.mapKeyType();
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
    const type = this.valueType();
    const { typed } = this.answers;
    if (typed.value === '' && type !== null && type.name !== 'string') typed.value = exampleOf(type) ?? '';
    const spelled = type === null ? 'JSON' : spellType(type);
    await this.typeIn(asker, 'value', this.t('Value, {0}', spelled), type?.name ?? null);
    return null;
  };

  /** Asks which field, where there are some. */
  private field(): Question {
    return (this.valueType()?.fields?.length ?? 0) > 0 ? this.whichField : this.set;
  }

  private readonly whichField: Question = async (asker) => {
    const fields = this.valueType()?.fields ?? [];
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
    const old = field === null ? 'value' : `value.${field}`;
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

  private mapKeyType(): string | null {
    const { state } = this.answers;
    const type = state?.kind === 'map' ? state.typeInfo.arguments?.[0] : undefined;
    return type === undefined ? null : spellType(type);
  }

  private valueType() {
    const { state, typed, change } = this.answers;
    if (state === null) return null;
    return withoutTtl(valueTypeOf(state, typed.mapKey !== '' || (change === 'update' && state.kind === 'map')));
  }
}

/** Keyed state with keys and values. */
const isEdited = ({ backend, kind }: StateDescription): boolean =>
  backend !== 'operator' && backend !== 'raw' && kind !== 'timer';
