import type { OperatorDescription } from '../engine/description';
import type { Json } from '../engine/json/jsonValue';
import { object, type PlanStepJson, stepOf } from '../plan/planText';
import { countAnswer, referenceOf } from './answers';
import type { OfRow } from './rowQuestions';

export type StateKind = 'value' | 'list' | 'map' | 'reducing' | 'aggregating';
export type TimeDomain = 'event' | 'processing';

export interface StateAnswers {
  name: string;
  kind: StateKind;
  mapKey: OfRow;
  value: OfRow;
  namespace: OfRow | null;
  /** When a value was last used. */
  ttl: string | null;
}

export interface TimerAnswers {
  service: string;
  domain: TimeDomain;
  timestamp: string;
  namespace: OfRow | null;
}

/** What a person said of rows that become state. */
export interface BootstrapAnswers {
  operator: OperatorDescription | null;
  uid: string;
  parallelism: string;
  maxParallelism: string;
  key: OfRow;
  states: StateAnswers[];
  timers: TimerAnswers[];
}

/** As a step of a plan. */
export function bootstrapStep(data: string, answers: BootstrapAnswers): PlanStepJson {
  const { operator, uid, parallelism, maxParallelism, key, states, timers } = answers;
  const target: Json =
    operator !== null
      ? referenceOf(operator)
      : object({ uid, parallelism: bigintOf(parallelism), maxParallelism: bigintOf(maxParallelism) });
  return stepOf(
    'bootstrap',
    object({
      operator: target,
      data,
      // The type of the keys that are there is that of the new ones.
      key: operator !== null && operator.keyType !== null ? key.value : object({ type: key.type, value: key.value }),
      states: states.map(({ name, kind, mapKey, value, namespace, ttl }) =>
        object({
          name,
          kind,
          type: kind === 'map' ? [mapKey.type, value.type] : value.type,
          mapKey: kind === 'map' ? mapKey.value : undefined,
          value: value.value,
          namespace: namespaceJson(namespace),
          ttl: ttl ?? undefined,
        }),
      ),
      timers:
        timers.length === 0
          ? undefined
          : timers.map(({ service, domain, timestamp, namespace }) =>
              object({ service, domain, timestamp, namespace: namespaceJson(namespace) }),
            ),
    }),
  );
}

const namespaceJson = (namespace: OfRow | null): Json | undefined =>
  namespace === null ? undefined : object({ type: namespace.type, value: namespace.value });

const bigintOf = (answer: string): bigint => BigInt(countAnswer(answer) ?? 1);
