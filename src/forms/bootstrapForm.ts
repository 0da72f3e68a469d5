import type { OperatorDescription } from '../engine/description';
import type { MetadataVersion } from '../engine/metadata/model';
import type { PlanStepJson } from '../plan/planText';
import { labelText } from '../plan/spell';
import type { DataColumn } from '../view/planWork';
import type { Translate } from '../view/translate';
import { checkNotEmpty } from './answers';
import { type Asker, ask, type Choice, type Question } from './asker';
import {
  type BootstrapAnswers,
  bootstrapStep,
  type StateAnswers,
  type StateKind,
  type TimeDomain,
  type TimerAnswers,
} from './bootstrapAnswers';
import { BootstrapTarget } from './bootstrapTarget';
import { RowQuestions } from './rowQuestions';

export interface BootstrapSubject {
  /** How the plan names the data. */
  data: string;
  columns: readonly DataColumn[];
  /** Operators of the snapshot that the data goes into; none for a snapshot made from nothing. */
  operators: readonly OperatorDescription[];
  /** The operator that the person chose before. */
  chosen: OperatorDescription | null;
  /** The snapshot is made from nothing, so that its version is to be chosen. */
  isNew: boolean;
}

export interface WantedBootstrap {
  step: PlanStepJson;
  /** Null for that of the snapshot that is there. */
  metadataVersion: MetadataVersion | null;
}

/** Flink's own max parallelism for a parallelism up to 85 (`KeyGroupRangeAssignment.computeDefaultMaxParallelism`). */
const DEFAULT_MAX_PARALLELISM = '128';

/** Asks how rows of data become state. Null where the person left. */
export async function bootstrapForm(
  subject: BootstrapSubject,
  asker: (number: number) => Asker,
  t: Translate,
): Promise<WantedBootstrap | null> {
  const form = new BootstrapForm(subject, t);
  return (await ask(asker, form.first)) ? { step: form.step(), metadataVersion: form.metadataVersion } : null;
}

class BootstrapForm {
  private readonly target: BootstrapTarget;
  private readonly answers: BootstrapAnswers;
  private readonly rows: RowQuestions;

  constructor(
    private readonly subject: BootstrapSubject,
    private readonly t: Translate,
  ) {
    const key = { value: '', type: '' };
    const [parallelism, maxParallelism] = ['1', DEFAULT_MAX_PARALLELISM];
    this.answers = { operator: subject.chosen, uid: '', parallelism, maxParallelism, key, states: [], timers: [] };
    this.rows = new RowQuestions(subject.columns, t);
    this.target = new BootstrapTarget(subject.operators, this.answers, (asker) => this.keyColumn(asker), t);
  }

  get first(): Question {
    const { target, subject } = this;
    if (subject.isNew) return target.version;
    if (subject.chosen !== null) return this.keyColumn;
    return subject.operators.length === 0 ? target.uid : target.target;
  }

  get metadataVersion(): MetadataVersion | null {
    return this.target.metadataVersion;
  }

  step(): PlanStepJson {
    return bootstrapStep(this.subject.data, this.answers);
  }

  private readonly keyColumn: Question = async (asker) => {
    const { key, operator } = this.answers;
    const chosen = await this.rows.column(asker, this.t('Which column is the key?'), key.value);
    if (chosen.value !== key.value) this.answers.key = chosen;
    return operator !== null && operator.keyType !== null ? this.stateName(0) : this.keyType;
  };

  private readonly keyType: Question = async (asker) => {
    const { key } = this.answers;
    key.type = await this.rows.type(asker, this.t('Type of the key, as the job has it'), key.type);
    return this.stateName(0);
  };

  /** The questions of one state; `index` counts them. */
  private stateName(index: number): Question {
    const state = (): StateAnswers => {
      const { states } = this.answers;
      const none = { value: '', type: '' };
      states[index] ??= { name: '', kind: 'value', mapKey: none, value: none, namespace: null, ttl: null };
      return states[index];
    };
    const taken = (): Set<string> => new Set(this.answers.states.filter((_, i) => i !== index).map(({ name }) => name));
    const empty = checkNotEmpty(this.t);
    const name: Question = async (asker) => {
      state().name = await asker.input({
        prompt: this.t('Name of the state, as the job’s descriptor has it'),
        value: state().name,
        check: (answer) =>
          empty(answer) ?? (taken().has(answer) ? this.t('There is a state of this name already.') : null),
      });
      return kind;
    };
    const kind: Question = async (asker) => {
      const kinds: Choice<StateKind>[] = [
        { label: 'value', detail: this.t('One value for each key; of several rows the last'), value: 'value' },
        { label: 'list', detail: this.t('Each row appends an element'), value: 'list' },
        { label: 'map', detail: this.t('Each row puts a value under a key of the map'), value: 'map' },
        { label: 'reducing', detail: this.t('What a ReduceFunction has made of a key so far'), value: 'reducing' },
        { label: 'aggregating', detail: this.t('The accumulator of an AggregateFunction'), value: 'aggregating' },
      ];
      const prompt = this.t('What kind of state?');
      state().kind = await asker.pick<StateKind>({ prompt, choices: kinds, active: state().kind });
      return state().kind === 'map' ? mapKey : value;
    };
    const mapKey: Question = async (asker) => {
      const prompt = this.t('Which column is the key in the map?');
      state().mapKey = await this.rows.column(asker, prompt, state().mapKey.value);
      return mapKeyType;
    };
    const mapKeyType: Question = async (asker) => {
      const { mapKey } = state();
      mapKey.type = await this.rows.type(asker, this.t('Type of the keys in the map'), mapKey.type);
      return value;
    };
    const value: Question = async (asker) => {
      state().value = await this.rows.column(asker, this.t('Which column is the value?'), state().value.value);
      return type;
    };
    const type: Question = async (asker) => {
      const { value } = state();
      value.type = await this.rows.type(asker, this.t('Type of the value, as the job has it'), value.type);
      return this.more({ states: index + 1, timers: this.answers.timers.length, about: state });
    };
    return name;
  }

  /** The questions of one timer service; `index` counts them. */
  private timerService(index: number): Question {
    const timer = (): TimerAnswers => {
      const { timers } = this.answers;
      timers[index] ??= { service: 'user-timers', domain: 'event', timestamp: '', namespace: null };
      return timers[index];
    };
    const service: Question = async (asker) => {
      timer().service = await asker.input({
        prompt: this.t(
          'Name of the timer service: “user-timers” is that of a process function, “window-timers” of windows',
        ),
        value: timer().service,
        check: checkNotEmpty(this.t),
      });
      return domain;
    };
    const domain: Question = async (asker) => {
      timer().domain = await asker.pick<TimeDomain>({
        prompt: this.t('Which time do the timers wait for?'),
        choices: [
          { label: this.t('Event time'), value: 'event' },
          { label: this.t('Processing time'), value: 'processing' },
        ],
        active: timer().domain,
      });
      return timestamp;
    };
    const timestamp: Question = async (asker) => {
      const prompt = this.t('Which column tells when the timer is due, in milliseconds or as an instant?');
      timer().timestamp = (await this.rows.column(asker, prompt, timer().timestamp)).value;
      return this.more({ states: this.answers.states.length, timers: index + 1, about: timer });
    };
    return service;
  }

  /** What there is to say of the last state or timer service, or what comes next. Going back takes away what was answered after it. */
  private more(so: SoFar): Question {
    const { t, answers } = this;
    const question: Question = async (asker) => {
      answers.states.length = so.states;
      answers.timers.length = so.timers;
      const about = so.about();
      if (so.namespace !== true) about.namespace = null;
      if ('ttl' in about && so.ttl !== true) about.ttl = null;
      const name = 'name' in about ? about.name : about.service;
      const next = await asker.pick<Question | null>({
        prompt: t('{0} states and {1} timer services so far', so.states, so.timers),
        choices: [
          { label: t('Show the Plan'), value: null },
          { label: t('Another State…'), value: this.stateName(so.states) },
          { label: t('A Timer…'), detail: t('Each row sets one'), value: this.timerService(so.timers) },
          ...(about.namespace === null
            ? [
                {
                  label: t('Namespace of {0}…', labelText(name)),
                  detail: t('Such as a window; without one, entries belong to their key alone'),
                  value: this.namespace(so),
                },
              ]
            : []),
          ...('ttl' in about && about.ttl === null
            ? [
                {
                  label: t('Time-to-Live of {0}…', labelText(name)),
                  detail: t('Where the job’s descriptor has one'),
                  value: this.ttl(so),
                },
              ]
            : []),
        ],
      });
      return next;
    };
    return question;
  }

  private namespace(so: SoFar): Question {
    const column: Question = async (asker) => {
      const about = so.about();
      about.namespace = await this.rows.column(
        asker,
        this.t('Which column is the namespace?'),
        about.namespace?.value ?? '',
      );
      return type;
    };
    const type: Question = async (asker) => {
      const { namespace } = so.about();
      const prompt = this.t('Type of the namespace: time-window is that of windows of time');
      if (namespace !== null) namespace.type = await this.rows.type(asker, prompt, namespace.type);
      return this.more({ ...so, namespace: true });
    };
    return column;
  }

  private ttl(so: SoFar): Question {
    return async (asker) => {
      const about = so.about();
      const prompt = this.t('Which column tells when the value was last used, in milliseconds or as an instant?');
      if ('ttl' in about) about.ttl = (await this.rows.column(asker, prompt, about.ttl ?? '')).value;
      return this.more({ ...so, ttl: true });
    };
  }
}

/** What was answered when a question came: how many states and timers, and what is said of the last of them. */
interface SoFar {
  readonly states: number;
  readonly timers: number;
  readonly about: () => StateAnswers | TimerAnswers;
  readonly namespace?: boolean;
  readonly ttl?: boolean;
}
