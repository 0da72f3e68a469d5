import { readBootstrap } from '../bootstrap/readBootstrap';
import type { MetadataVersion } from '../metadata/model';
import type { Plan, PlanStep } from './plan';
import { namesOf, operatorName, PlanFields, parallelismOf } from './planFields';
import { PlanText, type PlanValue } from './planText';
import { STATE_STEPS, type StepReader } from './readStateStep';

const MAX_LONG = (1n << 63n) - 1n;

const STEPS: Readonly<Record<string, StepReader>> = {
  removeOperator: (value) => namesOf(value).map((operator) => ({ kind: 'removeOperator', operator })),
  changeUid: (value) => {
    const fields = new PlanFields(value, ['operator', 'uid', 'id']);
    const to = operatorName(fields);
    if (to === null) throw value.error('"uid" is missing (or "id").');
    return [{ kind: 'changeUid', operator: fields.need('operator').string(), to }];
  },
  copyOperator: (value) => {
    const fields = new PlanFields(value, ['from', 'operator', 'uid', 'id']);
    const [from, operator] = [fields.need('from').string(), fields.need('operator').string()];
    return [{ kind: 'copyOperator', from, operator, to: operatorName(fields) }];
  },
  setCheckpointId: (value) => [{ kind: 'setCheckpointId', checkpointId: value.integer(0n, MAX_LONG) }],
  rescale: (value) => {
    const fields = new PlanFields(value, ['parallelism', 'maxParallelism', 'operators']);
    const { parallelism = null, maxParallelism = null } = fields.some(['parallelism', 'maxParallelism'], parallelismOf);
    if (parallelism === null && maxParallelism === null)
      throw value.error('"parallelism" or "maxParallelism" is missing.');
    const given = fields.field('operators');
    const operators = given?.array().map((item) => item.string()) ?? null;
    if (given !== undefined && operators?.length === 0)
      throw given.error('Expected at least one operator.', 'Without "operators" all are rescaled.');
    return [{ kind: 'rescale', parallelism, maxParallelism, operators }];
  },
  bootstrap: (value) => [readBootstrap(value)],
  ...STATE_STEPS,
};

/** Where each step stands in its plan, so that an error can name the very part of it. */
const contents = new WeakMap<PlanStep, PlanValue>();

/**
 * Reads a plan file: JSON with comments, in the form of `media/savepoint-plan.schema.json`. Fails with `BAD_ARGUMENT` and the
 * line and column of the first thing that is not as it should be.
 */
export function readPlan(text: string, file: string): Plan {
  const fields = new PlanFields(PlanText.parse(text, file), ['$schema', 'from', 'steps', 'metadataVersion', 'format']);
  const version = fields.field('metadataVersion')?.integer(2n, 6n);
  return {
    from: fields.field('from')?.string() ?? null,
    steps: fields.need('steps').array().flatMap(readStep),
    metadataVersion: version === undefined ? null : (Number(version) as MetadataVersion),
    ...formatOf(fields.field('format')),
  };
}

function formatOf(value: PlanValue | undefined): Pick<Plan, 'format'> {
  if (value === undefined) return {};
  const format = value.string();
  if (format === 'canonical' || format === 'heap') return { format };
  throw value.error(`The format is "canonical" or "heap", found "${format}".`);
}

/**
 * The place of what an error inside a step is about, as exact as its plan is known: `where` leads from the step's content inward,
 * `value / address / zip`.
 */
export function placeInStep(step: PlanStep, where: string | undefined): string {
  const content = contents.get(step);
  return content === undefined ? `step at ${step.place}` : content.innermost(where?.split(' / ') ?? []).place;
}

function readStep(value: PlanValue): PlanStep[] {
  const [first, ...more] = value.object(Object.keys(STEPS));
  if (first === undefined || more.length > 0) {
    throw value.error('A step is an object with one field, whose name says what to do.');
  }
  const [name, content] = first;
  return STEPS[name](content).map((read) => {
    const step: PlanStep = { ...read, place: value.place };
    contents.set(step, content);
    return step;
  });
}
