import type { OperatorDescription, StateDescription } from '../engine/description';
import { spellType, type TypeInfo } from '../engine/types/typeInfo';
import { object, type PlanStepJson, stepOf } from '../plan/planText';
import { valueTypeOf, withoutTtl } from '../plan/typeForms';
import { jsonAnswer, referenceOf } from './answers';
import type { Change } from './modifyChanges';

/** What a person answered so far. */
export interface Answers {
  change: Change;
  operator: OperatorDescription | null;
  state: StateDescription | null;
  from: string | undefined;
  selection: 'key' | 'where' | 'all';
  field: string | null;
  /** Texts as they were typed, by the field of the step that they are for. */
  typed: Record<'key' | 'namespace' | 'mapKey' | 'timestamp' | 'value' | 'where' | 'set' | 'to', string>;
}

/** The step that the answers make. */
export function modifyStep(answers: Answers): PlanStepJson {
  const { change, operator: chosen, state: of, typed, from } = answers;
  const operator = chosen === null ? '' : referenceOf(chosen);
  const reference = { operator, state: of?.name ?? '', of: which(answers) };
  const named = (field: 'key' | 'namespace' | 'mapKey' | 'timestamp', type: string | null) =>
    typed[field] === '' ? undefined : jsonAnswer(typed[field], type);
  const entry = () =>
    object({
      ...reference,
      key: named('key', of?.keyType ?? null),
      namespace: named('namespace', of?.namespaceType ?? null),
      mapKey: named('mapKey', mapKeyType(answers)),
      timestamp: named('timestamp', 'long'),
      where: typed.where === '' ? undefined : typed.where,
    });
  switch (change) {
    case 'put':
      if (of?.kind === 'timer') return stepOf('put', entry());
      return stepOf(
        'put',
        new Map([...entry(), ['value', jsonAnswer(typed.value, valueTypeFor(answers)?.name ?? null)]]),
      );
    case 'delete':
      return stepOf('delete', entry());
    case 'update': {
      const { field } = answers;
      return stepOf(
        'update',
        new Map([...entry(), ['set', field === null ? typed.set : object({ [field]: typed.set })]]),
      );
    }
    case 'renameState':
      return stepOf('renameState', object({ ...reference, to: typed.to }));
    case 'removeState':
      return stepOf('removeState', object(reference));
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

export const isKeyed = ({ state }: Pick<Answers, 'state'>): boolean => state?.backend !== 'operator';

/** Which state is meant, where an operator has two of one name. */
function which({ operator, state }: Answers): string | undefined {
  const namesakes = operator?.states.filter(({ name }) => name === state?.name) ?? [];
  if (namesakes.length < 2) return undefined;
  return isKeyed({ state }) ? 'keyed' : 'operator';
}

export function mapKeyType({ state }: Answers): string | null {
  const isMap = state?.kind === 'map' || state?.kind === 'broadcast';
  const type = isMap ? state.typeInfo.arguments?.[0] : undefined;
  return type === undefined ? null : spellType(type);
}

/** Type of what is put or updated: of a map, of one of its values where the map's key is given. */
export function valueTypeFor({ state, typed, change }: Answers): TypeInfo | null {
  if (state === null) return null;
  const isMap = state.kind === 'map' || state.kind === 'broadcast';
  return withoutTtl(valueTypeOf(state, typed.mapKey !== '' || (change === 'update' && isMap)));
}
