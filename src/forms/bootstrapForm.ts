import type { OperatorDescription } from '../engine/description';
import type { Json } from '../engine/json/jsonValue';
import { WRITTEN_BY } from '../engine/metadata/metadataFile';
import type { MetadataVersion } from '../engine/metadata/model';
import { object, type PlanStepJson, stepOf } from '../plan/planText';
import { labelText } from '../plan/spell';
import type { DataColumn } from '../view/planWork';
import type { Translate } from '../view/translate';
import { checkCount, checkNotEmpty, countAnswer, operatorChoices, referenceOf } from './answers';
import { type Asker, ask, type Choice, type Question } from './asker';

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

/** Versions that a new snapshot can have; its files have relative paths, which came with 3. */
const VERSIONS: readonly MetadataVersion[] = [6, 5, 4, 3];

type Kind = 'value' | 'list' | 'map';

interface Answers {
  operator: OperatorDescription | null;
  uid: string;
  parallelism: string;
  maxParallelism: string;
  key: { value: string; type: string };
  states: { name: string; kind: Kind; type: string; mapKeyType: string; mapKey: string; value: string }[];
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
  metadataVersion: MetadataVersion | null = null;
  private readonly answers: Answers;

  constructor(
    private readonly subject: BootstrapSubject,
    private readonly t: Translate,
  ) {
    const key = { value: '', type: '' };
    const [parallelism, maxParallelism] = ['1', DEFAULT_MAX_PARALLELISM];
    this.answers = { operator: subject.chosen, uid: '', parallelism, maxParallelism, key, states: [] };
  }

  get first(): Question {
    if (this.subject.isNew) return this.version;
    if (this.subject.chosen !== null) return this.keyColumn;
    return this.subject.operators.length === 0 ? this.uid : this.target;
  }

  step(): PlanStepJson {
    const { operator, uid, parallelism, maxParallelism, key, states } = this.answers;
    const target: Json =
      operator !== null
        ? referenceOf(operator)
        : object({ uid, parallelism: bigintOf(parallelism), maxParallelism: bigintOf(maxParallelism) });
    return stepOf(
      'bootstrap',
      object({
        operator: target,
        data: this.subject.data,
        // The type of the keys that are there is that of the new ones.
        key: operator !== null && operator.keyType !== null ? key.value : object({ type: key.type, value: key.value }),
        states: states.map(({ name, kind, type, mapKeyType, mapKey, value }) =>
          object({
            name,
            kind,
            type: kind === 'map' ? [mapKeyType, type] : type,
            mapKey: kind === 'map' ? mapKey : undefined,
            value,
          }),
        ),
      }),
    );
  }

  private readonly version: Question = async (asker) => {
    this.metadataVersion = await asker.pick<MetadataVersion | null>({
      prompt: this.t('Which Flink is to read it?'),
      choices: VERSIONS.map((version) => ({
        label: WRITTEN_BY[version],
        description: this.t('metadata version {0}', version),
        value: version,
      })),
      active: this.metadataVersion,
    });
    return this.uid;
  };

  private readonly target: Question = async (asker) => {
    const { t } = this;
    this.answers.operator = await asker.pick<OperatorDescription | null>({
      prompt: t('Which operator gets the state?'),
      choices: [
        { label: t('A new operator'), value: null },
        ...operatorChoices(this.subject.operators, t).filter(({ value }) => value.keyType !== null),
      ],
      active: this.answers.operator,
    });
    return this.answers.operator === null ? this.uid : this.keyColumn;
  };

  private readonly uid: Question = async (asker) => {
    const taken = new Set(this.subject.operators.map(({ uid }) => uid));
    const empty = checkNotEmpty(this.t);
    this.answers.uid = await asker.input({
      prompt: this.t('uid of the new operator, as the job sets it'),
      value: this.answers.uid,
      check: (answer) => empty(answer) ?? (taken.has(answer) ? this.t('An operator has this uid already.') : null),
    });
    return this.parallelism;
  };

  private readonly parallelism: Question = async (asker) => {
    this.answers.parallelism = await asker.input({
      prompt: this.t('Parallelism of the operator'),
      value: this.answers.parallelism,
      check: checkCount(this.t, false),
    });
    return this.maxParallelism;
  };

  private readonly maxParallelism: Question = async (asker) => {
    const count = checkCount(this.t, false);
    const least = countAnswer(this.answers.parallelism) ?? 1;
    this.answers.maxParallelism = await asker.input({
      prompt: this.t('Max parallelism, as the job sets it; Flink takes 128 where it sets none'),
      value: this.answers.maxParallelism,
      check: (answer) =>
        count(answer) ??
        ((countAnswer(answer) ?? 0) < least
          ? this.t('The parallelism {0} must not be larger than the max parallelism {1}.', least, answer)
          : null),
    });
    return this.keyColumn;
  };

  private readonly keyColumn: Question = async (asker) => {
    const { key, operator } = this.answers;
    const chosen = await this.column(asker, this.t('Which column is the key?'), key.value);
    if (chosen.value !== key.value) this.answers.key = chosen;
    return operator !== null && operator.keyType !== null ? this.stateName(0) : this.keyType;
  };

  private readonly keyType: Question = async (asker) => {
    const { key } = this.answers;
    key.type = await this.type(asker, this.t('Type of the key, as the job has it'), key.type);
    return this.stateName(0);
  };

  /** The questions of one state; `index` counts them. */
  private stateName(index: number): Question {
    const fresh = { name: '', kind: 'value' as const, type: '', mapKeyType: '', mapKey: '', value: '' };
    const state = (): Answers['states'][number] => {
      const { states } = this.answers;
      states[index] ??= { ...fresh };
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
      const kinds: Choice<Kind>[] = [
        { label: 'value', detail: this.t('One value for each key; of several rows the last'), value: 'value' },
        { label: 'list', detail: this.t('Each row appends an element'), value: 'list' },
        { label: 'map', detail: this.t('Each row puts a value under a key of the map'), value: 'map' },
      ];
      const prompt = this.t('What kind of state?');
      state().kind = await asker.pick<Kind>({ prompt, choices: kinds, active: state().kind });
      return state().kind === 'map' ? mapKey : value;
    };
    const mapKey: Question = async (asker) => {
      const chosen = await this.column(asker, this.t('Which column is the key in the map?'), state().mapKey);
      Object.assign(state(), { mapKey: chosen.value, mapKeyType: chosen.type });
      return mapKeyType;
    };
    const mapKeyType: Question = async (asker) => {
      state().mapKeyType = await this.type(asker, this.t('Type of the keys in the map'), state().mapKeyType);
      return value;
    };
    const value: Question = async (asker) => {
      const chosen = await this.column(asker, this.t('Which column is the value?'), state().value);
      Object.assign(state(), { value: chosen.value, type: chosen.type });
      return type;
    };
    const type: Question = async (asker) => {
      state().type = await this.type(asker, this.t('Type of the value, as the job has it'), state().type);
      return more;
    };
    const more: Question = async (asker) => {
      // Going back takes away what was answered after this.
      this.answers.states.length = index + 1;
      const another = await asker.pick({
        prompt: this.t('{0} states so far', index + 1),
        choices: [
          { label: this.t('Show the Plan'), value: false },
          { label: this.t('Another State…'), value: true },
        ],
      });
      return another ? this.stateName(index + 1) : null;
    };
    return name;
  }

  /** A column, or an expression over the row. */
  private async column(asker: Asker, prompt: string, before: string): Promise<{ value: string; type: string }> {
    const { columns } = this.subject;
    const known = columns.map((column) => ({ ...column, value: rowField(column.name) }));
    const expression = Symbol();
    if (known.length > 0) {
      const chosen = await asker.pick<(typeof known)[number] | typeof expression>({
        prompt,
        choices: [
          ...known.map((column) => ({
            label: labelText(column.name),
            description: column.type,
            detail: labelText(column.samples.join(', ')),
            value: column,
          })),
          {
            label: this.t('An expression…'),
            detail: this.t('In CEL over row, such as int(row.amount)'),
            value: expression,
          },
        ],
        active: known.find(({ value }) => value === before),
      });
      if (typeof chosen !== 'symbol') return { value: chosen.value, type: chosen.type };
    }
    const value = await asker.input({
      prompt: `${prompt} ${this.t('An expression of CEL over row')}`,
      value: before,
      placeholder: 'row.user_id',
      check: checkNotEmpty(this.t),
    });
    return { value, type: known.find((column) => column.value === value)?.type ?? 'string' };
  }

  private async type(asker: Asker, prompt: string, before: string): Promise<string> {
    return await asker.input({
      prompt,
      value: before === '' ? 'string' : before,
      placeholder: 'string, long, double, tuple<string, long>, pojo a.b.C {id: long}',
      check: checkNotEmpty(this.t),
    });
  }
}

/** A field of the row as CEL names it. */
function rowField(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `row.${name}` : `row[${JSON.stringify(name)}]`;
}

const bigintOf = (answer: string): bigint => BigInt(countAnswer(answer) ?? 1);
