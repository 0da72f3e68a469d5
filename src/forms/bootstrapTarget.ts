import type { OperatorDescription } from '../engine/description';
import { WRITTEN_BY } from '../engine/metadata/metadataFile';
import type { MetadataVersion } from '../engine/metadata/model';
import type { Translate } from '../view/translate';
import { checkCount, checkNotEmpty, countAnswer, operatorChoices } from './answers';
import type { Question } from './asker';
import type { BootstrapAnswers } from './bootstrapAnswers';

/** Versions that a new snapshot can have; its files have relative paths, which came with 3. */
const VERSIONS: readonly MetadataVersion[] = [6, 5, 4, 3];

/** The questions of where rows go: into which snapshot, and there into which operator. */
export class BootstrapTarget {
  metadataVersion: MetadataVersion | null = null;

  constructor(
    private readonly operators: readonly OperatorDescription[],
    private readonly answers: BootstrapAnswers,
    /** What comes next. */
    private readonly then: Question,
    private readonly t: Translate,
  ) {}

  readonly version: Question = async (asker) => {
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

  readonly target: Question = async (asker) => {
    const { t } = this;
    this.answers.operator = await asker.pick<OperatorDescription | null>({
      prompt: t('Which operator gets the state?'),
      choices: [
        { label: t('A new operator'), value: null },
        ...operatorChoices(this.operators, t).filter(({ value }) => value.keyType !== null),
      ],
      active: this.answers.operator,
    });
    return this.answers.operator === null ? this.uid : this.then;
  };

  readonly uid: Question = async (asker) => {
    const taken = new Set(this.operators.map(({ uid }) => uid));
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
    return this.then;
  };
}
